import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { type TokenRole, tokenRoles, writePrivate } from './run-file.ts';

export interface SigningKeys {
  /** Public keys, for every service. */
  readonly jwksFile: string;
  /** One bearer token per role, for this school, valid for 30 days. */
  tokensFor(school: School): Promise<Record<TokenRole, string>>;
  /** The same for one role, for a person of this school. */
  tokenFor(role: TokenRole, school: School, subject: string): Promise<string>;
}

interface School {
  readonly id: string;
  readonly code: string;
}

/** The key pair that signs bearer tokens in development; made once, then kept, so that tokens survive a restart. */
export async function openKeys(dir: string): Promise<SigningKeys> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const privateFile = join(dir, 'signing-key.json');
  const jwksFile = join(dir, 'jwks.json');
  if (!existsSync(privateFile)) writePrivate(privateFile, JSON.stringify(await newKey()));
  const jwk = JSON.parse(readFileSync(privateFile, 'utf8')) as JWK;
  const { d: _, ...shown } = jwk;
  writeFileSync(jwksFile, JSON.stringify({ keys: [shown] }));
  const key = await importJWK(jwk, 'EdDSA');

  async function tokenFor(role: TokenRole, school: School, subject: string): Promise<string> {
    return new SignJWT({ school: school.id, roles: [role] })
      .setProtectedHeader({ alg: 'EdDSA', kid: jwk.kid ?? '' })
      .setIssuer('schoolbell')
      .setAudience('schoolbell')
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('30d')
      .sign(key);
  }
  return {
    jwksFile,
    tokenFor,
    async tokensFor(school) {
      const tokens = await Promise.all(
        tokenRoles.map(async (role) => [role, await tokenFor(role, school, `${role}@${school.code}`)] as const),
      );
      return Object.fromEntries(tokens) as Record<TokenRole, string>;
    },
  };
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg: 'EdDSA', use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}
