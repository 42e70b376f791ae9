import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import {
  AbsenceAlertStatus,
  Confirmation,
  DeliveryStatus,
  SuppressionReason,
} from '@schoolbell/contracts/school/notification/v1/notification';
import {
  ConfirmAbsenceAlertsRequest,
  ConfirmAbsenceAlertsResponse,
  CountDeliveriesResponse,
  GetAbsenceAlertPolicyRequest,
  GetAbsenceAlertPolicyResponse,
  GetDeliveryRequest,
  GetDeliveryResponse,
  HoldAbsenceAlertRequest,
  HoldAbsenceAlertResponse,
  ListAbsenceAlertsRequest,
  ListAbsenceAlertsResponse,
  ListDeliveriesRequest,
  ListDeliveriesResponse,
  SetAbsenceAlertPolicyRequest,
  SetAbsenceAlertPolicyResponse,
} from '@schoolbell/contracts/school/notification/v1/notification_service';
import type { Call } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guardian, markedAt, schoolId, steps } from '../../test/given.ts';
import { collections } from '../store/indexes.ts';
import { notificationTx } from '../tx.ts';
import { claimDeliveries } from '../usecases/deliveries/claim-deliveries.ts';
import { recordDelivery } from '../usecases/deliveries/record-delivery.ts';
import { notificationRpc } from './rpc.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
  const given = steps(database.transact);
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1'))]) await event();
  for (const event of ['e1', 'e2', 'e3']) await given.paid(event);
  const [first] = (await given.run((tx) => claimDeliveries(tx, { limit: 1, leaseMs: 60_000 }))).value.claimed;
  if (!first) throw new Error('nothing was due');
  const { id, claim } = first.delivery;
  await given.run((tx) => recordDelivery(tx, { deliveryId: id, claim, outcome: { kind: 'ADDRESS_REFUSED', error: '550 5.1.1' } }));
});
afterAll(() => database.close());

const principal = { subject: 'principal@79000701', roles: ['principal'] };
const lan = { subject: 'lan@79000701', roles: ['teacher'] };
const woken: string[] = [];

function call(method: string, request: Uint8Array, school = schoolId, { subject, roles } = principal) {
  const found = notificationRpc({ ...database, now: () => new Date(), wake: (tick) => woken.push(tick) }).methods.find(({ name }) =>
    name.endsWith(`/${method}`),
  );
  const caller = { subject, schoolId: school, roles };
  const context: Call = {
    caller,
    acting: roles,
    schoolId: school,
    deadline: new Date(Date.now() + 300_000),
    language: 'en',
    signal: new AbortController().signal,
  };
  if (!found) throw new Error(`There is no ${method}`);
  return found.handle(Buffer.from(request), context);
}
async function list(request: Partial<ListDeliveriesRequest>, school?: string) {
  const answer = await call('ListDeliveries', ListDeliveriesRequest.encode(ListDeliveriesRequest.fromPartial(request)).finish(), school);
  return answer.ok ? ListDeliveriesResponse.decode(answer.value) : answer.refusal;
}

test('deliveries are listed page by page, and one can be fetched', async () => {
  const first = await list({ page: { size: 2, token: '' } });
  if (!('deliveries' in first)) throw new Error(first.code);
  expect(first.deliveries.map(({ eventId }) => eventId)).toEqual(['e3', 'e2']);
  const second = await list({ page: { size: 2, token: first.page?.nextToken ?? '' } });
  if (!('deliveries' in second)) throw new Error(second.code);
  const [oldest] = second.deliveries;
  expect(oldest).toMatchObject({
    eventId: 'e1',
    status: DeliveryStatus.FAILED,
    attempts: 1,
    lastError: 'ADDRESS_REFUSED: 550 5.1.1',
    sentAt: undefined,
    kind: 'INVOICE_PAID',
  });
  expect(second.page?.nextToken).toBe('');

  const one = await call('GetDelivery', GetDeliveryRequest.encode({ deliveryId: oldest?.deliveryId ?? '' }).finish());
  expect(one.ok && GetDeliveryResponse.decode(one.value).delivery).toEqual(oldest);
});

