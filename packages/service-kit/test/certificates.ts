import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** An authority made for one test, and certificates of 127.0.0.1 that it signed; node:crypto cannot make them by itself. */
export function newAuthority() {
  const keys = generateKeyPairSync('ed25519');
  const cert = certificate({
    name: 'Test authority',
    publicKey: keys.publicKey,
    issuer: 'Test authority',
    signWith: keys.privateKey,
    extensions: isAuthority,
  });
  const issue = (name: string) => {
    const own = generateKeyPairSync('ed25519');
    const signed = certificate({
      name,
      publicKey: own.publicKey,
      issuer: 'Test authority',
      signWith: keys.privateKey,
      extensions: forLoopback,
    });
    return { cert: pem('CERTIFICATE', signed), key: Buffer.from(own.privateKey.export({ type: 'pkcs8', format: 'pem' })) };
  };
  return { ca: pem('CERTIFICATE', cert), issue };
}

interface Wanted {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly issuer: string;
  readonly signWith: KeyObject;
  readonly extensions: Buffer;
}

// X.509 v3 (RFC 5280) in DER, with Ed25519 (RFC 8410).
function certificate({ name, publicKey, issuer, signWith, extensions }: Wanted): Buffer {
  const algorithm = der(0x30, oid(1, 3, 101, 112));
  const serial = randomBytes(8);
  serial[0] = 0x01;
  const toSign = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    nameOf(issuer),
    der(0x30, utcTime(-3_600_000), utcTime(3_600_000)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extensions)),
  );
  return der(0x30, toSign, algorithm, bitString(sign(null, toSign, signWith)));
}

const isAuthority = extension([2, 5, 29, 19], der(0x30, der(0x01, Buffer.from([0xff]))));
const forLoopback = extension([2, 5, 29, 17], der(0x30, der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1]))));

function extension(id: [number, number, number, number], value: Buffer): Buffer {
  return der(0x30, oid(...id), der(0x04, value));
}

function nameOf(text: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid(2, 5, 4, 3), der(0x0c, Buffer.from(text)))));
}

function utcTime(fromNowMs: number): Buffer {
  const text = new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
}

function bitString(bytes: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

// All arcs here are below 128, so each is one byte.
function oid(first: number, second: number, ...rest: number[]): Buffer {
  return der(0x06, Buffer.from([first * 40 + second, ...rest]));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function pem(label: string, bytes: Buffer): Buffer {
  return Buffer.from(`-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`);
}
