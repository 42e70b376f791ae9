import { type MethodDefinition, Server, type ServerOptions, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { type Address, formatAddress } from './address.ts';
import type { RpcService } from './rpc.ts';
import { answerCall, type CallContext } from './rpc-call.ts';
import { answerUnknownMethods, asItIs, explainRefusals } from './rpc-transport.ts';
import { serverCredentials, type Tls } from './tls.ts';

export interface RpcServerOptions extends CallContext {
  readonly address: Address;
  readonly tls?: Tls | undefined;
  readonly services: readonly RpcService[];
  /** Largest request in bytes; 4 MB when not given. */
  readonly maxMessageBytes?: number | undefined;
  /** Tells anyone who asks which RPCs there are here. Development only. */
  readonly reflection?: boolean;
}

export interface RpcServer {
  readonly address: Address;
  /** What the health service answers; NOT_SERVING until told. */
  setServing(serving: boolean): void;
  /** Takes no new call, waits for those at work, and after `graceMs` ends what is left. */
  stop(graceMs: number): Promise<void>;
}

const megabyte = 1_048_576;

function limits(maxMessageBytes: number): ServerOptions {
  return {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // In megabytes. Without it one connection may hold any amount of memory (reliability C3).
    'grpc-node.max_session_memory': 64,
    'grpc.max_concurrent_streams': 256,
    // Connections end now and then, so that clients spread over new instances.
    'grpc.max_connection_age_ms': 30 * 60_000,
    'grpc.max_connection_age_grace_ms': 60_000,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    // Its bookkeeping leaked before (reliability C5), and nobody reads it.
    'grpc.enable_channelz': 0,
    interceptors: [explainRefusals(maxMessageBytes)],
  };
}

/** Serves `services` with the health service beside them. Throws for plain text on anything but loopback. */
export async function startRpcServer({
  address,
  tls,
  services,
  maxMessageBytes = 4 * megabyte,
  reflection = false,
  ...context
}: RpcServerOptions): Promise<RpcServer> {
  const server = new Server(limits(maxMessageBytes));
  answerUnknownMethods(server);
  for (const service of services) addService(server, service, context);
  const served = services.map(({ name }) => name);
  const names = ['', ...served];
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, 'NOT_SERVING' as const])));
  health.addToServer(server);
  if (reflection) await import('./reflection.ts').then(({ addReflection }) => addReflection(server, served));
  const port = await bind(server, address, tls);
  return {
    address: { host: address.host, port },
    setServing: (serving) => {
      for (const name of names) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
    },
    stop: (graceMs) => stop(server, graceMs),
  };
}

// Bytes pass through undecoded: who is not signed in costs no parsing, and bad bytes get a refusal instead of INTERNAL.
function addService(server: Server, { methods }: RpcService, context: CallContext): void {
  const definition: Record<string, MethodDefinition<Buffer, Buffer>> = {};
  const implementation: Record<string, (call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) => void> = {};
  for (const method of methods) {
    definition[method.name] = {
      path: method.path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    };
    implementation[method.name] = (call, respond) => void answerCall(method, call, respond, context);
  }
  server.addService(definition, implementation);
}

function bind(server: Server, address: Address, tls: Tls | undefined): Promise<number> {
  const credentials = serverCredentials(address, tls);
  return new Promise((resolve, reject) => {
    server.bindAsync(formatAddress(address), credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

function stop(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
