import type { Dirent } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { command } from '../command.ts';

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
}

const patterns: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  { kind: 'private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { kind: 'private JSON Web Key', pattern: /"d"\s*:\s*"[\w-]{40,}"/ },
  { kind: 'signed token', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/ },
  {
    kind: 'password in an address',
    pattern: /\b(mongodb|mongodb\+srv|smtps?|https?|kafka):\/\/[^\s/:@'"`${}]+:(?!password@)[^\s/:@'"`${}]+@(?!127\.|localhost|\[::1\])/,
  },
  {
    kind: 'secret in clear',
    pattern: /(secret|passw(or)?d|api_?key|private_?key)["']?\s*[:=]\s*["'](?=[\w+/=]*\d)(?=[\w+/=]*[A-Za-z])[\w+/=]{24,}["']/i,
  },
  { kind: 'cloud access key', pattern: /\bAKIA[0-9A-Z]{16}\b/ },
  { kind: 'long hexadecimal value', pattern: /(?<![\w-])(?=[0-9A-Fa-f]*[0-9])(?=[0-9A-Fa-f]*[A-Fa-f])[0-9A-Fa-f]{40,}(?![\w-])/ },
];

/** Files whose long hexadecimal values are public, and why. */
const publicValues: readonly { readonly file: RegExp; readonly why: string }[] = [
  { file: /^patches\//, why: 'names of git objects' },
  { file: /^pnpm-lock\.yaml$/, why: 'hashes of published packages and of our own patches' },
  { file: /^infra\/engines\//, why: 'checksums of the engines that are fetched' },
  { file: /(^|\/)(vnpay|signature|ipn)[^/]*\.test\.ts$/, why: 'published test vectors of the gateway and their public test secret' },
];

export async function secretsIn(folder: string, files: readonly string[]): Promise<Finding[]> {
  const found = await Promise.all(files.map(async (file) => scan(file, await readFile(join(folder, file)).catch(() => Buffer.alloc(0)))));
  return found.flat();
}

function scan(file: string, content: Buffer): Finding[] {
  if (content.includes(0)) return [];
  const hexIsPublic = publicValues.some((each) => each.file.test(file));
  return content
    .toString('utf8')
    .split('\n')
    .flatMap((text, index) =>
      patterns
        .filter(({ kind, pattern }) => pattern.test(text) && !(hexIsPublic && kind === 'long hexadecimal value'))
        .map(({ kind }) => ({ file, line: index + 1, kind })),
    );
}

/** What git tracks or would track; without git, everything but installed packages and run-time state. */
export async function trackedFiles(folder: string): Promise<string[]> {
  const { ok, output } = await command('git', ['ls-files', '--cached', '--others', '--exclude-standard'], folder);
  if (ok) return output.split('\n').filter((file) => file !== '');
  const found: string[] = [];
  const exclude = (entry: Dirent) => ['node_modules', '.schoolbell', '.git', 'coverage'].includes(entry.name);
  for await (const entry of glob(['**/*', '**/.*'], { cwd: folder, exclude, withFileTypes: true })) {
    if (entry.isFile()) found.push(relative(folder, join(entry.parentPath, entry.name)));
  }
  return found;
}
