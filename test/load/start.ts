import type { Bench } from './bench.ts';
export const startBench: Bench = { name: 'START', engines: 'OWN', run: async () => [] };
