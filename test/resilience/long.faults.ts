import { faultScenarios } from './scenarios.ts';

faultScenarios({ brokerAwayMs: 60_000, mongodAwayMs: 10_000, mailAwayMs: 60_000, kills: 25 });
