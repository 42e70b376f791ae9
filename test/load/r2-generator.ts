import { Client, credentials, type Metadata, Metadata as NewMetadata } from '@grpc/grpc-js';
import { answer } from './worker.ts';

/** Calls of one RPC, encoded beforehand: what the generator costs is not the service's. */
export interface Calls {
  readonly address: string;
  readonly token: string;
  /** "/school.attendance.v1.AttendanceService/SubmitRollCall" */
  readonly path: string;
  readonly requests: readonly Uint8Array[];
  readonly inFlight: number;
}

export interface Answered {
  readonly seconds: number;
  /** How many were not answered with OK. */
  readonly failed: number;
  /** Sizes of all answers together. */
  readonly bytes: number;
}

const asItIs = (bytes: Buffer): Buffer => bytes;

/** Sends every request once, each as soon as the one before it in its line was answered. */
async function call({ address, token, path, requests, inFlight }: Calls): Promise<Answered> {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new NewMetadata();
  metadata.set('authorization', `Bearer ${token}`);
  try {
    await new Promise<void>((resolve, reject) => client.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve())));
    let [failed, bytes] = [0, 0];
    const queue = requests.values();
    const from = performance.now();
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        for (const request of queue) {
          const size = await send(client, { path, metadata, request });
          if (size === undefined) failed++;
          else bytes += size;
        }
      }),
    );
    return { seconds: (performance.now() - from) / 1_000, failed, bytes };
  } finally {
    client.close();
  }
}

interface Sending {
  readonly path: string;
  readonly metadata: Metadata;
  readonly request: Uint8Array;
}

function send(client: Client, { path, metadata, request }: Sending): Promise<number | undefined> {
  return new Promise((resolve) => {
    const deadline = Date.now() + 30_000;
    client.makeUnaryRequest(path, asItIs, asItIs, Buffer.from(request), metadata, { deadline }, (error, value) =>
      resolve(error ? undefined : value?.byteLength),
    );
  });
}

answer(call);
