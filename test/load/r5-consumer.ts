import type { Bench } from './bench.ts';
export const r5: Bench = { name: 'R5', engines: 'APART', run: async () => [] };
