export { type CollectedSpan, type Collector, startCollector } from './collector.ts';
export { type TestDatabase, testDatabase } from './engines.ts';
export { brokenInvariants } from './invariants.ts';
export { type IpnReply, type Journey, type Mail, startJourney, until } from './journey.ts';
export { type RawRecord, readTopic } from './topic.ts';