test('a list can be narrowed to one state', async () => {
  const failed = await list({ status: DeliveryStatus.FAILED });
  expect('deliveries' in failed && failed.deliveries.map(({ eventId }) => eventId)).toEqual(['e1']);
});

test('the counts of the school are told', async () => {
  const counted = await call('CountDeliveries', new Uint8Array());
  expect(counted.ok && CountDeliveriesResponse.decode(counted.value)).toEqual({
    pending: 2n,
    sending: 0n,
    sent: 0n,
    failed: 1n,
    waitingForRoster: 0n,
  });
});

test.each([
  ['a page that is too long', { page: { size: 501, token: '' } }, 'page.size'],
  ['a page token of somebody else', { page: { size: 0, token: '{"$gt":""}' } }, 'page.token'],
  ['a token that is no text', { page: { size: 0, token: '!!!' } }, 'page.token'],
  ['a state that does not exist', { status: 99 as never }, 'status'],
])('%s is refused in words', async (_, request, field) => {
  const refusal = await list(request);
  if ('deliveries' in refusal) throw new Error('was answered');
  expect(refusal).toMatchObject({ code: 'INPUT_INVALID', facts: { field } });
  for (const text of [refusal.text.vi, refusal.text.en]) expect(text).toMatch(/^\p{Lu}.+\.$/u);
  expect(refusal.text.en).not.toContain('{');
});

test('what looks like an operator is only a text that matches nothing', async () => {
  for (const odd of ['{"$ne":null}', '$where', '[]', 'x'.repeat(100_000)]) {
    expect(await list({ invoiceId: odd })).toMatchObject({ deliveries: [] });
    expect(await list({ studentId: odd })).toMatchObject({ deliveries: [] });
    const one = await call('GetDelivery', GetDeliveryRequest.encode({ deliveryId: odd }).finish());
    expect(one).toMatchObject({ ok: false, refusal: { code: 'DELIVERY_NOT_FOUND' } });
  }
});

test('another school sees nothing', async () => {
  expect(await list({}, 'other')).toMatchObject({ deliveries: [] });
});

const half = { date: '2026-11-23', session: DaySession.MORNING };
const verify = async (who = lan, classId = 'class-1a') => {
  const answer = await call(
    'ListAbsenceAlerts',
    ListAbsenceAlertsRequest.encode({ classId, ...half, page: undefined }).finish(),
    schoolId,
    who,
  );
  return answer.ok ? ListAbsenceAlertsResponse.decode(answer.value).alerts : answer.refusal.code;
};

test('a class teacher verifies, holds back and confirms; what is confirmed wakes the clock', async () => {
  const given = steps(database.transact);
  await given.teacher('lan@79000701', 'class-1a');
  await given.marked(1);
  await given.marked(2, { studentId: 'pupil-2', studentName: 'An', kind: 'LATE' });
  expect(await verify()).toMatchObject([
    {
      ...{ studentId: 'pupil-1', className: '1A', ...half, kind: MarkKind.ABSENT_WITHOUT_LEAVE, status: AbsenceAlertStatus.HELD },
      ...{ reportedAt: markedAt, releaseAt: new Date(markedAt.getTime() + 600_000), decidedBy: '', changedAt: undefined },
    },
    { studentId: 'pupil-2', kind: MarkKind.LATE, status: AbsenceAlertStatus.SUPPRESSED, suppressedBecause: SuppressionReason.NOT_TOLD },
  ]);

  const hold = HoldAbsenceAlertRequest.encode({ studentId: 'pupil-1', ...half, reason: 'Mẹ đang ở trường' }).finish();
  const held = await call('HoldAbsenceAlert', hold, schoolId, lan);
  expect(held.ok && HoldAbsenceAlertResponse.decode(held.value).alert).toMatchObject({
    ...{ status: AbsenceAlertStatus.SUPPRESSED, suppressedBecause: SuppressionReason.HELD_BACK },
    ...{ decidedBy: 'lan@79000701', reason: 'Mẹ đang ở trường', releaseAt: undefined },
  });

  const confirm = ConfirmAbsenceAlertsRequest.encode({ classId: 'class-1a', ...half, studentIds: ['pupil-1'] }).finish();
  const confirmed = await call('ConfirmAbsenceAlerts', confirm, schoolId, lan);
  expect(confirmed.ok && ConfirmAbsenceAlertsResponse.decode(confirmed.value).alerts).toMatchObject([{ decidedBy: 'lan@79000701' }]);
  expect(woken).toEqual(['due absences']);
});

