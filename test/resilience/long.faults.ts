import { describe } from 'vitest';
import { engineFaults, processFaults } from './scenarios.ts';

describe('for minutes', () => {
  describe('processes', () => processFaults({ kills: 25 }));
  describe('engines', () => engineFaults({ brokerAwayMs: 60_000, mongodAwayMs: 10_000, mailAwayMs: 60_000 }));
});
