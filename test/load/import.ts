import type { Bench } from './bench.ts';
export const importBench: Bench = { name: 'IMPORT', engines: 'BESIDE', run: async () => [] };
