import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { openBreakers } from './breaker.ts';

const registry = new Registry();
const registers = [registry];

/** Everything a service counts. Labels come from closed sets (method names, groups, codes): never an id, never a person. */
export const metrics = {
  registry,
  requests: new Counter({
    name: 'schoolbell_requests_total',
    help: 'Requests answered, by edge (grpc, http), method or route, and status code',
    labelNames: ['edge', 'method', 'code'],
    registers,
  }),
  requestSeconds: new Histogram({
    name: 'schoolbell_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['edge', 'method', 'code'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
    registers,
  }),
  outboxDepth: new Gauge({ name: 'schoolbell_outbox_depth', help: 'Events committed and not on Kafka yet', registers }),
  outboxAge: new Gauge({ name: 'schoolbell_outbox_age_seconds', help: 'Age of the oldest event that is not on Kafka yet', registers }),
  consumerLag: new Gauge({
    name: 'schoolbell_consumer_lag',
    help: 'Messages on the topic that the group has not applied yet',
    labelNames: ['group', 'topic'],
    registers,
  }),
  consumed: new Counter({
    name: 'schoolbell_consumed_total',
    help: 'Events taken from Kafka, by outcome',
    labelNames: ['group', 'outcome'],
    registers,
  }),
  parked: new Counter({
    name: 'schoolbell_parked_total',
    help: 'Events put aside for a person, by cause',
    labelNames: ['group', 'cause'],
    registers,
  }),
  faults: new Counter({
    name: 'schoolbell_faults_total',
    help: 'Faults that checks found in what is stored, by check; any is one for a person',
    labelNames: ['check'],
    registers,
  }),
  retries: new Counter({ name: 'schoolbell_retries_total', help: 'Work that was tried again, by place', labelNames: ['where'], registers }),
  published: new Counter({ name: 'schoolbell_published_total', help: 'Events brought to Kafka', registers }),
  breakerOpen: new Gauge({
    name: 'schoolbell_breaker_open',
    help: '1 while calls to a remote fail at once',
    labelNames: ['name'],
    registers,
    collect() {
      for (const [name, open] of openBreakers) this.set({ name }, open);
    },
  }),
  transactionRetries: new Counter({
    name: 'schoolbell_transaction_retries_total',
    help: 'Transactions run again after a conflict or an unknown commit result',
    registers,
  }),
} as const;

let collecting = false;

/** Adds the process's own metrics (memory, event loop, garbage collection), once. */
export function collectProcessMetrics(): void {
  if (collecting) return;
  collecting = true;
  // The default precision wakes an idle process a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
}