test('the teacher of another class is refused; a principal who also teaches acts for the school', async () => {
  expect(await verify({ ...lan, subject: 'minh@79000701' })).toBe('NOT_YOUR_CLASS');
  expect(await verify(lan, 'class-1b')).toBe('NOT_YOUR_CLASS');
  expect(await verify({ subject: 'principal@79000701', roles: ['teacher', 'principal'] }, 'class-1b')).toEqual([]);
});

test('a policy is laid down and read back by its day', async () => {
  const policy = {
    ...{
      policyId: '0198c1de-6c1e-7b5e-9c1a-000000000001',
      effectiveFrom: '2027-01-01',
      confirmation: Confirmation.NEEDED,
      citation: 'QĐ 12',
    },
    ...{ tellWithoutLeave: true, tellWithLeave: false, tellLate: true, graceMinutes: 5, longestWaitMinutes: 30 },
  };
  const set = await call('SetAbsenceAlertPolicy', SetAbsenceAlertPolicyRequest.encode({ policy }).finish());
  expect(set.ok && SetAbsenceAlertPolicyResponse.decode(set.value).policy).toEqual(policy);
  const on = async (date: string) => {
    const got = await call('GetAbsenceAlertPolicy', GetAbsenceAlertPolicyRequest.encode({ date }).finish());
    return got.ok && GetAbsenceAlertPolicyResponse.decode(got.value).policy;
  };
  expect(await on('2027-01-01')).toEqual(policy);
  expect(await on('2026-12-31')).toMatchObject({ policyId: '', graceMinutes: 10, confirmation: Confirmation.NOT_NEEDED });
  expect(await on('')).toMatchObject({ graceMinutes: expect.any(Number) });
});

test.each([
  ['an unknown pupil', 'HoldAbsenceAlert', HoldAbsenceAlertRequest.encode({ studentId: 'x', ...half, reason: 'r' }), 'ALERT_NOT_FOUND'],
  ['a day that is none', 'GetAbsenceAlertPolicy', GetAbsenceAlertPolicyRequest.encode({ date: 'soon' }), 'INPUT_INVALID'],
  [
    'a list without a class',
    'ListAbsenceAlerts',
    ListAbsenceAlertsRequest.encode({ classId: '', ...half, page: undefined }),
    'INPUT_INVALID',
  ],
  [
    'a token of another list',
    'ListAbsenceAlerts',
    ListAbsenceAlertsRequest.encode({
      classId: 'class-1a',
      ...half,
      page: { size: 1, token: Buffer.from('pupil-9').toString('base64url') },
    }),
    'PAGE_TOKEN_WRONG',
  ],
])('%s is refused in words of both languages', async (_, method, request, code) => {
  const answer = await call(method, request.finish());
  if (answer.ok) throw new Error('was answered');
  expect(answer.refusal.code).toBe(code);
  for (const text of [answer.refusal.text.vi, answer.refusal.text.en]) {
    expect(text).toMatch(/^\p{Lu}.+\.$/u);
    expect(text).not.toContain('{');
  }
});
