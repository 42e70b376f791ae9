import { type ServiceName, serviceNames, topics } from '@schoolbell/contracts';
import { type Command, Option } from 'commander';

import { eventJson } from '../contract.ts';
import { unreachable } from '../failure.ts';
import { brokersOption, kafkaAccess } from '../kafka/access.ts';
import { type FollowedRecord, followTopics } from '../kafka/follow-topics.ts';
import { createOutput, type Output } from '../output.ts';
import type { Act, Shell } from '../session.ts';
import { asCount, verb } from '../verbs.ts';
import { clockText, printable } from '../wording.ts';

export function addEventsNoun(program: Command, _: Act, shell: Shell): void {
  const noun = program.command('events').description('what services announce; for operators, reads Kafka itself');
  verb(noun, 'tail', 'Shows events as they are announced, one a line: time, type, key, id, school and version. Ctrl-C ends it.', [
    'events tail',
    'events tail --service billing --from-start',
    'events tail --service billing --json | jq .type',
  ])
    .addOption(new Option('--service <name>', 'only what this service announces').choices(serviceNames))
    .option('--from-start', 'first everything that is still there')
    .option('--payload', 'what the event says too, which may be personal data')
    .option('--limit <n>', 'end after so many events', asCount)
    .addOption(brokersOption())
    .addHelpText('after', about)
    .action((options: TailOptions, command: Command) => tailEvents(shell, options, command.optsWithGlobals<{ json?: boolean }>().json));
}

const about = `
This is operators' work: it reads Kafka itself, with no service and no bearer token in between, so it runs where the brokers can be
reached, with KAFKA_TLS and KAFKA_SASL_… as a service has them. It takes no event from anybody and leaves nothing behind.`;

interface TailOptions {
  readonly service?: ServiceName;
  readonly fromStart?: boolean;
  readonly payload?: boolean;
  readonly limit?: number;
  readonly brokers?: readonly string[];
}

async function tailEvents(shell: Shell, options: TailOptions, json = false): Promise<void> {
  const { service, fromStart = false, payload = false, limit = Number.POSITIVE_INFINITY, brokers } = options;
  const access = kafkaAccess(shell, brokers);
  const out = createOutput(shell, json);
  const followed = (service ? [service] : serviceNames).map((name) => topics[name]);
  const over = new AbortController();
  shell.onInterrupt?.(() => over.abort());
  // A reader that has gone wants no more.
  shell.stdout.on('error', () => over.abort());
  let shown = 0;
  const onRecord = (record: FollowedRecord): void => {
    if (shown >= limit || over.signal.aborted) return;
    show(out, record, payload);
    shown += 1;
    if (shown >= limit) over.abort();
  };
  const onReady = (): void => out.note(`Following ${followed.join(', ')}; Ctrl-C ends it.`);
  try {
    await followTopics(access, { topics: followed, fromStart, onReady, onRecord, signal: over.signal });
  } catch (error) {
    if (!(error instanceof Error && error.name.startsWith('KafkaJS'))) throw error;
    throw unreachable(`No Kafka broker answers at ${access.brokers.join(', ')} (${error.message}).`);
  }
}

function show(out: Output, record: FollowedRecord, withPayload: boolean): void {
  const { topic, partition, offset, key, headers, value, timestamp } = record;
  const [type, id, school, version] = ['ce_type', 'ce_id', 'ce_schoolid', 'ce_aggregateversion'].map((name) => headers[name] ?? '');
  const at = { topic, partition, offset };
  if (!type || !id) {
    out.record({ ...at, event: null }, `${clockText(timestamp)}  no event  ${topic} ${partition}:${offset}`);
    return;
  }
  const given = headers['parked-retry'];
  const payload = withPayload ? decoded(topic, value) : undefined;
  const time = new Date(headers.ce_time ?? '');
  const clock = Number.isNaN(time.getTime()) ? '' : clockText(time);
  const remark = given === undefined ? [] : [`given back to ${given}`];
  const line = [clock, type, key, id, school, `v${version}`, ...remark].map((text) => printable(text ?? '')).join('  ');
  out.record(
    { time: headers.ce_time, type, key, id, school, version: Number(version), ...at, ...(given && { givenBackTo: given }), payload },
    payload === undefined ? line : `${line}\n  ${printable(JSON.stringify(payload))}`,
  );
}

function decoded(topic: string, value: Buffer | null): unknown {
  try {
    return eventJson(topic, value ?? Buffer.alloc(0));
  } catch {
    return { unreadable: `${value?.length ?? 0} bytes` };
  }
}
