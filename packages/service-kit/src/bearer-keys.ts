import { readFile, stat } from 'node:fs/promises';
import { createLocalJWKSet, type LocalJWKSet } from 'jose';
import { z } from 'zod';
import type { Logger } from './logger.ts';

// Unknown members are kept; a private part ("d") in a file that every service reads is a leak, and refused.
const keySet = z.object({
  keys: z
    .array(
      z.looseObject({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string().min(1),
        d: z.undefined().optional(),
      }),
    )
    .min(1),
});

export interface BearerKeys {
  /** The keys of now. `generation` rises when the file changed. */
  current(): Promise<{ keys: LocalJWKSet; generation: number }>;
}

interface Options {
  readonly file: string;
  readonly log: Logger;
  readonly now?: () => Date;
}

// Keys rotate by hand or by a deployment, so a few seconds of delay cost nothing; a stat per request would.
const recheckMs = 5_000;

/**
 * Public keys of who signs bearer tokens, from a JWKS file that is read again when it changes. Throws when the file cannot be used at
 * start; later a broken file is logged and the keys of before stay.
 */
export async function openBearerKeys({ file, log, now = () => new Date() }: Options): Promise<BearerKeys> {
  let mark = await markOf(file);
  let keys = await readKeys(file);
  let generation = 1;
  let lookedAt = now().getTime();

  const refresh = async (): Promise<void> => {
    try {
      const found = await markOf(file);
      if (found === mark) return;
      keys = await readKeys(file);
      mark = found;
      generation++;
      log.info({ generation }, 'bearer keys were read again');
    } catch (error) {
      log.error(error, 'the bearer key file cannot be used; the keys of before stay');
    }
  };
  return {
    async current() {
      const at = now().getTime();
      if (Math.abs(at - lookedAt) >= recheckMs) {
        lookedAt = at;
        await refresh();
      }
      return { keys, generation };
    },
  };
}

async function markOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  return `${mtimeMs}:${size}:${ino}`;
}

async function readKeys(file: string): Promise<LocalJWKSet> {
  const parsed = keySet.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is no set of public Ed25519 keys, each with a "kid" and without "d"`);
  return createLocalJWKSet({ keys: parsed.data.keys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, alg: 'EdDSA' })) });
}
