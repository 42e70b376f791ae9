import type { ServiceName } from '@schoolbell/contracts';
import { atMost, type Broken, isYoung, type Mark, mayBePurged, type OutboxRow, type Traffic } from './evidence.ts';

/** I4 and I5 where events come from: each is on Kafka, and those of an aggregate are numbered without a gap up to what its stream counts. */
export function announcedWhole(service: ServiceName, { outbox, streams }: Traffic): Broken {
  const pending = outbox.filter((row) => row.pending).length;
  const broken: Broken = [];
  const rows = Map.groupBy(outbox, ({ key }) => key);
  for (const [key, ofKey] of rows) {
    const versions = ofKey.map(({ version }) => version).sort((a, b) => a - b);
    if (!isWhole(key, versions)) broken.push(`I5: ${service} announced versions ${shown(versions)} of ${key}`);
  }
  const counted = new Map(streams.map(({ _id, version }) => [_id, Number(version)]));
  for (const [key, version] of counted) {
    const last = rows.get(key)?.reduce((highest, row) => Math.max(highest, row.version), 0);
    if (last === undefined ? isYoung(key) : last !== version) {
      broken.push(`I4: ${service} counted ${version} events of ${key} and its outbox ends at ${last ?? 0}`);
    }
  }
  for (const key of rows.keys()) if (!counted.has(key)) broken.push(`I4: ${service} announced ${key} without counting`);
  return [...(pending === 0 ? [] : [`I4: ${pending} events of ${service} are not on Kafka`]), ...atMost(broken)];
}

/** Marks of one consumer group, in the order in which they were made; those of one transaction by version. Those of copies that failed again are left out. */
export function marksOf(inbox: readonly Mark[], group: string): (Mark & { eventId: string })[] {
  return inbox.flatMap((mark) => (mark._id.endsWith(`:${group}`) ? [{ ...mark, eventId: mark._id.slice(0, -group.length - 1) }] : []));
}

/** I4 where events go to: a group has seen each that was announced, and nothing else. */
export function seenOnce(group: string, outbox: readonly OutboxRow[], inbox: readonly Mark[]): Broken {
  const marks = new Map(marksOf(inbox, group).map((mark) => [mark.eventId, mark]));
  const broken: Broken = [];
  for (const { _id, key, version, at } of outbox) {
    const mark = marks.get(_id);
    marks.delete(_id);
    if (!mark && !mayBePurged(at)) broken.push(`I4: ${group} has not applied ${_id}`);
    else if (mark && (mark.key !== key || mark.version !== version))
      broken.push(`I5: ${group} saw ${_id} as version ${mark.version} of ${mark.key}`);
  }
  for (const eventId of marks.keys()) if (isYoung(eventId)) broken.push(`I4: ${group} applied ${eventId}, which is not announced`);
  return atMost(broken);
}

/** I5 as the consumer lived it: of each aggregate it saw one version after the other. A parked event has been seen too. */
export function seenInOrder(group: string, inbox: readonly Mark[]): Broken {
  const broken: Broken = [];
  for (const [key, marks] of Map.groupBy(marksOf(inbox, group), (mark) => mark.key)) {
    const versions = marks.map(({ version }) => version);
    if (!isWhole(key, versions)) broken.push(`I5: ${group} saw versions ${shown(versions)} of ${key}`);
  }
  return atMost(broken);
}

/** One more each time; from 1, unless the aggregate is so old that its first ones may have been purged. */
function isWhole(key: string, versions: readonly number[]): boolean {
  const [first = 1] = versions;
  return (first === 1 || !isYoung(key)) && versions.every((version, at) => version === first + at);
}

function shown(versions: readonly number[]): string {
  return versions.length > 12 ? `${versions.slice(0, 12).join(', ')} …` : versions.join(', ');
}
