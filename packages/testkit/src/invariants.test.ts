import { randomBytes } from 'node:crypto';
import { type Document, MongoClient } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { said } from '../test/attendance-at-rest.ts';
import { endedEvent, lateEvent, lateWith, wrongLateEvent } from '../test/meals-at-rest.ts';
import { ids } from '../test/rows-at-rest.ts';
import { acknowledged, days, fact, order } from '../test/school-at-rest.ts';
import { forgetSchool, writeSchool } from '../test/write-school.ts';
import { brokenInvariants } from './invariants.ts';

type Row = Document & { _id: string };

const prefix = `test_${randomBytes(6).toString('hex')}`;
let client: MongoClient;
beforeAll(async () => {
  // Nothing here has to survive a crash, and the journal would be waited for a thousand times.
  client = await MongoClient.connect(inject('mongoUri'), { useBigInt64: true, writeConcern: { w: 1, journal: false } });
});
// What a test has had in its hands is written anew; all of it before the first.
let handled: Set<string> | undefined;
beforeEach(async () => {
  await writeSchool(client, prefix, handled);
  handled = new Set();
});
afterAll(async () => {
  await forgetSchool(client, prefix);
  await client.close();
});

const of = (service: string, collection: string) => {
  handled?.add(`${service}.${collection}`);
  return client.db(`${prefix}_${service}`).collection<Row>(collection);
};
const broken = () => brokenInvariants({ mongodb: { uri: inject('mongoUri') } }, { prefix, acknowledged });

async function again(service: string, collection: string, _id: string, change: object = {}): Promise<void> {
  const found = await of(service, collection).findOne({ _id });
  await of(service, collection).insertOne({ ...found, ...change, _id: uuidv7() });
}
async function remove(service: string, collection: string, filter: object): Promise<void> {
  expect((await of(service, collection).deleteOne(filter)).deletedCount).toBe(1);
}
async function change(service: string, collection: string, filter: object, update: object): Promise<void> {
  expect((await of(service, collection).updateOne(filter, update)).modifiedCount).toBe(1);
}
const eventOf = async (service: string, key: string, version: number) => (await of(service, 'outbox').findOne({ key, version }))?._id ?? '';
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

test('a school whose books, events and messages agree has nothing broken', async () => {
  expect(await broken()).toEqual([]);
});

