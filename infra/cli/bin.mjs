#!/usr/bin/env node
// The first step of `./schoolbell`, on whatever Node 20+ the machine has; see bootstrap.mjs.
import { join } from 'node:path';
import { install, root, run } from '../bootstrap.mjs';

try {
  install();
  run([join(root, 'infra', 'cli', 'main.ts'), ...process.argv.slice(2)]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
