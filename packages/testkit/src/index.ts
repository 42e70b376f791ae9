export { openClaims } from '@schoolbell/infra/engines';
export { type TestDatabase, testDatabase } from './engines.ts';
export { brokenInvariants } from './invariants.ts';
export { type Journey, type Mail, startJourney, until } from './journey.ts';
export { makeTopics, produceAgain, readTopic } from './topic.ts';
