import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KafkaSettings, saslMechanisms } from './config.ts';

/** How to connect to Kafka: without `tls` in plain text, without `sasl` without credentials. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  /** `ca` in PEM: who signed the brokers' certificates, instead of the authorities that Node.js knows. */
  readonly tls?: { readonly ca?: Buffer };
  readonly sasl?: {
    readonly mechanism: (typeof saslMechanisms)[number];
    readonly username: string;
    /** Asked for each connection, so that a password that was changed is used without a restart. */
    readonly password: () => string;
  };
}

type Files = Omit<KafkaSettings, 'KAFKA_PLAINTEXT'>;

/** Reads the files that are named. Throws when one cannot be used, naming its setting and never what it holds. */
export function readKafkaAccess(settings: Files): KafkaAccess {
  const { KAFKA_BROKERS: brokers, KAFKA_TLS: tls, KAFKA_TLS_CA_FILE: caFile } = settings;
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD_FILE: passwordFile } = settings;
  return {
    brokers,
    ...(tls && { tls: caFile === undefined ? {} : { ca: readAuthority(caFile) } }),
    ...(mechanism && username && passwordFile && { sasl: { mechanism, username, password: openPassword(passwordFile) } }),
  };
}

function readAuthority(path: string): Buffer {
  const pem = read('KAFKA_TLS_CA_FILE', path);
  try {
    new X509Certificate(pem);
  } catch {
    throw new Error('KAFKA_TLS_CA_FILE holds no certificate in PEM');
  }
  return pem;
}

/** A file that is being replaced, and cannot be read for a moment, leaves the password of before. */
function openPassword(path: string): () => string {
  const readPassword = (): string => {
    // Editors and `echo` end a file with a line break, which is no part of the password.
    const password = read('KAFKA_SASL_PASSWORD_FILE', path)
      .toString()
      .replace(/\r?\n$/, '');
    if (password === '') throw new Error('KAFKA_SASL_PASSWORD_FILE is empty');
    return password;
  };
  let known = readPassword();
  return () => {
    try {
      known = readPassword();
    } catch {
      // The broker says whether the password of before still holds.
    }
    return known;
  };
}

function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    // The path is left out, and with it Node's own message: somebody may have set the password itself.
    throw new Error(`${setting} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}