/** Each named by what was done to the databases, with what must be said of it. */
const faults: readonly [name: string, says: RegExp, damage: () => Promise<void>][] = [
  [
    'an entry that does not balance',
    /^I1: entry paid is off by 1$/,
    () => change('billing', 'ledger', { _id: 'paid' }, { $inc: { 'postings.0.debit': 1n } }),
  ],
  [
    'a balance that lost a payment',
    /^I1: the balance of .*receivable/,
    () => change('billing', 'balances', { account: 'receivable:s' }, { $inc: { credit: -1n } }),
  ],
  ['a balance that is gone', /^I1: the balance of .*revenue/, () => remove('billing', 'balances', { account: 'revenue:x' })],
  [
    'a meal that says it was credited and the ledger does not',
    /^I1: meal .* says 35000 was credited and the ledger holds 0$/,
    () => remove('billing', 'ledger', { _id: `meal:${ids.cutMeal}:0` }),
  ],
  [
    'a meal that was cut and is credited by another price',
    /^I1: meal .* is credited 35000 and should be 36000$/,
    () => change('billing', 'meal_months', { studentId: ids.leaver }, { $set: { 'portions.0.price': 36_000n } }),
  ],
  [
    'a meal that billing keeps at another price',
    /^I4: billing[.]canteen keeps meal .* as BOOKED for 34000 and canteen said BOOKED for 35000 last$/,
    () => change('billing', 'meal_months', { studentId: ids.leaver }, { $set: { 'portions.1.price': 34_000n } }),
  ],
  [
    'a booking that billing does not know',
    /^I4: billing[.]canteen does not keep meal/,
    () => remove('billing', 'meal_months', { studentId: ids.leaver }),
  ],
  [
    'a meal that is on again and kept its credit',
    /^I1: meal .* is credited 35000 and should be 0$/,
    () => change('billing', 'meal_months', { studentId: ids.leaver }, { $set: { 'portions.0.status': 'BOOKED' } }),
  ],
  [
    'public money for a meal that was not eaten',
    /^I1: meal .* is supported and CUT_LATE$/,
    () => change('billing', 'meal_months', { studentId: ids.leaver }, { $set: { 'portions.1.status': 'CUT_LATE' } }),
  ],
  [
    'a meal bill that asks for more than its portions were charged',
    /^I1: meal bill .* asks for 70000 and its portions were charged 35000$/,
    () => change('billing', 'meal_months', { studentId: ids.leaver }, { $unset: { 'portions.1.charges': '' } }),
  ],
  [
    'a void meal bill whose portions are still charged',
    /^I1: meal bill .* asks for 0 and its portions were charged 70000$/,
    () => change('billing', 'invoices', { _id: ids.mealBill }, { $set: { status: 'VOID' } }),
  ],
  [
    'meals that nobody keeps any more',
    /^I1: the ledger holds 35000 for a meal nobody knows/,
    () => remove('billing', 'meal_months', { studentId: ids.leaver }),
  ],
  [
    'credit that was spent twice',
    /^I1: .*credit:.* holds 20000, and what came on it less what was spent is 15000$/,
    () => change('billing', 'invoices', { _id: ids.mealBill }, { $set: { creditApplied: 40_000n } }),
  ],
  [
    'a refund that no ledger entry paid',
    /^I3: gateways and bank owe 990000 by the ledger and 989000/,
    () => change('billing', 'refunds', { _id: ids.refund }, { $set: { amount: 11_000n } }),
  ],
  [
    'a credit that was told with another amount',
    /^I4: billing told of 70000 for meal .* and credited 35000$/,
    async () => again('billing', 'outbox', await eventOf('billing', ids.leaver, 2), { version: 6 }),
  ],
  [
    'a refund that was paid and not told',
    /^I4: billing announced refundPaid of .* 0 times$/,
    async () => remove('billing', 'outbox', { _id: await eventOf('billing', ids.leaver, 5) }),
  ],
  ['a receipt that is there twice', /^I3: vnpay T1 is booked twice$/, () => again('billing', 'receipts', ids.receipt)],
  [
    'the same transaction at another school',
    /^I3: vnpay T1 is booked twice$/,
    () => again('billing', 'receipts', ids.receipt, { schoolId: uuidv7() }),
  ],
  ['a payment without its receipt', /^I3: notice success brought money/, () => remove('billing', 'receipts', { _id: ids.receipt })],
  [
    'a receipt over another amount',
    /^I3: notice success brought money/,
    () => change('billing', 'receipts', { _id: ids.receipt }, { $set: { amount: 1n } }),
  ],
  ['a receipt that nobody brought', /^I3: receipt .* has no notice/, () => remove('billing', 'notices', { _id: 'success' })],
  [
    'an invoice that was paid without a receipt',
    /^I3: invoice .* says 500000/,
    () => change('billing', 'invoices', { _id: ids.openInvoice }, { $set: { paid: 500_000n } }),
  ],
  [
    'a notice that nobody settled',
    /^I3: notice success is kept and not settled$/,
    () => change('billing', 'notices', { _id: 'success' }, { $set: { state: 'KEPT' } }),
  ],
  [
    'a failure that its order does not know',
    /^I3: notice failure told of a failure/,
    () => change('billing', 'attempts', { _id: '79000701-2' }, { $set: { status: 'PENDING' } }),
  ],
  [
    'money in doubt that is on no work list',
    /^I3: notice failure told of money in doubt/,
    async () => {
      await change('billing', 'notices', { _id: 'failure' }, { $set: { 'notice.outcome': 'HELD', 'notice.orderRef': '79000701-3' } });
    },
  ],
  [
    'an unreadable notice of money that is on no work list',
    /^I3: notice failure may tell of money/,
    () => change('billing', 'notices', { _id: 'failure' }, { $set: { state: 'UNREADABLE', raw: 'vnp_ResponseCode=00&vnp_TxnRef=x' } }),
  ],
  [
    'suspended money that fell off the work list',
    /^I3: the money of receipt .* on no work list$/,
    () => remove('billing', 'suspense', { _id: ids.suspense }),
  ],
  [
    'an event that is not on Kafka',
    /^I4: 1 events of billing are not on Kafka$/,
    () => change('billing', 'outbox', { _id: fact }, { $set: { pending: true } }),
  ],
  [
    'an outbox that lost its last event',
    /^I4: registry counted 2 events of .* ends at 1$/,
    async () => remove('registry', 'outbox', { _id: await eventOf('registry', ids.student, 2) }),
  ],
  [
    'an outbox that lost its first event',
    /^I5: billing announced versions 2, 3, 4 of/,
    async () => remove('billing', 'outbox', { _id: await eventOf('billing', ids.student, 1) }),
  ],
  [
    'an outbox that skips a version',
    /^I5: billing announced versions 1, 2, 3, 5 of/,
    () => change('billing', 'outbox', { _id: fact }, { $set: { version: 5 } }),
  ],
  [
    'an invoice that was never announced',
    /^I4: billing announced invoiceIssued of .* 0 times$/,
    () => again('billing', 'invoices', ids.openInvoice),
  ],
  [
    'a payment that was announced twice',
    /^I4: billing announced invoicePaid of .* 2 times$/,
    () => again('billing', 'outbox', fact, { version: 5 }),
  ],
  [
    'a pupil who left unannounced',
    /^I4: pupil .* is LEFT and registry announced studentChanged last$/,
    () => change('registry', 'pupils', { _id: ids.student }, { $set: { status: 'LEFT' } }),
  ],
  [
    'a message that was sent and not announced',
    /^I4: delivery .* is SENT and notification announced nothing$/,
    () => remove('notification', 'outbox', { key: ids.asked }),
  ],
  [
    'a pupil who is away without anybody having heard of it',
    /^I4: pupil .* on 2026-11-24 MORNING is ABSENT_WITH_LEAVE since .* and attendance announced nothing last$/,
    async () => remove('attendance', 'outbox', { _id: await eventOf('attendance', said.pupil, 2) }),
  ],
  [
    'a correction that others have not heard of',
    /^I4: pupil .* on 2026-11-23 MORNING is ABSENT_WITHOUT_LEAVE since .* and attendance announced studentMarkedAbsent/,
    () => change('attendance', 'roll_calls', { _id: 'c2:2026-11-23:MORNING' }, { $pop: { submissions: 1 } }),
  ],
  [
    'leave that came back after all',
    /^I4: pupil .* on 2026-11-24 AFTERNOON is ABSENT_WITH_LEAVE .* announced studentExpectedAgain last$/,
    () => change('attendance', 'leaves', { _id: said.withdrawn }, { $unset: { withdrawnFrom: '' } }),
  ],
  [
    'leave that ends later than was announced',
    /^I4: pupil .* on 2026-11-24 AFTERNOON is ABSENT_WITH_LEAVE .* announced studentExpectedAgain last$/,
    () => change('attendance', 'leaves', { _id: said.withdrawn }, { $set: { withdrawnFrom: '2026-11-25' } }),
  ],
  [
    'leave that excuses since before others were told',
    /^I4: pupil .* on 2026-11-23 MORNING is ABSENT_WITH_LEAVE since .* and attendance announced studentMarkedAbsent/,
    () =>
      change(
        'attendance',
        'leaves',
        { _id: said.leave },
        { $set: { firstDay: '2026-11-23', reportedAt: daysAgo(2), requestedAt: new Date() } },
      ),
  ],
  [
    'a correction that forgot when the school was told',
    /^I4: pupil .* on 2026-11-23 MORNING is ABSENT_WITH_LEAVE since .* and attendance announced studentMarkedAbsent since/,
    () =>
      change(
        'attendance',
        'roll_calls',
        { _id: 'c2:2026-11-23:MORNING', 'submissions.id': said.correction },
        { $unset: { 'submissions.1.marks.0.reportedAt': '' } },
      ),
  ],
  [
    'an absence on a day that was closed later and was never taken back',
    /^I4: pupil .* on 2026-11-26 MORNING is NO_SCHOOL .* announced studentMarkedAbsent since/,
    async () => remove('attendance', 'outbox', { _id: await eventOf('attendance', said.pupil, 8) }),
  ],
  [
    'an absence that counts on a day without school',
    /^I4: pupil .* on 2026-11-26 MORNING is NO_SCHOOL and counted as ABSENT_WITHOUT_LEAVE$/,
    () => again('attendance', 'absences', `${said.pupil}:2026-11-23:MORNING`, { date: '2026-11-26', kind: 'ABSENT_WITHOUT_LEAVE' }),
  ],
  [
    'a day that was opened again without a word',
    /^I4: pupil .* on 2026-11-26 MORNING is ABSENT_WITHOUT_LEAVE since .* announced studentExpectedAgain last$/,
    async () => {
      await change('attendance', 'school_years', { _id: said.calendar }, { $set: { current: false } });
      await change('attendance', 'school_years', { _id: said.firstCalendar }, { $set: { current: true } });
    },
  ],
  [
    'an absence that is not counted',
    /^I4: pupil .* on 2026-11-23 MORNING is ABSENT_WITH_LEAVE and counted as present$/,
    () => remove('attendance', 'absences', { _id: `${said.pupil}:2026-11-23:MORNING` }),
  ],
  [
    'an absence that is counted and was not',
    /^I4: pupil .* on 2026-11-25 MORNING is PRESENT and counted as ABSENT_WITHOUT_LEAVE$/,
    () => again('attendance', 'absences', `${said.pupil}:2026-11-23:MORNING`, { date: '2026-11-25', kind: 'ABSENT_WITHOUT_LEAVE' }),
  ],
  [
    'a calendar that was never announced',
    /^I4: attendance announced calendar .* 0 times$/,
    () => again('attendance', 'school_years', said.calendar, { name: '2027-2028' }),
  ],
  [
    'a class teacher whose end was never announced',
    /^I4: teacher has class c2 until "2026-12-01" and attendance announced ""$/,
    () => change('attendance', 'class_teachers', {}, { $set: { validUntil: '2026-12-01' } }),
  ],
  [
    'a pupil whom attendance knows as they were before',
    /^I4: attendance[.]registry does not keep/,
    () => change('attendance', 'students', { _id: ids.student }, { $set: { className: '1B', version: 1 } }),
  ],
  [
    'an event that a group has not seen',
    /^I4: notification[.]billing has not applied/,
    () => remove('notification', 'inbox', { _id: `${fact}:notification.billing` }),
  ],
  [
    'a mark of an event that was never announced',
    /^I4: billing[.]registry applied .* which is not announced$/,
    async () => {
      const _id = `${uuidv7()}:billing.registry`;
      await of('billing', 'inbox').insertOne({ _id, schoolId: ids.school, key: ids.asked, version: 2, at: new Date() });
    },
  ],
  [
    'a pupil whom billing knows as they were before',
    /^I4: billing[.]registry does not keep/,
    () => change('billing', 'students', { _id: ids.student }, { $set: { className: '1B', version: 1 } }),
  ],
  [
    'a guardian whom notification does not know',
    /^I4: notification[.]registry does not keep/,
    () => remove('notification', 'guardians', { _id: ids.asked }),
  ],
  [
    'a consumer that skipped a version',
    /^I5: notification[.]billing saw versions 1, 2, 4 of/,
    async () => remove('notification', 'inbox', { _id: `${await eventOf('billing', ids.student, 3)}:notification.billing` }),
  ],
  [
    'a consumer that saw an older version after a newer one',
    /^I5: billing[.]registry saw versions 2, 1 of/,
    async () => {
      const _id = `${await eventOf('registry', ids.student, 1)}:billing.registry`;
      await change('billing', 'inbox', { _id }, { $set: { at: new Date(Date.now() + 60_000) } });
    },
  ],
  ['a fact without an alert', /^I4: notification[.]billing has no alert for/, () => remove('notification', 'alerts', { _id: fact })],
  [
    'a guardian who was not told',
    /^I4: notification[.]billing did not tell guardian/,
    () => remove('notification', 'deliveries', { _id: ids.delivery }),
  ],
  [
    'a guardian who was told without having asked',
    /^I4: notification[.]billing told guardian .* who did not ask/,
    () => again('notification', 'deliveries', ids.delivery, { guardianId: ids.silent, status: 'PENDING' }),
  ],
  [
    'a delivery for an event that is for nobody',
    /^I4: notification[.]billing told of .* which is no fact for guardians$/,
    async () => again('notification', 'deliveries', ids.delivery, { eventId: await eventOf('billing', ids.student, 1), status: 'PENDING' }),
  ],
  [
    'a delivery that is there twice',
    /^I6: guardian .* has two deliveries/,
    () => again('notification', 'deliveries', ids.delivery, { status: 'PENDING' }),
  ],
  [
    'an alert that counts other deliveries than it has',
    /^I6: alert .* counts 2 deliveries and has 1$/,
    () => change('notification', 'alerts', { _id: fact }, { $set: { deliveries: 2 } }),
  ],
  [
    'an absence that nobody was told of',
    /^I6: guardian .* was not told \(.*:2026-11-23:MORNING\)$/,
    async () => {
      await remove('notification', 'deliveries', { _id: ids.alarm });
      await change('notification', 'alerts', { kind: 'ABSENT', status: 'TOLD' }, { $set: { deliveries: 0 } });
    },
  ],
  [
    'an absence that was suppressed though it stands',
    /^I6: nobody will be told of an absence; it is SUPPRESSED CORRECTED/,
    () => change('notification', 'absence_alerts', { _id: days.away }, { $set: { status: 'SUPPRESSED', because: 'CORRECTED' } }),
  ],
  [
    'a false alarm that was never taken back',
    /^I6: guardian .* was told what does not stand, and has no retraction/,
    async () => {
      await remove('notification', 'deliveries', { _id: ids.retraction });
      await change('notification', 'alerts', { kind: 'MARK_RETRACTED' }, { $set: { deliveries: 0 } });
    },
  ],
  [
    'a false alarm that was taken back twice',
    /^I6: guardian .* has 2 retractions of one message/,
    () => again('notification', 'deliveries', ids.retraction),
  ],
  [
    'a retraction of what never went out',
    /^I6: guardian .* has a retraction of what never went out/,
    () => change('notification', 'deliveries', { _id: ids.falseAlarm }, { $set: { status: 'FAILED' } }),
  ],
  [
    'an alarm that is still to go out though it does not stand',
    /^I6: guardian .* is going to be told what does not stand/,
    () => change('notification', 'deliveries', { _id: ids.falseAlarm }, { $set: { status: 'PENDING' } }),
  ],
  [
    'an alert that stands although the pupil is there',
    /^I6: guardians are or will be told of a pupil who is not away; it is HELD/,
    () => change('notification', 'absence_alerts', { _id: days.there }, { $set: { status: 'HELD' } }),
  ],
  [
    'a meal that is told with another and was told to nobody',
    /^I4: notification[.]canteen did not tell guardian .* of .*$/,
    async () => {
      await remove('notification', 'deliveries', { _id: ids.lateLetter });
      await change('notification', 'alerts', { _id: lateEvent }, { $set: { deliveries: 0 } });
    },
  ],
  [
    'a meal that is told with an alert that is gone',
    /^I6: alert .* is told with .*, which tells nothing$/,
    () => change('notification', 'alerts', { _id: lateWith }, { $set: { toldWith: uuidv7() } }),
  ],
  [
    'a meal that is told with one that waits itself',
    /^I6: alert .* is told with .*, which tells nothing$/,
    () => change('notification', 'alerts', { _id: lateEvent }, { $set: { status: 'WAITING' } }),
  ],
  [
    'a meal that is told with what is about something else',
    /^I6: alert .* is told with .*, which tells something else$/,
    () => change('notification', 'alerts', { _id: lateWith }, { $set: { kind: 'MEAL_CREDITED' } }),
  ],
  [
    "a meal that is told with another pupil's",
    /^I6: alert .* is told with .*, which tells something else$/,
    () => change('notification', 'alerts', { _id: lateWith }, { $set: { studentId: ids.leaver } }),
  ],
  [
    'a meal that is told twice, by its own letter and by another',
    /^I6: alert .* is told with another and has 1 deliveries$/,
    async () => {
      await again('notification', 'deliveries', ids.lateLetter, { eventId: lateWith });
      await change('notification', 'alerts', { _id: lateWith }, { $set: { deliveries: 1 } });
    },
  ],
  [
    'a meal that was withdrawn for no reason',
    /^I4: notification[.]canteen did not tell guardian .* of .*$/,
    () => change('notification', 'alerts', { _id: lateWith }, { $set: { status: 'WITHDRAWN' }, $unset: { toldWith: '' } }),
  ],
  [
    'a meal that waits for no absence',
    /^I4: notification[.]canteen did not tell guardian .* of .*$/,
    () => change('notification', 'alerts', { _id: lateWith }, { $set: { status: 'WAITING' }, $unset: { toldWith: '' } }),
  ],
  [
    'a false late cut that was never taken back',
    /^I6: guardian .* was told that meal .* was cut too late, and has no correction$/,
    async () => {
      await remove('notification', 'deliveries', { _id: ids.correction });
      await change('notification', 'alerts', { _id: endedEvent }, { $set: { deliveries: 0 } });
    },
  ],
  [
    'a false late cut that was taken back twice',
    /^I6: guardian .* has 2 corrections of a letter of which 1 late cuts ended$/,
    () => again('notification', 'deliveries', ids.correction),
  ],
  [
    'a late cut that stands and was taken back',
    /^I6: guardian .* has 1 corrections of a letter of which 0 late cuts ended$/,
    () => change('notification', 'deliveries', { _id: ids.correction }, { $set: { retracts: ids.lateLetter } }),
  ],
  [
    'a correction that notification never heard',
    /^I4: notification.attendance knows .* as of version 2 and not 3$/,
    () => change('notification', 'absence_alerts', { _id: days.there }, { $set: { version: 2 } }),
  ],
  [
    'a scan that was taken and is gone',
    /^I7: submission .* is missing$/,
    () => remove('attendance', 'roll_calls', { _id: 'c2:2026-11-23:AFTERNOON' }),
  ],
  ['a leave that was granted and is gone', /^I7: leave .* is missing$/, () => remove('attendance', 'leaves', { _id: said.leave })],
  [
    'a withdrawal that was taken and is gone',
    /^I7: the withdrawal of leave .* is missing$/,
    () => change('attendance', 'leaves', { _id: said.withdrawn }, { $unset: { withdrawnAt: '', withdrawnFrom: '' } }),
  ],
  ['an order that was given out and is gone', /^I7: order .* is missing$/, () => remove('billing', 'attempts', { _id: order })],
  ['a notice that was confirmed and is gone', /^I7: the notice of .* is missing$/, () => remove('billing', 'notices', { _id: 'success' })],
  ['a run that lost an invoice', /^I7: run .* issued 1 of 2/, () => remove('billing', 'invoices', { _id: ids.openInvoice })],
  [
    'an import that came to a halt',
    /^I7: import .* is not taken over$/,
    () => change('registry', 'imports', { _id: ids.import }, { $set: { status: 'APPLYING' } }),
  ],
];

