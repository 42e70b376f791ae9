import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fromJsonString, toBinary } from '@bufbuild/protobuf';
import { Client } from '@grpc/grpc-js';
import { type Command, InvalidArgumentError } from 'commander';
import { openClient } from '../../start/clients.ts';
import { type TokenRole, tokenRoles } from '../../start/run-file.ts';
import { everyRpc, messageJson, type Rpc, rpcNamed } from '../contract.ts';
import { wrongUsage } from '../failure.ts';
import { createOutput } from '../output.ts';
import { rpcComment, rpcHelp } from '../rpc-help.ts';
import type { Act, Session, Shell } from '../session.ts';
import { verb } from '../verbs.ts';

export function addCall(program: Command, act: Act, shell: Shell): void {
  verb(program, 'call', 'Calls any RPC of any service, with its fields as JSON.', [
    'call                                                    (every RPC there is)',
    'call registry/FindPupils --help                         (its fields, and who may call it)',
    'call registry/FindPupils --data \'{"codes":["79000701000001"]}\' --as kitchen',
    'call attendance/DefineSchoolYear --data @year.json',
    'call billing/ListInvoices --json | jq -r .invoices[].invoiceId',
  ])
    .argument('[rpc]', 'registry/ListClasses; RegistryService/ListClasses and the full name do too')
    .option('--data <json>', "the request's fields as proto3 JSON, @FILE to read them from a file, - from standard input", '{}')
    .option('--deadline <seconds>', 'how long to wait for the answer', asSeconds, 120)
    .addHelpText('before', ({ command: { args } }) => (args[0]?.includes('/') ? rpcHelp(rpcNamed(args[0])) : ''))
    .action(async (name: string | undefined, options: CallOptions, self: Command) => {
      if (name === undefined) return listRpcs(shell, self.optsWithGlobals<{ json?: boolean }>().json === true);
      const rpc = rpcNamed(name);
      const request = requestBytes(rpc, await textOf(options.data, shell.stdin));
      await act(roleFor(rpc), (session) => ask(session, rpc, request, options.deadline * 1_000))(self);
    });
}

interface CallOptions {
  readonly data: string;
  readonly deadline: number;
}

/** The first of the callers that the contract names: the office before "system", which may do everything. */
function roleFor({ callers }: Rpc): TokenRole {
  return tokenRoles.find((role) => role === callers[0]) ?? 'system';
}

async function textOf(data: string, stdin: Shell['stdin']): Promise<string> {
  if (data === '-') return text(stdin);
  if (!data.startsWith('@')) return data;
  try {
    return readFileSync(data.slice(1), 'utf8');
  } catch (error) {
    throw wrongUsage(`The file of --data ${data} cannot be read (${(error as Error).message}).`);
  }
}

/** What is misspelt is refused here: a field or a name that is passed over could be an allergen that is lost. */
function requestBytes({ name, method: { input } }: Rpc, json: string): Uint8Array {
  try {
    return toBinary(input, fromJsonString(input, json));
  } catch (error) {
    const why = (error as Error).message.replace(/^cannot decode /, '');
    throw wrongUsage(`--data is no request of ${name} (${why}); "./schoolbell call ${name} --help" shows its fields.`);
  }
}

async function ask({ out, doorOf }: Session, rpc: Rpc, request: Uint8Array, deadlineMs: number): Promise<void> {
  const client = openClient(remoteOf(rpc), doorOf(rpc.service));
  try {
    const answer = messageJson(rpc.method.output, await client.ask(Buffer.from(request), { deadlineMs }));
    out.record(answer, JSON.stringify(answer, undefined, 2));
  } finally {
    client.close();
  }
}

/** A client of this one RPC, which takes and gives bytes. */
function remoteOf({ fullName, method }: Rpc) {
  const asBytes = (bytes: Uint8Array): Buffer<ArrayBuffer> => Buffer.from(bytes);
  const ask = {
    path: `/${fullName}`,
    ...{ requestStream: false, responseStream: false },
    ...{ requestSerialize: asBytes, requestDeserialize: asBytes, responseSerialize: asBytes, responseDeserialize: asBytes },
  };
  return Object.assign(class extends Client {}, { service: { ask }, serviceName: method.parent.typeName });
}

function listRpcs(shell: Shell, json: boolean): void {
  const out = createOutput(shell, json);
  const rpcs = everyRpc().map(({ name, callers, method }) => ({ name, callers, what: rpcComment(method) }));
  out.result(rpcs);
  for (const [service, of] of Map.groupBy(rpcs, ({ name }) => name.split('/')[0])) {
    out.say(`${service}`);
    out.table(of, [
      { title: '  rpc', text: ({ name }) => `  ${name}` },
      { title: 'does', text: ({ what }) => firstSentence(what) },
    ]);
    out.say('');
  }
}

function firstSentence(text: string): string {
  return /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;
}

function asSeconds(typed: string): number {
  if (!/^[1-9]\d{0,4}$/.test(typed)) throw new InvalidArgumentError('It must be a whole number of seconds.');
  return Number(typed);
}
