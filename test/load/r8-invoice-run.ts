import type { Bench } from './bench.ts';
export const r8: Bench = { name: 'R8', engines: 'APART', run: async () => [] };
