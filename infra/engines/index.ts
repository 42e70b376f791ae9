export { type Engines, type EnginesOptions, startEngines } from './engines.ts';
export { fetchLocal } from './local.ts';
export type { KafkaEngine, MongoEngine, Source } from './plan.ts';
export { openClaims, type PortClaims } from './ports.ts';
export type { LocalProcess } from './processes.ts';
export { createTopics, ensureTopics, type Profile, type TopicWish, topicWishes } from './topics.ts';
