import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { invoice } from './invoice.ts';

test('tests may read files', () => readFileSync(String(invoice)));