describe('is named', () => {
  for (const [name, says, damage] of faults) {
    test(name, async () => {
      await damage();
      expect(await broken()).toContainEqual(expect.stringMatching(says));
    });
  }
});

describe('is not held against anybody', () => {
  test('an event that a group has parked', async () => {
    await change('notification', 'inbox', { _id: `${fact}:notification.billing` }, { $set: { parked: 'EVENT_INCOMPLETE' } });
    await remove('notification', 'alerts', { _id: fact });
    await remove('notification', 'deliveries', { _id: ids.delivery });
    expect(await broken()).toEqual([]);
  });

  const waiting = { $set: { status: 'WAITING' }, $unset: { toldWith: '' } };

  test('a meal that waits as long as an absence of its day is held, or has just been corrected', async () => {
    await change('notification', 'alerts', { _id: lateWith }, waiting);
    const half = { _id: `${ids.student}:2026-11-25:AFTERNOON`, schoolId: ids.school, version: 0 };
    await of('notification', 'absence_alerts').insertOne({ ...half, status: 'HELD' });
    expect(await broken()).toEqual([]);
    await change('notification', 'absence_alerts', half, { $set: { status: 'SUPPRESSED', because: 'CORRECTED' } });
    expect(await broken()).toEqual([]);
    await change('notification', 'alerts', { _id: lateWith }, { $set: { heardAt: new Date(Date.now() - 3_600_000) } });
    expect(await broken()).not.toEqual([]);
  });

  test('a meal of which nobody was told because a person held the absence back, or because it was on again before', async () => {
    await change('notification', 'alerts', { _id: lateWith }, { $set: { status: 'WITHDRAWN' }, $unset: { toldWith: '' } });
    const half = { _id: `${ids.student}:2026-11-25:AFTERNOON`, schoolId: ids.school, version: 0 };
    await of('notification', 'absence_alerts').insertOne({ ...half, status: 'SUPPRESSED', because: 'HELD_BACK' });
    for (const _id of [wrongLateEvent, endedEvent])
      await change('notification', 'alerts', { _id }, { $set: { status: 'WITHDRAWN', deliveries: 0 } });
    for (const _id of [ids.wrongLetter, ids.correction]) await remove('notification', 'deliveries', { _id });
    expect((await broken()).filter((line) => /^I4: notification[.](billing|canteen)|^I6/.test(line))).toEqual([]);
  });

  test('an event that was parked and is applied long after those behind it', async () => {
    const _id = `${await eventOf('registry', ids.student, 1)}:billing.registry`;
    const mark = await of('billing', 'inbox').findOne({ _id });
    await change('billing', 'inbox', { _id }, { $set: { at: new Date(Date.now() + 60_000), parkedAt: mark?.at } });
    expect(await broken()).toEqual([]);
  });

  test('a half-day that a new calendar closes while its walk has still to come', async () => {
    await remove('attendance', 'outbox', { _id: await eventOf('attendance', said.pupil, 8) });
    await change('attendance', 'calendar_walks', { _id: said.calendar }, { $set: { dueAt: new Date() } });
    expect((await broken()).filter((line) => line.includes('2026-11-26 MORNING'))).toEqual([]);
  });

  test('what was purged after ninety days, at either end', async () => {
    const old = uuidv7({ msecs: daysAgo(200).getTime() });
    const key = { key: old, schoolId: ids.school };
    const event = {
      ...(await of('registry', 'outbox').findOne({ key: ids.silent })),
      ...key,
      _id: uuidv7({ msecs: daysAgo(95).getTime() }),
    };
    await of('registry', 'outbox').insertOne({ ...event, version: 3, at: daysAgo(95) });
    await of('registry', 'streams').insertOne({ _id: old, schoolId: ids.school, version: 3 });
    const mark = `${uuidv7({ msecs: daysAgo(100).getTime() })}:billing.registry`;
    await of('billing', 'inbox').insertOne({ ...key, _id: mark, version: 2, at: daysAgo(100) });
    // What it says of a guardian is still the last that was said.
    const known = await of('notification', 'guardians').findOne({ _id: ids.silent });
    await of('notification', 'guardians').insertOne({ ...known, _id: old, version: 3 });
    const attending = await of('attendance', 'guardians').findOne({ _id: ids.silent });
    await of('attendance', 'guardians').insertOne({ ...attending, _id: old, version: 3 });
    expect(await broken()).toEqual([]);
  });

  test('a service that does not run', async () => {
    await client.db(`${prefix}_notification`).dropDatabase();
    handled = undefined;
    const options = { prefix, services: ['registry', 'billing'] } as const;
    expect(await brokenInvariants({ mongodb: { uri: inject('mongoUri') } }, options)).toEqual([]);
  });
});
