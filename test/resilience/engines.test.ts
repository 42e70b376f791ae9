import { engineFaults } from './scenarios.ts';

engineFaults({ brokerAwayMs: 4_000, mongodAwayMs: 3_000, mailAwayMs: 3_000 });
