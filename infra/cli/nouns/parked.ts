import { hostname } from 'node:os';
import { isUuid } from '@schoolbell/kernel';
import { type Command, InvalidArgumentError } from 'commander';
import { refused, unreachable, wrongUsage } from '../failure.ts';
import { brokersOption, kafkaAccess } from '../kafka/access.ts';
import { openParkedDesk, type ParkedDesk, type ParkedEvent } from '../kafka/parked-desk.ts';
import { type Column, createOutput, type Output } from '../output.ts';
import type { Act, Shell } from '../session.ts';
import { verb } from '../verbs.ts';
import { clockText, printable } from '../wording.ts';

export function addParkedNoun(program: Command, _: Act, shell: Shell): void {
  const noun = program
    .command('parked')
    .description('events that a group of a service could not apply; for operators, speaks to Kafka itself')
    .addHelpText('after', about);
  const act = actOnKafka(shell);
  const kafkaVerb = (name: string, what: string, examples: readonly string[]): Command =>
    verb(noun, name, what, examples)
      .addOption(brokersOption())
      .option('--records <n>', 'records read at most, the newest ones', asRecords, 10_000)
      .addHelpText('after', about);

  kafkaVerb('list', 'What waits for a person, oldest first.', ['parked list', 'parked list --group notification.billing --json'])
    .option('--group <where>', 'only of this group or parked topic')
    .option('--done', 'also what was given back or discarded')
    .action(act(listParked));
  kafkaVerb('show', 'Parked messages: headers, cause and sizes. A payload may hold personal data and is left out.', [
    'parked show notification.billing 12',
    'parked show notification.billing 0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10 --payload-base64',
  ])
    .argument(...where)
    .argument('<which...>', which, asWhich)
    .option('--payload-base64', 'the payload too, encoded')
    .action(act(showParked));
  kafkaVerb('retry', 'Gives events back to the group that parked them: it applies each once, and no other group hears it again.', [
    'parked retry notification.billing 0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10',
    'parked retry notification.billing --all',
  ])
    .argument(...where)
    .argument('[which...]', which, asWhich)
    .option('--all', 'every event of it that waits')
    .option('--by <name>', byHelp)
    .action(act(retryParked, checkWhich));
  kafkaVerb('discard', 'Closes messages that shall never be applied; they stay on the parked topic, with the reason.', [
    'parked discard notification.billing 12 --reason "sent by a test of the vendor"',
  ])
    .argument(...where)
    .argument('[which...]', which, asWhich)
    .option('--all', 'everything of it that waits; needs --yes')
    .option('--yes', 'mean it')
    .requiredOption('--reason <text>', 'why, for the trace; no names of people')
    .option('--by <name>', byHelp)
    .action(act(discardParked, checkDiscard));
}

const where = ['<where>', 'a group, like notification.billing, or a parked topic'] as const;
const which = 'event id, or the place that "parked list" shows: OFFSET or PARTITION:OFFSET';
const byHelp = 'who does it, for the trace; else the user of this machine';
const about = `
This is operators' work: it reads and writes Kafka itself, with no service and no bearer token in between, so it runs where the brokers
can be reached, with KAFKA_TLS and KAFKA_SASL_… as a service has them. Nothing is deleted: what was done about an event is noted beside it on the parked topic, with who and when.`;

interface ReadOptions {
  readonly records: number;
}
interface ChoiceOptions extends ReadOptions {
  readonly all?: boolean;
}

async function listParked(
  { parked, out }: Desk,
  { group, done, records }: ReadOptions & { group?: string; done?: boolean },
): Promise<void> {
  const { topics, events, unread } = await parked.read({ at: group, most: records });
  if (group !== undefined && topics.length === 0) throw noSuchPlace(group);
  const rows = done ? events : events.filter((event) => !event.done);
  out.result(rows.map(toJson));
  if (rows.length > 0) out.table(rows, done ? [...columns, doneColumn] : columns);
  else out.say('Nothing waits for a person.');
  if (unread > 0) out.note(`The newest ${records} records were read; ${unread} older ones were not. --records reads more.`);
}

