import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { Help } from 'commander';
import type { Rpc } from './contract.ts';
import { commentOf } from './proto-comments.ts';

/** What an RPC does, who may call it, and every field of its request with the messages and names that stand in it. */
export function rpcHelp({ name, callers, method }: Rpc): string {
  const types = typesIn(method.input);
  const enums = new Map(types.flatMap(({ fields }) => fields.map((field) => [field.enum?.name, field.enum] as const)));
  return [
    `${name}: ${rpcComment(method)}`,
    `\nMay be called by ${callers.join(', ')}.`,
    ...types.map((type, nth) => `\n${nth === 0 ? 'Request' : type.name}\n${fieldsOf(type)}`),
    '',
    ...[...enums.values()].flatMap((each) => (each ? [items([[each.name, each.values.map(({ name }) => name).join(', ')]])] : [])),
    '',
  ].join('\n');
}

export function rpcComment(method: Rpc['method']): string {
  return commentOf(method.parent.file, `${method.parent.typeName}.${method.name}`);
}

/** The message and those that its fields hold, each once. */
function typesIn(message: DescMessage): DescMessage[] {
  const found = new Set([message]);
  // A set goes on to what is added while it is walked.
  for (const { fields } of found) for (const field of fields) if (field.message && !isTime(field)) found.add(field.message);
  return [...found];
}

function fieldsOf({ typeName, file, fields }: DescMessage): string {
  if (fields.length === 0) return '  (no fields)';
  const width = Math.max(...fields.map(({ jsonName }) => jsonName.length));
  return items(
    fields.map((field) => [`${field.jsonName.padEnd(width)}  ${typeOf(field)}`, commentOf(file, `${typeName}.${field.name}`)] as const),
  );
}

function typeOf(field: DescField): string {
  const one = isTime(field) ? 'time' : (field.message?.name ?? field.enum?.name ?? ScalarType[field.scalar ?? 0]?.toLowerCase() ?? '');
  return field.fieldKind === 'list' ? `${one}[]` : one;
}

function isTime({ message }: DescField): boolean {
  return message?.typeName === 'google.protobuf.Timestamp';
}

function items(rows: readonly (readonly [term: string, text: string])[]): string {
  const help = new Help();
  help.helpWidth = 120;
  const width = Math.max(...rows.map(([term]) => term.length));
  return rows.map(([term, text]) => help.formatItem(term, width, text, help)).join('\n');
}
