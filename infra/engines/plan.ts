import type { KafkaPlan } from './kafka/properties.ts';
import type { StateLock } from './lock.ts';
import type { MongoPlan } from './mongo/arguments.ts';
import type { PortClaims } from './ports.ts';
import type { LocalProcess } from './processes.ts';
import type { Log } from './wait.ts';

export type Source = 'given' | 'docker' | 'local';

interface Engine {
  readonly via: Source;
  /** Empty unless the engine is a local process. */
  readonly pids: readonly number[];
  readonly members: readonly LocalProcess[];
}

export interface MongoEngine extends Engine {
  readonly uri: string;
}

export interface KafkaEngine extends Engine {
  readonly brokers: readonly string[];
}

/** What is still wanted once given addresses are taken. */
export interface EnginePlan {
  readonly stateDir: string;
  readonly lock: StateLock;
  readonly claims: PortClaims;
  readonly log: Log;
  readonly mongo: MongoPlan | undefined;
  readonly kafka: KafkaPlan | undefined;
}

export interface Started {
  readonly mongodb: MongoEngine | undefined;
  readonly kafka: KafkaEngine | undefined;
  readonly stop: () => Promise<void>;
}
