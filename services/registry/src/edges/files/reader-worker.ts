import { parentPort, workerData } from 'node:worker_threads';
import { type FileToRead, readFile } from './read-file.ts';

parentPort?.postMessage(readFile(workerData as FileToRead));
