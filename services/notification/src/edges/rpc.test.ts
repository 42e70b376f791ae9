import { DeliveryStatus } from '@schoolbell/contracts/school/notification/v1/notification';
import {
  CountDeliveriesResponse,
  GetDeliveryRequest,
  GetDeliveryResponse,
  ListDeliveriesRequest,
  ListDeliveriesResponse,
} from '@schoolbell/contracts/school/notification/v1/notification_service';
import type { Call } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guardian, schoolId, steps } from '../../test/given.ts';
import { collections, notificationTx } from '../tx.ts';
import { claimDeliveries } from '../usecases/delivery/claim-deliveries.ts';
import { recordDelivery } from '../usecases/delivery/record-delivery.ts';
import { notificationService } from './rpc.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
  const given = steps(database.transact);
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1'))]) await event();
  for (const event of ['e1', 'e2', 'e3']) await given.paid(event);
  const [first] = (await given.run((tx) => claimDeliveries(tx, { limit: 1, leaseMs: 60_000 }))).value;
  if (!first) throw new Error('nothing was due');
  const { id, claim } = first.delivery;
  await given.run((tx) => recordDelivery(tx, { deliveryId: id, claim, outcome: { kind: 'ADDRESS_REFUSED', error: '550 5.1.1' } }));
});
afterAll(() => database.close());

function call(method: string, request: Uint8Array, school = schoolId) {
  const found = notificationService({ ...database, now: () => new Date(), wake: () => undefined }).methods.find(({ name }) =>
    name.endsWith(`/${method}`),
  );
  const caller = { subject: 'principal@79000701', schoolId: school, roles: ['principal'] };
  const context: Call = {
    caller,
    schoolId: school,
    deadline: new Date(Date.now() + 5_000),
    language: 'en',
    signal: AbortSignal.timeout(5_000),
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
  ['a page that is too long', { page: { size: 501, token: '' } }, 'PAGE_SIZE_WRONG'],
  ['a page token of somebody else', { page: { size: 0, token: '{"$gt":""}' } }, 'PAGE_TOKEN_WRONG'],
  ['a token that is no text', { page: { size: 0, token: '!!!' } }, 'PAGE_TOKEN_WRONG'],
  ['a state that does not exist', { status: 99 as never }, 'STATUS_WRONG'],
])('%s is refused in words', async (_, request, code) => {
  const refusal = await list(request);
  if ('deliveries' in refusal) throw new Error('was answered');
  expect(refusal.code).toBe(code);
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
