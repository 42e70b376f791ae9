import { type Db, MongoClient } from 'mongodb';

/** What does not hold, in words; empty when everything does. Read from the engines themselves, not through a service. */
export type Broken = string[];

export interface Engines {
  readonly mongodb: { readonly uri: string };
}

/**
 * Invariants I1 and I3 to I5 over the databases of a Schoolbell that has come to rest: books balance, no gateway transaction is
 * applied twice, every outbox row is on Kafka and was applied once by each group, versions are without gaps.
 */
export async function brokenInvariants({ mongodb }: Engines, prefix = 'schoolbell'): Promise<Broken> {
  const client = await MongoClient.connect(mongodb.uri, { useBigInt64: true });
  try {
    const of = (service: string): Db => client.db(`${prefix}_${service}`);
    const parts = [
      ledgerBalances(of('billing')),
      receiptsAreUnique(of('billing')),
      ...['registry', 'attendance', 'billing', 'notification'].flatMap((service) => [
        outboxIsEmpty(of(service), service),
        versionsAreWhole(of(service), service),
      ]),
      appliedOnce(of('registry'), of('attendance'), 'attendance.registry'),
      appliedOnce(of('registry'), of('billing'), 'billing.registry'),
      appliedOnce(of('registry'), of('notification'), 'notification.registry'),
      appliedOnce(of('billing'), of('notification'), 'notification.billing'),
      deliveriesAreUnique(of('notification')),
    ];
    return (await Promise.all(parts)).flat();
  } finally {
    await client.close();
  }
}

type Posting = { account: string; debit: bigint; credit: bigint };

async function ledgerBalances(billing: Db): Promise<Broken> {
  const broken: Broken = [];
  const bySchool = new Map<string, bigint>();
  const byAccount = new Map<string, bigint>();
  for await (const entry of billing.collection('ledger').find()) {
    let difference = 0n;
    for (const { account, debit, credit } of entry.postings as Posting[]) {
      difference += debit - credit;
      byAccount.set(account, (byAccount.get(account) ?? 0n) + debit - credit);
    }
    if (difference !== 0n) broken.push(`I1: entry ${entry._id} is off by ${difference}`);
    bySchool.set(String(entry.schoolId), (bySchool.get(String(entry.schoolId)) ?? 0n) + difference);
  }
  for (const [school, difference] of bySchool) if (difference !== 0n) broken.push(`I1: school ${school} is off by ${difference}`);
  const balances = billing
    .collection('balances')
    .aggregate([{ $group: { _id: '$account', debit: { $sum: '$debit' }, credit: { $sum: '$credit' } } }]);
  for await (const { _id, debit, credit } of balances) {
    if (BigInt(debit) - BigInt(credit) !== (byAccount.get(String(_id)) ?? 0n))
      broken.push(`I1: the balance of ${_id} is not the sum of its postings`);
  }
  return broken;
}

async function receiptsAreUnique(billing: Db): Promise<Broken> {
  const twice = billing
    .collection('receipts')
    .aggregate([
      { $group: { _id: { gateway: '$gateway', transaction: '$gatewayTransaction' }, times: { $sum: 1 } } },
      { $match: { times: { $gt: 1 } } },
    ]);
  return (await twice.toArray()).map(({ _id }) => `I3: ${_id.gateway} ${_id.transaction} is booked twice`);
}

async function outboxIsEmpty(db: Db, service: string): Promise<Broken> {
  const pending = await db.collection('outbox').countDocuments({ pending: true });
  return pending === 0 ? [] : [`I4: ${pending} events of ${service} are not on Kafka`];
}

async function versionsAreWhole(db: Db, service: string): Promise<Broken> {
  const streams = db
    .collection('outbox')
    .aggregate([
      { $group: { _id: '$key', rows: { $sum: 1 }, last: { $max: '$version' } } },
      { $match: { $expr: { $ne: ['$rows', '$last'] } } },
    ]);
  return (await streams.toArray()).map(({ _id, rows, last }) => `I5: ${service} ${_id} has ${rows} events and reached version ${last}`);
}

async function appliedOnce(from: Db, to: Db, group: string): Promise<Broken> {
  const ids = new Set<string>();
  for await (const { _id } of to
    .collection<{ _id: string }>('inbox')
    .find({ _id: { $regex: `:${group}$` }, parked: { $exists: false } }, { projection: { _id: 1 } })) {
    ids.add(_id.slice(0, _id.indexOf(':')));
  }
  const broken: Broken = [];
  let announced = 0;
  for await (const { _id } of from.collection<{ _id: string }>('outbox').find({}, { projection: { _id: 1 } })) {
    announced++;
    if (!ids.has(_id)) broken.push(`I4: ${group} has not applied ${_id}`);
  }
  if (ids.size !== announced) broken.push(`I4: ${group} applied ${ids.size} of ${announced} events`);
  return broken.slice(0, 5);
}

async function deliveriesAreUnique(notification: Db): Promise<Broken> {
  const twice = notification
    .collection('deliveries')
    .aggregate([
      { $group: { _id: { event: '$eventId', guardian: '$guardianId', channel: '$channel' }, times: { $sum: 1 } } },
      { $match: { times: { $gt: 1 } } },
    ]);
  return (await twice.toArray()).map(({ _id }) => `I6: guardian ${_id.guardian} has two deliveries for event ${_id.event}`);
}
