import { readFile } from 'node:fs/promises';
import { type ChannelCredentials, credentials, ServerCredentials } from '@grpc/grpc-js';
import { type Address, formatAddress, isLoopback } from './address.ts';
import type { ServiceConfig } from './config.ts';

export type TlsFiles = Pick<ServiceConfig, 'SCHOOLBELL_TLS_CERT_FILE' | 'SCHOOLBELL_TLS_KEY_FILE' | 'SCHOOLBELL_TLS_CA_FILE'>;

/** Certificates in memory. With `ca` both sides must show a certificate that it signed. */
export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
}

/** Reads the files that are named; undefined when none is. Throws when one cannot be read. */
export async function readTls({
  SCHOOLBELL_TLS_CERT_FILE: cert,
  SCHOOLBELL_TLS_KEY_FILE: key,
  SCHOOLBELL_TLS_CA_FILE: ca,
}: TlsFiles): Promise<Tls | undefined> {
  if (!cert || !key) return undefined;
  return { cert: await readFile(cert), key: await readFile(key), ...(ca ? { ca: await readFile(ca) } : {}) };
}

/** Throws where plain text would leave this machine. */
export function assertPrivate(address: Address, tls: Tls | undefined): void {
  if (tls || isLoopback(address.host)) return;
  throw new Error(`${formatAddress(address)} is not on loopback, so it needs SCHOOLBELL_TLS_CERT_FILE and SCHOOLBELL_TLS_KEY_FILE`);
}

export function serverCredentials(address: Address, tls: Tls | undefined): ServerCredentials {
  assertPrivate(address, tls);
  if (!tls) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(tls.ca ?? null, [{ private_key: tls.key, cert_chain: tls.cert }], tls.ca !== undefined);
}

export function clientCredentials(address: Address, tls: Tls | undefined): ChannelCredentials {
  assertPrivate(address, tls);
  if (!tls) return credentials.createInsecure();
  return tls.ca ? credentials.createSsl(tls.ca, tls.key, tls.cert) : credentials.createSsl();
}
