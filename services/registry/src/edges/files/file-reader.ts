import { fork } from 'node:child_process';
import { once } from 'node:events';
import { err, type Result } from '@schoolbell/kernel';
import type { FileRead, FileRefused, FileToRead } from './read-file.ts';

export type ReadingRefused =
  | FileRefused
  | { readonly code: 'FILE_TOO_LARGE' }
  | { readonly code: 'READING_TOO_LONG' }
  | { readonly code: 'READING_TOO_MUCH_MEMORY' }
  | { readonly code: 'READER_BUSY' };

/** Reads files one after the other, each in a process of its own that is bounded in time and memory: a hostile file hurts only itself. */
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
    const mine = last.then(() => readInProcess(file, limits));
    last = mine.catch(() => undefined).finally(() => inside--);
    return mine;
  };
}

function readInProcess(file: FileToRead, { timeMs, heapMb }: ReaderLimits): Promise<Result<FileRead, ReadingRefused>> {
  const reader = fork(new URL('./reader-process.ts', import.meta.url), {
    serialization: 'advanced',
    // Neither the secrets in the environment nor the preloaded telemetry have any business with a stranger's file.
    env: {},
    execArgv: [`--max-old-space-size=${heapMb}`, '--max-semi-space-size=8'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(err({ code: 'READING_TOO_LONG' }));
      reader.kill('SIGKILL');
    }, timeMs);
    reader.once('message', (read) => resolve(read as Result<FileRead, FileRefused>));
    reader.once('error', reject);
    // The process may be seen to end before its last message is: only the end of the channel says that there is none.
    void Promise.all([once(reader, 'exit'), once(reader, 'disconnect')]).then(([[code, signal]]) => {
      clearTimeout(timer);
      if (isOutOfMemory(code, signal)) resolve(err({ code: 'READING_TOO_MUCH_MEMORY' }));
      else reject(new Error(`The reader ended with ${signal ?? code} and no answer`));
    }, reject);
    reader.send(file);
  });
}

/** Node ends itself in one of these ways when its heap is full, depending on the platform. */
function isOutOfMemory(code: number | null, signal: NodeJS.Signals | null): boolean {
  return signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL' || code === 134;
}
