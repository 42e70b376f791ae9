import { vnd } from '@schoolbell/kernel';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, day, guardian, invoicePaid, origin, schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { alertGuardians } from './alert-guardians.ts';
import { composeWaitingAlerts } from './compose-waiting-alerts.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  await given.school();
  await given.student();
});
afterAll(() => database.close());

const deliveries = () => database.db.collection('deliveries').find().sort({ guardianId: 1 }).toArray();
const told = async (): Promise<string[]> => (await deliveries()).map(({ guardianId }) => String(guardianId));

test('each guardian who asked for notices gets one letter in the own language', async () => {
  await given.guardian(guardian('g1'));
  await given.guardian(guardian('g2', { language: 'en' }));
  expect(await given.paid('e1')).toEqual({ ok: true, value: { outcome: 'COMPOSED', deliveries: 2 } });
  const [first, second] = await deliveries();
  expect(first).toMatchObject({
    guardianId: 'g1',
    eventId: 'e1',
    studentId: 'pupil-1',
    channel: 'EMAIL',
    language: 'vi',
    status: 'PENDING',
    kind: 'INVOICE_PAID',
    invoiceId: 'invoice-1',
  });
  expect(first?.message.subject).toBe('Đã nhận đủ tiền: Thu tháng 11/2026 – Bùi Thanh Giang');
  expect(second?.message.subject).toBe('Paid in full: Thu tháng 11/2026 – Bùi Thanh Giang');
});

test('the same event heard again, even at the same time, tells nobody twice', async () => {
  await given.guardian(guardian('g1'));
  await Promise.all([given.paid('e1'), given.paid('e1'), given.paid('e1')]);
  expect(await given.paid('e1')).toEqual({ ok: true, value: { outcome: 'KNOWN_ALREADY' } });
  expect(await told()).toEqual(['g1']);
});

test('without consent, without an address or with an ended guardianship nobody is told, and nothing waits', async () => {
  await given.guardian(guardian('silent', { wantsNotices: false }));
  await given.guardian(guardian('unreachable', { email: '' }));
  await given.guardian(
    guardian('former', { guardianships: [{ studentId: 'pupil-1', from: day('2026-09-05'), until: day('2026-11-21') }] }),
  );
  await given.guardian(guardian('other', { guardianships: [{ studentId: 'pupil-2', from: day('2026-09-05') }] }));
  expect(await given.paid('e1')).toEqual({ ok: true, value: { outcome: 'COMPOSED', deliveries: 0 } });
  expect(await told()).toEqual([]);
});

test('a guardianship counts on the day of the fact in Vietnam, not in UTC', async () => {
  await given.guardian(
    guardian('former', { guardianships: [{ studentId: 'pupil-1', from: day('2026-09-05'), until: day('2026-11-21') }] }),
  );
  await given.guardian(guardian('new', { guardianships: [{ studentId: 'pupil-1', from: day('2026-11-21') }] }));
  await given.paid('evening', { occurredAt: at('2026-11-20T16:59:59Z') });
  expect(await told()).toEqual(['former']);
  await given.paid('midnight', { occurredAt: at('2026-11-20T17:00:00Z') });
  expect(await told()).toEqual(['former', 'new']);
});

test('a fact that comes before the roster waits, whichever part of the roster is missing', async () => {
  expect(await given.paid('e1')).toEqual({ ok: true, value: { outcome: 'WAITING' } }); // No guardian yet.
  await given.guardian(guardian('g2', { guardianships: [{ studentId: 'pupil-2', from: day('2026-09-05') }] }));
  expect(await given.paid('e2', { studentId: 'pupil-2' })).toEqual({ ok: true, value: { outcome: 'WAITING' } }); // No pupil yet.
  expect(await given.paid('e1')).toEqual({ ok: true, value: { outcome: 'KNOWN_ALREADY' } });
  expect(await database.read({ schoolId }, (tx) => tx.alerts.countWaiting())).toBe(2);
});

test('a guardian who becomes known later does not get what was told before', async () => {
  await given.guardian(guardian('g1'));
  await given.paid('e1');
  await given.guardian(guardian('g2'));
  await given.paid('e2');
  expect(await told()).toEqual(['g1', 'g1', 'g2']);
});

test('a told alert keeps no name of anybody once nobody is looked for any more', async () => {
  const heard = at('2026-11-21T00:05:03Z');
  database.setNow(heard);
  await given.guardian(guardian('g1'));
  await given.paid('e1');
  expect(await database.read({ schoolId }, (tx) => tx.alerts.countWaiting())).toBe(0);
  database.setNow(new Date(heard.getTime() + 600_000));
  await given.run((tx) => composeWaitingAlerts(tx, { limit: 10 }));
  expect(JSON.stringify(await database.db.collection('alerts').find().toArray())).not.toMatch(/Giang|Phan|example/);
});

test('an amount is told to the đồng, however large', async () => {
  await given.guardian(guardian('g1'));
  await given.run((tx) =>
    alertGuardians(tx, { origin: origin('e1', { traceparent: '00-11-22-01' }), fact: invoicePaid({ paid: vnd(9_007_199_254_740_993n) }) }),
  );
  const [delivery] = await deliveries();
  expect(delivery?.message.text).toContain('9.007.199.254.740.993 ₫');
  expect(delivery?.traceparent).toBe('00-11-22-01');
});
