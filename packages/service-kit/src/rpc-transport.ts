import type { Metadata, Server, ServerDuplexStream, ServerInterceptingCallInterface, ServerInterceptor } from '@grpc/grpc-js';
import { ServerInterceptingCall, status } from '@grpc/grpc-js';
import { kitRefusal } from './kit-refusals.ts';
import { statusOf } from './rpc-errors.ts';
import { languageOf, type WireRefusal } from './wire-refusal.ts';

type Sent = Parameters<ServerInterceptingCallInterface['sendStatus']>[0];

/** Gives what grpc-js refuses by itself, before or after a handler, the code, facts and text of any other refusal. Its status stays. */
export function explainRefusals(limitBytes: number): ServerInterceptor {
  return (_method, call) => {
    let asked: Metadata | undefined;
    const send = call.sendStatus.bind(call);
    // Put in the place of the call's own: grpc-js tells its refusals to that one, behind every interceptor.
    call.sendStatus = (sent) => {
      const refusal = sent.code === status.OK || sent.metadata ? undefined : refusalOf(sent, limitBytes);
      send(refusal ? { ...statusOf(refusal, languageOfCaller(asked)), code: sent.code } : sent);
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, forward) => {
            asked = metadata;
            forward(metadata);
          },
        }),
    });
  };
}

function refusalOf({ code, details }: Sent, limitBytes: number): WireRefusal | undefined {
  switch (code) {
    case status.RESOURCE_EXHAUSTED:
      return kitRefusal({ code: details.startsWith('Sent') ? 'RESPONSE_TOO_LARGE' : 'REQUEST_TOO_LARGE', limitBytes });
    case status.DEADLINE_EXCEEDED:
      return kitRefusal({ code: 'DEADLINE_PASSED' });
    case status.INTERNAL: // A compression that does not unpack, or a timeout that is no time.
    case status.UNIMPLEMENTED: // A compression that nobody here knows, or a stream where one message was due.
      return kitRefusal({ code: 'MESSAGE_UNREADABLE' });
    default:
      return undefined;
  }
}

type Stream = ServerDuplexStream<Buffer, Buffer>;

/**
 * Answers every RPC that is not here. grpc-js looks up the handler of a path in a private method, and refuses what it does not find
 * before any interceptor is asked: so the look-up is put in front. Where a later version has no such method, its bare answer comes back.
 */
export function answerUnknownMethods(server: Server): void {
  const name = '_retrieveHandler';
  const lookUp: (path: string) => object | null = Reflect.get(server, name);
  const refuse = (stream: Stream): void => {
    const refusal = kitRefusal({ code: 'METHOD_UNKNOWN', method: stream.getPath().slice(1) });
    stream.emit('error', statusOf(refusal, languageOfCaller(stream.metadata)));
  };
  // Of the four kinds this one waits for no message.
  const unknown = { func: refuse, serialize: asItIs, deserialize: asItIs, type: 'bidi' };
  Object.assign(server, { [name]: (path: string) => lookUp.call(server, path) ?? { ...unknown, path } });
}

export const asItIs = (bytes: Buffer): Buffer => bytes;

function languageOfCaller(metadata: Metadata | undefined): ReturnType<typeof languageOf> {
  const asked = metadata?.get('accept-language')[0];
  return languageOf(typeof asked === 'string' ? asked : undefined);
}
