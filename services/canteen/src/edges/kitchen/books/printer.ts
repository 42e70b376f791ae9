import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '@schoolbell/kernel';
import type { Sheet } from './sheet.ts';

export type PrintRefused =
  | { readonly code: 'PRINTER_BUSY' }
  | { readonly code: 'BOOK_TOO_LARGE'; readonly bytes: number; readonly most: number }
  | { readonly code: 'PRINTING_TOO_LONG' };

/** Prints books one after the other, each in a thread of its own that is bounded in time and memory. */
export type Printer = (sheet: Sheet) => Promise<Result<Uint8Array, PrintRefused>>;

export interface PrinterLimits {
  readonly timeMs: number;
  readonly heapMb: number;
  /** Books that may wait while one is drawn. */
  readonly waiting: number;
  readonly bytes: number;
}

// An answer of gRPC holds 4 MB, its other fields included.
export const printerLimits: PrinterLimits = { timeMs: 20_000, heapMb: 384, waiting: 4, bytes: 4 * 1_048_576 - 4_096 };

export function createPrinter(limits: PrinterLimits = printerLimits): Printer {
  let last: Promise<unknown> = Promise.resolve();
  let inside = 0;
  return async (sheet) => {
    if (inside > limits.waiting) return err({ code: 'PRINTER_BUSY' });
    inside++;
    const mine = last.then(() => printInThread(sheet, limits));
    last = mine.catch(() => undefined).finally(() => inside--);
    return mine;
  };
}

function printInThread(sheet: Sheet, { timeMs, heapMb, bytes: most }: PrinterLimits): Promise<Result<Uint8Array, PrintRefused>> {
  const thread = new Worker(new URL('./draw-thread.ts', import.meta.url), {
    workerData: sheet,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(err({ code: 'PRINTING_TOO_LONG' }));
      void thread.terminate();
    }, timeMs);
    thread.once('message', (drawn: Uint8Array) => {
      const { length: bytes } = drawn;
      resolve(bytes > most ? err({ code: 'BOOK_TOO_LARGE', bytes, most }) : ok(drawn));
    });
    thread.once('error', reject);
    thread.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The printing thread ended with ${code} and no book`));
    });
  });
}
