import { err, ok, type Result } from '@schoolbell/kernel';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import { type BearerKeys, openBearerKeys } from './bearer-keys.ts';
import type { Logger } from './logger.ts';

/** Who calls, for which school, in which roles ('principal', 'accountant' … as the contracts' access table names them). */
export interface Caller {
  readonly subject: string;
  readonly schoolId: string;
  readonly roles: readonly string[];
}

/** One answer for every reason: whoever tries tokens learns nothing from it. The reason is in the log. */
export interface NotSignedIn {
  readonly code: 'UNAUTHENTICATED';
}

/** Reads the value of an `authorization` header or metadata entry. */
export type Authenticate = (authorization: string | undefined) => Promise<Result<Caller, NotSignedIn>>;

export const tokenIssuer = 'schoolbell';
export const tokenAudience = 'schoolbell';

const claims = z.object({
  sub: z.string().min(1).max(200),
  school: z.string().min(1).max(100),
  roles: z.array(z.string().min(1).max(50)).max(20),
  iat: z.number(),
  exp: z.number(),
});

const clockToleranceSeconds = 30;
// A month, and a little: a token cannot be called back, so one that was stolen must end by itself.
const longestLifeSeconds = 32 * 86_400;
const longestToken = 4_096;
// A till or a portal sends the same token with every request; checking its signature once is enough until it ends.
const mostRemembered = 10_000;

interface Remembered {
  readonly caller: Caller;
  readonly endsAt: number;
}

interface Options {
  readonly jwksFile: string;
  readonly log: Logger;
  readonly now?: () => Date;
}

/** Bearer identity by EdDSA JWT. Throws when the key file cannot be used. */
export async function openAuthenticate({ jwksFile, log, now = () => new Date() }: Options): Promise<Authenticate> {
  const keys = await openBearerKeys({ file: jwksFile, log, now });
  const remembered = new Map<string, Remembered>();
  let generation = 0;

  return async (authorization) => {
    const token = tokenOf(authorization);
    if (token === undefined) return refuse(log, authorization === undefined ? 'no token' : 'not a bearer token');
    const current = await keys.current();
    if (current.generation !== generation) {
      generation = current.generation;
      remembered.clear();
    }
    const known = remembered.get(token);
    if (known && now().getTime() < known.endsAt) return ok(known.caller);
    try {
      const checked = await verify(token, current.keys, now());
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(token, checked);
      return ok(checked.caller);
    } catch (error) {
      remembered.delete(token);
      return refuse(log, reasonOf(error));
    }
  };
}

async function verify(token: string, keys: Awaited<ReturnType<BearerKeys['current']>>['keys'], now: Date): Promise<Remembered> {
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    algorithms: ['EdDSA'],
    issuer: tokenIssuer,
    audience: tokenAudience,
    requiredClaims: ['exp', 'iat', 'sub'],
    // Refuses an `iat` of the future too, behind which a life of any length would hide.
    maxTokenAge: longestLifeSeconds,
    clockTolerance: clockToleranceSeconds,
    currentDate: now,
  });
  // Where the file holds one key alone, a token that names none would be checked against it.
  if (typeof protectedHeader.kid !== 'string') throw new TokenRefused('kid');
  const { sub, school, roles, iat, exp } = claims.parse(payload);
  if (exp - iat > longestLifeSeconds) throw new TokenRefused('exp');
  return { caller: { subject: sub, schoolId: school, roles }, endsAt: (exp + clockToleranceSeconds) * 1_000 };
}

/** `claim` names what is missing or wrong. */
class TokenRefused extends Error {
  readonly claim: string;
  constructor(claim: string) {
    super(`The ${claim} of a token is refused`);
    this.claim = claim;
  }
}

function tokenOf(authorization: string | undefined): string | undefined {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization ?? '')?.[1];
  return token !== undefined && token.length <= longestToken ? token : undefined;
}

// The code and the name of the claim, never the token or a value in it.
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `claim ${error.issues.map(({ path }) => path.join('.')).join(', ')}`;
  const { code, claim } = (error ?? {}) as { code?: unknown; claim?: unknown };
  return [code, claim].filter((part) => typeof part === 'string' && part !== 'unspecified').join(' ') || 'unreadable';
}

function refuse(log: Logger, reason: string): Result<never, NotSignedIn> {
  log.info({ reason }, 'bearer token refused');
  return err({ code: 'UNAUTHENTICATED' });
}
