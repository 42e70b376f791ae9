// bites: production-never-imports-tests
import { expect } from 'vitest';

export const expected = expect;
