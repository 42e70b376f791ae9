import { parentPort, workerData } from 'node:worker_threads';
import { draw } from './draw.ts';
import type { Sheet } from './sheet.ts';

// One book, one thread: reckoning where a thousand rows lie takes seconds, in which the service must answer others.
parentPort?.postMessage(await draw(workerData as Sheet));
