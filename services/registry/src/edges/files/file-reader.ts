import { Worker } from 'node:worker_threads';
import { err, type Result } from '@schoolbell/kernel';
import type { FileRead, FileRefused, FileToRead } from './read-file.ts';

export type ReadingRefused =
  | FileRefused
  | { readonly code: 'FILE_TOO_LARGE' }
  | { readonly code: 'READING_TOO_LONG' }
  | { readonly code: 'READING_TOO_MUCH_MEMORY' }
  | { readonly code: 'READER_BUSY' };

/** Reads files one after the other in a thread of their own, bounded in time and memory: a hostile file can hurt only itself. */
export type FileReader = (file: FileToRead) => Promise<Result<FileRead, ReadingRefused>>;

export interface ReaderLimits {
  readonly bytes: number;
  readonly timeMs: number;
  readonly heapMb: number;
  /** Files that may wait while one is read. */
  readonly waiting: number;
}

export const readerLimits: ReaderLimits = { bytes: 16 * 1_048_576, timeMs: 20_000, heapMb: 256, waiting: 4 };

export function createFileReader(limits: ReaderLimits = readerLimits): FileReader {
  let last: Promise<unknown> = Promise.resolve();
  let inside = 0;
  return async (file) => {
    if (file.bytes.length > limits.bytes) return err({ code: 'FILE_TOO_LARGE' });
    if (inside > limits.waiting) return err({ code: 'READER_BUSY' });
    inside++;
    const mine = last.then(() => readInThread(file, limits));
    last = mine.catch(() => undefined).finally(() => inside--);
    return mine;
  };
}

function readInThread({ kind, bytes, today }: FileToRead, { timeMs, heapMb }: ReaderLimits): Promise<Result<FileRead, ReadingRefused>> {
  // The request's bytes share their memory with other requests; this copy is handed over, not copied again.
  const copy = new Uint8Array(bytes);
  const worker = new Worker(new URL('./reader-worker.ts', import.meta.url), {
    workerData: { kind, bytes: copy, today } satisfies FileToRead,
    transferList: [copy.buffer],
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 32 },
    // Neither the secrets in the environment nor the preloaded telemetry have any business with a stranger's file.
    env: {},
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(err({ code: 'READING_TOO_LONG' }));
      void worker.terminate();
    }, timeMs);
    worker.once('message', resolve);
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(err({ code: 'READING_TOO_MUCH_MEMORY' }));
      else reject(error);
    });
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The reader ended with ${code} and no answer`));
    });
  });
}
