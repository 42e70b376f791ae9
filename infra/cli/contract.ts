import { readFileSync } from 'node:fs';
import {
  createFileRegistry,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  type JsonValue,
  toJson as plainJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { access, descriptorFile, type ServiceName, serviceNames, topics } from '@schoolbell/contracts';
import { wrongUsage } from './failure.ts';

/** One RPC of one service, as its descriptor has it. */
export interface Rpc {
  /** "registry/ListClasses" */
  readonly name: string;
  readonly service: ServiceName;
  /** "school.registry.v1.RegistryService/ListClasses" */
  readonly fullName: string;
  readonly callers: readonly string[];
  readonly method: DescMethod;
}

let read: FileRegistry | undefined;

function contract(): FileRegistry {
  read ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptorFile)));
  return read;
}

/** Every RPC of every service, in the order of the protos. */
export function everyRpc(): Rpc[] {
  const callers: Readonly<Record<string, readonly string[]>> = access;
  return [...contract()].flatMap((desc) => {
    if (desc.kind !== 'service') return [];
    const service = serviceNames.find((name) => desc.typeName.startsWith(`${topics[name]}.`));
    if (!service) return [];
    return desc.methods.map((method) => {
      const fullName = `${desc.typeName}/${method.name}`;
      return { name: `${service}/${method.name}`, service, fullName, callers: callers[fullName] ?? [], method };
    });
  });
}

/** An RPC by what may be typed: registry/ListClasses, RegistryService/ListClasses or the full name, in any case. */
export function rpcNamed(text: string): Rpc {
  const typed = text.toLowerCase();
  const named = everyRpc().map((rpc) => ({ rpc, names: namesOf(rpc).map((name) => name.toLowerCase()) }));
  const found = named.find(({ names }) => names.includes(typed));
  if (found) return found.rpc;
  const distance = ({ names }: { names: string[] }) => Math.min(...names.map((name) => editsBetween(typed, name)));
  const [nearest] = named.toSorted((a, b) => distance(a) - distance(b));
  throw wrongUsage(`There is no RPC "${text}"; did you mean ${nearest?.rpc.name}? "./schoolbell call" shows all of them.`);
}

function namesOf({ name, fullName, method }: Rpc): string[] {
  return [name, `${method.parent.name}/${method.name}`, fullName];
}

/** How many letters must be put in, taken out or changed. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [at, other] of [...to].entries()) {
      next.push(Math.min((row[at] ?? 0) + (letter === other ? 0 : 1), (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** What ts-proto has of a message. */
interface Codec<T> {
  readonly $type: string;
  encode(message: T): { finish(): Uint8Array };
}

/** A message of the typed clients as JSON, as `messageJson` gives it. */
export function toJson<T>(codec: Codec<T>, message: T): JsonValue {
  const desc = contract().getMessage(codec.$type);
  if (!desc) throw new Error(`The contract has no message ${codec.$type}`);
  return messageJson(desc, codec.encode(message).finish());
}

/** The fact on a topic: what its event's `oneof` holds. */
export function eventJson(topic: string, bytes: Uint8Array): JsonValue {
  const event = [...contract()].find((desc) => desc.kind === 'message' && desc.file.proto.package === topic && desc.name.endsWith('Event'));
  return event?.kind === 'message' ? messageJson(event, bytes) : null;
}

/**
 * proto3 JSON with every field in it, for scripts: a zero is 0, "0", "" or the name of the enum's zero, an empty list is [], and a
 * message or time that is not there is null. Read back, it is the same message.
 */
export function messageJson(desc: DescMessage, bytes: Uint8Array): JsonValue {
  return filled(desc, plainJson(desc, fromBinary(desc, bytes), { alwaysEmitImplicit: true }));
}

function filled(desc: DescMessage, json: JsonValue | undefined): JsonValue {
  // A time is a text in JSON.
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json ?? null;
  const fields = desc.fields.filter(({ jsonName, oneof }) => oneof === undefined || jsonName in json);
  return Object.fromEntries(
    fields.map(({ jsonName, message }) => {
      const value = json[jsonName];
      if (!message) return [jsonName, value ?? null];
      return [jsonName, Array.isArray(value) ? value.map((each) => filled(message, each)) : filled(message, value)];
    }),
  );
}
