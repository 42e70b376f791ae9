import { readFileSync } from 'node:fs';

export const config = readFileSync;
