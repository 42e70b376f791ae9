import { SuspenseItem } from '@schoolbell/contracts/school/billing/v1/billing';
import { BillingEvent, CreditReason } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { applyEvents, type EventMeta, type Session } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, schoolId } from '../../test/given.ts';
import { collections, notificationTx } from '../tx.ts';
import { listeners } from './listen.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, (session: Session) => ({ session, tx: notificationTx(session) }));
beforeEach(async () => {
  await database?.close();
  database = await open();
});
afterAll(() => database.close());

const [registry, billing] = listeners;
let sequence = 0;
function meta(overrides: Partial<EventMeta> = {}): EventMeta {
  sequence++;
  const times = { occurredAt: at('2026-11-21T00:05:01Z'), announcedAt: at('2026-11-21T00:05:02Z') };
  return { id: `event-${sequence}`, type: 'x', schoolId, key: 'k', version: 1, ...times, ...overrides };
}

// Through the bytes and the inbox, as Kafka brings them.
type RegistryFact = RegistryEvent['event'];
type BillingFact = BillingEvent['event'];
function apply(listener: (typeof listeners)[number] | undefined, body: Uint8Array, overrides: Partial<EventMeta>) {
  if (!listener) throw new Error('There is no such listener');
  return applyEvents(database.transact, listener, [{ meta: meta(overrides), body }]);
}
const onRegistry = (event: RegistryFact, overrides: Partial<EventMeta> = {}) =>
  apply(registry, RegistryEvent.encode({ event }).finish(), overrides);
const onBilling = (event: BillingFact, overrides: Partial<EventMeta> = {}) =>
  apply(billing, BillingEvent.encode({ event }).finish(), overrides);

const vnd = (minorUnits: bigint) => ({ currencyCode: 'VND', minorUnits });
const student = {
  studentId: 's1',
  schoolId,
  code: '79000701000001',
  fullName: 'Bùi Thanh Giang',
  classId: 'c1',
  className: '1A',
  grade: 1,
};
const guardian = {
  guardianId: 'g1',
  fullName: 'Phan Hữu Nam',
  phone: '+84915896980',
  email: 'nam@example.vn',
  language: 'en',
  wantsNotices: true,
  guardianships: [{ studentId: 's1', relation: 1 as const, validFrom: '2026-09-05', validUntil: '' }],
  provenance: [],
};
const paid = {
  invoiceId: 'i1',
  studentId: 's1',
  paid: vnd(1_250_000n),
  purpose: 0 as const,
  studentName: 'Bùi Thanh Giang',
  className: '1A',
  title: 'Thu tháng 11/2026',
  paidAt: at('2026-11-21T00:05:00Z'),
  gateway: 'vnpay',
  gatewayTransaction: '14349876',
};
const received = {
  receiptId: 'r1',
  invoiceId: 'i1',
  studentId: 's1',
  studentName: 'Bùi Thanh Giang',
  invoiceTitle: 'Thu tháng 11/2026',
  received: vnd(500_000n),
  applied: vnd(500_000n),
  outstanding: vnd(750_000n),
  gateway: 'vnpay',
  gatewayTransaction: '1',
  orderRef: 'x',
  paidAt: at('2026-11-21T00:05:00Z'),
};
const credited = {
  studentId: 's1',
  studentName: 'Bùi Thanh Giang',
  amount: vnd(250_000n),
  reason: CreditReason.PAID_TWICE,
  invoiceId: 'i1',
  invoiceTitle: 'Thu tháng 11/2026',
  receiptId: 'r2',
  meal: undefined,
  balance: undefined,
};

async function roster() {
  await onRegistry({ $case: 'schoolRegistered', value: { school: { schoolId, code: '79000701', name: 'Trường Hoa Phượng' } } });
  await onRegistry({ $case: 'studentEnrolled', value: { student } });
  await onRegistry({ $case: 'guardianChanged', value: { guardian, schoolId } });
}
const kinds = async () => (await database.db.collection('deliveries').find().sort({ _id: 1 }).toArray()).map(({ kind }) => kind);