const columns: readonly Column<ParkedEvent>[] = [
  { title: 'parked', text: ({ parkedAt }) => clockOf(parkedAt) },
  { title: 'group', text: ({ group }) => group },
  { title: 'place', text: placeOf },
  { title: 'cause', text: ({ cause }) => printable(cause) },
  { title: 'tries', text: ({ attempts }) => String(attempts), align: 'right' },
  { title: 'parkings', text: ({ offsets }) => String(offsets.length), align: 'right' },
  { title: 'bytes', text: ({ bytes }) => String(bytes), align: 'right' },
  { title: 'type', text: ({ meta }) => printable(meta?.type ?? 'no event') },
  { title: 'event', text: ({ meta }) => printable(meta?.id ?? '') },
];
const doneColumn: Column<ParkedEvent> = { title: 'done', text: doneText };

async function showParked(
  { parked, out }: Desk,
  at: string,
  wanted: readonly string[],
  { payloadBase64 = false, records }: ReadOptions & { payloadBase64?: boolean },
): Promise<void> {
  const events = named(await readAt(parked, at, { most: records, whole: payloadBase64 }), wanted);
  out.result(events.map((event) => ({ ...toJson(event), headers: shownHeaders(event), ...(payloadBase64 && { payload: base64(event) }) })));
  for (const [index, event] of events.entries()) {
    if (index > 0) out.say('');
    out.facts([
      ['Parked topic', event.topic],
      ['Place', event.offsets.map((offset) => `${event.partition}:${offset}`).join(', ')],
      ['Parked', clockOf(event.parkedAt)],
      ['Cause', printable(event.cause)],
      ['Tries', String(event.attempts)],
      ['Found at', printable(`${event.origin.topic} ${event.origin.partition}:${event.origin.offset}`)],
      ['Payload', `${event.bytes} bytes`],
      ...Object.entries(shownHeaders(event)),
      ['Done', doneText(event)],
      ['Payload in base64', payloadBase64 ? base64(event) : ''],
    ]);
  }
}

async function retryParked(
  { parked, out, by }: Desk,
  at: string,
  wanted: readonly string[],
  { all, records }: ChoiceOptions,
): Promise<void> {
  const events = await readAt(parked, at, { most: records, whole: true });
  const chosen = all ? events.filter((event) => !event.done && event.meta) : waiting(named(events, wanted));
  const given = await parked.retry(chosen, by);
  if (!given.ok) throw refused('NOT_AN_EVENT', 'That is no event at all, so no group could apply it. "parked discard" closes it.');
  out.result(chosen.map(toJson));
  out.say(`${chosen.length} given back. What fails again is shown again by "./schoolbell parked list --group ${at}".`);
  const others = all ? events.filter((event) => !event.done && !event.meta).length : 0;
  if (others > 0) out.note(`${others} more are no events at all and can only be discarded.`);
}

type DiscardOptions = ChoiceOptions & { readonly reason: string; readonly yes?: boolean };

async function discardParked({ parked, out, by }: Desk, at: string, wanted: readonly string[], options: DiscardOptions): Promise<void> {
  const events = await readAt(parked, at, { most: options.records });
  const chosen = options.all ? events.filter((event) => !event.done) : waiting(named(events, wanted));
  await parked.discard(chosen, by, options.reason);
  out.result(chosen.map(toJson));
  out.say(`${chosen.length} discarded. "./schoolbell parked list --done" still shows them.`);
}

async function readAt(parked: ParkedDesk, at: string, reading: { most: number; whole?: boolean }): Promise<ParkedEvent[]> {
  const { topics, events } = await parked.read({ at, ...reading });
  if (topics.length === 0) throw noSuchPlace(at);
  return events;
}

/** Each is found once; an offset alone does where only one partition has it. */
function named(events: readonly ParkedEvent[], wanted: readonly string[]): ParkedEvent[] {
  const found = wanted.map((text) => {
    const [offset, partition] = text.split(':').reverse();
    const fits = (event: ParkedEvent): boolean =>
      event.meta?.id === text ||
      (event.offsets.some((each) => each === offset) && (partition ?? `${event.partition}`) === `${event.partition}`);
    const [event, ...others] = events.filter(fits);
    if (!event)
      throw refused('NOT_PARKED', `Nothing is parked as ${text}. "parked list --done" shows all, "--records" reads further back.`);
    if (others.length > 0)
      throw refused('AMBIGUOUS', `${text} stands in several partitions or topics: say PARTITION:OFFSET and the parked topic.`);
    return event;
  });
  return [...new Set(found)];
}

function waiting(events: ParkedEvent[]): ParkedEvent[] {
  const closed = events.find(({ done }) => done);
  if (closed) throw refused('NOT_WAITING', `${closed.meta?.id ?? placeOf(closed)} waits no more: ${doneText(closed)}.`);
  return events;
}

