import { parentPort, workerData } from 'node:worker_threads';
import { draw } from './draw.ts';
import type { Sheet } from './sheet.ts';

// One thread per book: to lay out a thousand rows takes seconds, in which the service must answer others.
parentPort?.postMessage(await draw(workerData as Sheet));
