import { faultScenarios } from './scenarios.ts';

faultScenarios({ brokerAwayMs: 4_000, mongodAwayMs: 3_000, mailAwayMs: 3_000, kills: 1 });
