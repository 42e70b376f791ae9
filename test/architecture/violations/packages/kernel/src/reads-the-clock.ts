// bites: kernel-imports-nothing
import { performance } from 'node:perf_hooks';

export const clock = performance;