test('a payment in full, a part of one and a credit are told; nothing else is', async () => {
  await roster();
  await onBilling({ $case: 'invoicePaid', value: paid });
  await onBilling({ $case: 'paymentReceived', value: received });
  await onBilling({ $case: 'accountCredited', value: credited });
  expect(await kinds()).toEqual(['INVOICE_PAID', 'PAYMENT_RECEIVED', 'ACCOUNT_CREDITED']);

  const item = SuspenseItem.fromPartial({ suspenseId: 'suspense-1' });
  const others: BillingFact[] = [
    { $case: 'paymentReceived', value: { ...received, outstanding: vnd(0n) } },
    { $case: 'invoiceVoided', value: { invoiceId: 'i1', studentId: 's1', title: 't', reason: 'r' } },
    { $case: 'invoiceIssued', value: { invoice: undefined } },
    { $case: 'paymentSuspended', value: { item } },
    { $case: 'suspenseResolved', value: { item, invoiceId: '' } },
    undefined, // A case that this build does not know.
  ];
  for (const event of others) expect(await onBilling(event)).toEqual({ ok: true, applied: 1 });
  expect(await kinds()).toHaveLength(3);
});

test('a letter belongs to the event, its times and the trace that brought it', async () => {
  await roster();
  await onBilling(
    { $case: 'invoicePaid', value: paid },
    { id: 'event-x', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  );
  expect(await database.db.collection('deliveries').findOne()).toMatchObject({
    eventId: 'event-x',
    occurredAt: at('2026-11-21T00:05:01Z'),
    announcedAt: at('2026-11-21T00:05:02Z'),
    traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/),
    language: 'en',
    message: { subject: 'Paid in full: Thu tháng 11/2026 – Bùi Thanh Giang' },
  });
});

test('the same event twice in a batch or later is heard once', async () => {
  await roster();
  for (let time = 0; time < 3; time++) await onBilling({ $case: 'invoicePaid', value: paid }, { id: 'event-again' });
  expect(await kinds()).toEqual(['INVOICE_PAID']);
});

test('a pupil who left is still the pupil of money that comes later', async () => {
  await roster();
  await onRegistry({ $case: 'studentLeft', value: { student, leftOn: '2026-11-20' } }, { version: 2 });
  await onBilling({ $case: 'invoicePaid', value: paid });
  expect(await kinds()).toEqual(['INVOICE_PAID']);
});

test('neither phone number nor pupil code nor the name of a pupil is kept of the roster', async () => {
  await roster();
  for (const name of ['schools', 'students', 'guardians']) {
    expect(JSON.stringify(await database.db.collection(name).find().toArray())).not.toMatch(/915896980|79000701000001|Giang/);
  }
});

test('an event that lacks what its contract promises is refused, and so parked', async () => {
  const refused = (field: string) => ({ ok: false, refusal: { code: 'EVENT_INCOMPLETE', field } });
  expect(await onRegistry({ $case: 'schoolRegistered', value: { school: undefined } })).toEqual(refused('school'));
  expect(await onRegistry({ $case: 'studentChanged', value: { student: undefined } })).toEqual(refused('student'));
  const wrong = { ...guardian, guardianships: [{ studentId: 's1', relation: 1 as const, validFrom: '2026-02-30', validUntil: '' }] };
  expect(await onRegistry({ $case: 'guardianChanged', value: { guardian: wrong, schoolId } })).toEqual(
    refused('guardian.guardianships.valid_from'),
  );
  expect(await onBilling({ $case: 'invoicePaid', value: { ...paid, paid: undefined } })).toEqual(refused('paid'));
  expect(await onBilling({ $case: 'accountCredited', value: { ...credited, amount: { currencyCode: 'USD', minorUnits: 1n } } })).toEqual(
    refused('amount'),
  );
  expect(await kinds()).toEqual([]);
});
