import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { tokenAudience, tokenIssuer } from '../src/auth.ts';

type SigningKey = Awaited<ReturnType<typeof newKey>>;

/** A real key pair and a real JWKS file on disk, for tests of whatever reads bearer tokens. */
export async function newSigner(kid = 'first') {
  const folder = await mkdtemp(join(tmpdir(), 'schoolbell-keys-'));
  const jwksFile = join(folder, 'jwks.json');
  const key = await newKey(kid);
  const publish = (...keys: SigningKey[]): Promise<void> =>
    writeFile(jwksFile, JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }));
  await publish(key);
  const token = (claims: TokenClaims = {}, signWith: Signing = key): Promise<string> => sign(claims, signWith);
  return { folder, jwksFile, key, publish, token, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A key without a `kid` signs tokens that name none. */
type Signing = Pick<SigningKey, 'privateKey'> & { readonly kid?: string };

export interface TokenClaims {
  readonly sub?: string;
  readonly school?: string;
  readonly roles?: readonly string[];
  readonly audience?: string;
  readonly issuer?: string;
  /** Seconds from now; undefined leaves the claim out. */
  readonly issuedIn?: number | undefined;
  readonly expiresIn?: number | undefined;
  readonly notBeforeIn?: number;
}

export async function newKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' } };
}

async function sign(claims: TokenClaims, { kid, privateKey }: Signing): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const {
    sub = 'person-1',
    school = 'school-a',
    roles = ['accountant'],
    audience = tokenAudience,
    issuer = tokenIssuer,
    notBeforeIn,
  } = claims;
  const issuedIn = 'issuedIn' in claims ? claims.issuedIn : 0;
  const expiresIn = 'expiresIn' in claims ? claims.expiresIn : 600;
  const jwt = new SignJWT({ school, roles })
    .setProtectedHeader({ alg: 'EdDSA', ...(kid === undefined ? {} : { kid }) })
    .setSubject(sub)
    .setAudience(audience)
    .setIssuer(issuer);
  if (issuedIn !== undefined) jwt.setIssuedAt(now + issuedIn);
  if (expiresIn !== undefined) jwt.setExpirationTime(now + expiresIn);
  if (notBeforeIn !== undefined) jwt.setNotBefore(now + notBeforeIn);
  return jwt.sign(privateKey);
}
