export interface KafkaPlan {
  readonly brokers: 1 | 3;
  readonly port: number | undefined;
}

export interface KafkaNode {
  /** From 1; the position in `ports` and `controllerPorts` is one less. */
  readonly id: number;
  readonly ports: readonly number[];
  readonly controllerPorts: readonly number[];
  readonly logDir: string;
  /** Where the broker listens, and how clients reach it. */
  readonly bind: string;
  readonly host: string;
}

/** One process that is broker and controller; the copies of Kafka's own topics follow the number of brokers. */
export function serverProperties({ id, ports, controllerPorts, logDir, bind, host }: KafkaNode): string {
  const copies = ports.length;
  const minInSync = copies === 1 ? 1 : 2;
  const port = ports[id - 1];
  const controllerPort = controllerPorts[id - 1];
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': id,
    listeners: `PLAINTEXT://${bind}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${host}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': controllerPorts.map((each, index) => `${index + 1}@127.0.0.1:${each}`).join(','),
    'log.dirs': logDir,
    'auto.create.topics.enable': false,
    'unclean.leader.election.enable': false,
    'default.replication.factor': copies,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 10,
    // 90 days: a group that sleeps through the summer still knows where it stopped.
    'offsets.retention.minutes': 129_600,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': minInSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': minInSync,
    // A broker that comes back after a kill is let in again only when its old session has run out; 9 s by default.
    'broker.session.timeout.ms': 4_000,
    'broker.heartbeat.interval.ms': 1_000,
    // Twice a second by default, also while nothing happens.
    'metadata.max.idle.interval.ms': 5_000,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    // The default of 128 MB is taken from the heap at once, a quarter of what this broker has.
    'log.cleaner.dedupe.buffer.size': 8_388_608,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
