import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DescFile } from '@bufbuild/protobuf';
import { projectRoot } from '../start/run-file.ts';

const read = new Map<string, ReadonlyMap<string, string>>();

/**
 * The comment before a service, an RPC, a message or a field, by its full name: "school.common.v1.PageRequest.size". Read from the protos
 * of this checkout: descriptors with comments would be four times as large, in every commit that touches a proto.
 */
export function commentOf(file: DescFile, fullName: string): string {
  const comments = read.get(file.name) ?? readComments(file);
  read.set(file.name, comments);
  return comments.get(fullName) ?? '';
}

function readComments(file: DescFile): Map<string, string> {
  const comments = new Map<string, string>();
  // What stands in a oneof is a field of the message around it.
  const scopes: string[] = [];
  let words: string[] = [];
  for (const line of readFileSync(join(projectRoot, 'proto', `${file.name}.proto`), 'utf8').split('\n')) {
    const text = line.trim();
    if (text.startsWith('//')) {
      words.push(text.slice(2).trim());
      continue;
    }
    const name = declared(text);
    if (name !== undefined) comments.set([file.proto.package, ...scopes.filter(Boolean), name].join('.'), words.join(' '));
    words = [];
    if (text.endsWith('{')) scopes.push(text.startsWith('oneof ') ? '' : (name ?? ''));
    if (text === '}') scopes.pop();
  }
  return comments;
}

function declared(text: string): string | undefined {
  const [, block, field] = /^(?:(?:service|message|enum|rpc) (\w+)|(?:repeated |optional )?[\w.]+(?:<.*>)? (\w+) = \d+)/.exec(text) ?? [];
  return block ?? field;
}
