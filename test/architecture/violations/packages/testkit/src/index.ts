import { startEngines } from '../../../infra/engines/index.ts';
import { test } from 'vitest';

export const given = { startEngines, test };
