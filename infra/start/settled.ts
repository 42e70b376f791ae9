import { setTimeout as sleep } from 'node:timers/promises';
import { databaseOf, openConnection, outboxRows } from '@schoolbell/service-kit';
import { withAdmin } from '../engines/kafka/ready.ts';

export interface Flow {
  readonly mongodbUri: string;
  readonly brokers: readonly string[];
  /** Database of the service that announces. */
  readonly database: string;
  readonly topic: string;
  /** Consumer groups that must have heard everything. */
  readonly groups: readonly string[];
}

/** Waits until everything announced so far was heard: nothing is left in the outbox, and every group stands at the end of the topic. */
export async function untilHeard(flow: Flow, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  const connection = await openConnection({ uri: flow.mongodbUri, database: flow.database });
  const outbox = databaseOf(connection).collection(outboxRows.name);
  try {
    while ((await outbox.findOne({ pending: true }, { projection: { _id: 1 } })) !== null || !(await groupsAreThrough(flow))) {
      if (Date.now() > deadline)
        throw new Error(`${flow.groups.join(', ')} did not hear everything on ${flow.topic} within ${limitMs / 1_000} s.`);
      await sleep(50);
    }
  } finally {
    await connection.close();
  }
}

function groupsAreThrough({ brokers, topic, groups }: Flow): Promise<boolean> {
  return withAdmin(brokers, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const behind = async (groupId: string) => {
      const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const at = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      // A group that has committed nothing yet is said to be at -1.
      return ends.some(({ partition, high, low }) => high !== low && (at.get(partition) ?? -1n) < BigInt(high));
    };
    const answers = await Promise.all(groups.map(behind));
    return !answers.includes(true);
  });
}