function noSuchPlace(at: string): Error {
  return refused('NO_SUCH_GROUP', `Kafka has no parked topic of ${at}. "./schoolbell parked list" shows the groups that parked something.`);
}

function placeOf({ partition, offsets }: ParkedEvent): string {
  return `${partition}:${offsets.at(-1)}`;
}

function doneText({ done }: ParkedEvent): string {
  return done ? printable([done.how, clockOf(done.at), `by ${done.by}`, done.reason].filter(Boolean).join(' ')) : '';
}

function base64({ value }: ParkedEvent): string {
  return value?.toString('base64') ?? '';
}

function toJson(event: ParkedEvent): object {
  const { topic, group, partition, offsets, cause, error, attempts, parkedAt, origin, bytes, meta, done } = event;
  const { id, type, schoolId, key, version } = meta ?? {};
  const known = meta ? { event: { id, type, schoolId, key, version } } : {};
  return {
    topic,
    group,
    partition,
    offsets,
    cause,
    ...(error && { error }),
    attempts,
    parkedAt,
    origin,
    bytes,
    ...known,
    ...(done && { done }),
  };
}

/** Of an event, what the headers of ours say; anything else may hold anybody's data, so only its size is told. */
function shownHeaders({ headers, meta }: ParkedEvent): Record<string, string> {
  const ours = meta ? /^(ce_\w+|content-type|traceparent|parked-[\w-]+)$/ : /^parked-[\w-]+$/;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = String(value);
      return [printable(name), ours.test(name) ? printable(text) : `(${Buffer.byteLength(text)} bytes)`];
    }),
  );
}

function clockOf(at: string): string {
  const instant = new Date(at);
  return Number.isNaN(instant.getTime()) ? '' : clockText(instant);
}

function checkWhich(_at: string, wanted: readonly string[] = [], { all }: { all?: boolean }): void {
  if (wanted.length > 0 === (all === true)) throw wrongUsage('Say which ones, or --all.');
}

function checkDiscard(at: string, wanted: readonly string[] | undefined, options: DiscardOptions): void {
  checkWhich(at, wanted, options);
  if (options.all && !options.yes) throw wrongUsage('--all discards everything of it that waits, and nobody gets it back: say --yes too.');
  if (options.reason.trim() === '') throw wrongUsage('--reason must say why.');
}

function asWhich(text: string, before: readonly string[] = []): string[] {
  if (!isUuid(text) && !/^(\d{1,5}:)?\d{1,19}$/.test(text))
    throw new InvalidArgumentError('It must be an event id, OFFSET or PARTITION:OFFSET.');
  return [...before, text];
}

function asRecords(text: string): number {
  const count = Number(text);
  if (!/^[1-9]\d{0,5}$/.test(text) || count > 100_000) throw new InvalidArgumentError('It must be a whole number from 1 to 100000.');
  return count;
}

/** What the work of a command may use. */
interface Desk {
  readonly parked: ParkedDesk;
  readonly out: Output;
  /** Who is noted beside what is done. */
  readonly by: string;
}

/** What actIn is to the other nouns, with Kafka in the place of the services. `check` is done before anybody is asked. */
function actOnKafka(shell: Shell) {
  return <A extends unknown[]>(work: (desk: Desk, ...args: A) => Promise<void>, check?: (...args: A) => void) =>
    async (...given: unknown[]): Promise<void> => {
      const options = (given.at(-1) as Command).optsWithGlobals<{ json?: boolean; brokers?: string[]; by?: string }>();
      const args = given.slice(0, -1) as A;
      check?.(...args);
      const access = kafkaAccess(shell, options.brokers);
      const parked = await openParkedDesk(access).catch((error) => {
        throw unreachable(`No Kafka broker answers at ${access.brokers.join(', ')} (${String(error.message)}).`);
      });
      const { USER, USERNAME = 'unknown' } = shell.env;
      try {
        await work(
          { parked, out: createOutput(shell, options.json === true), by: options.by ?? `${USER ?? USERNAME}@${hostname()}` },
          ...args,
        );
      } catch (error) {
        throw error instanceof Error && error.name.startsWith('KafkaJS')
          ? unreachable(`Kafka stopped answering (${error.message}).`)
          : error;
      } finally {
        await parked.close();
      }
    };
}
