import { atMost, type Broken, type Evidence, isYoung, mayBePurged } from './evidence.ts';

type Counted = (what: string, id: string) => number;

/** I4: every change of state has its one event. */
export function changesAreAnnounced({ registry, billing, notification }: Evidence): Broken {
  return [
    ...(billing ? atMost(billingAnnounced(billing)) : []),
    ...(registry ? atMost(registryAnnounced(registry)) : []),
    ...(notification ? atMost(notificationAnnounced(notification)) : []),
  ];
}

function billingAnnounced({ told, invoices, receipts, refunds, suspense }: NonNullable<Evidence['billing']>): Broken {
  const times = new Map<string, number>();
  for (const { event } of told) {
    if (!event) continue;
    const name = `${event.$case} ${subjectOf(event)}`;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  const count: Counted = (what, id) => times.get(`${what} ${id}`) ?? 0;
  const broken: Broken = [];
  const once = (what: string, id: string, expected = 1) => {
    if (count(what, id) !== expected) broken.push(`I4: billing announced ${what} of ${id} ${count(what, id)} times`);
  };
  for (const { _id, status, total, creditApplied = 0n, issuedAt } of invoices) {
    if (mayBePurged(issuedAt)) continue;
    once('invoiceIssued', _id);
    // What credit alone had paid can still be voided.
    once('invoicePaid', _id, status === 'PAID' || (status === 'VOID' && creditApplied === total) ? 1 : 0);
    once('invoiceVoided', _id, status === 'VOID' ? 1 : 0);
    once('accountCredited', _id, status === 'VOID' && creditApplied > 0n ? 1 : 0);
  }
  for (const { _id, status, since, requestedAt, closedAt = since } of refunds) {
    if (mayBePurged(requestedAt ?? since) || mayBePurged(closedAt)) continue;
    once('refundPaid', _id, status === 'PAID' ? 1 : 0);
    const asked = count('refundRequested', _id);
    if (asked > 1 || (requestedAt !== undefined && asked === 0))
      broken.push(`I4: billing announced refundRequested of ${_id} ${asked} times`);
  }
  for (const { _id, placement, excess = 0n, receivedAt } of receipts) {
    if (mayBePurged(receivedAt)) continue;
    once('paymentReceived', _id, placement === 'INVOICE' ? 1 : 0);
    once('accountCredited', _id, excess > 0n ? 1 : 0);
  }
  for (const { _id, status, since } of suspense) {
    if (mayBePurged(since)) continue;
    // Asked again where money came to an item after all, and answered again.
    if (count('paymentSuspended', _id) === 0) broken.push(`I4: billing announced paymentSuspended of ${_id} 0 times`);
    if (status === 'RESOLVED' && count('suspenseResolved', _id) === 0)
      broken.push(`I4: billing announced suspenseResolved of ${_id} 0 times`);
  }
  return broken;
}

type BillingFact = NonNullable<NonNullable<Evidence['billing']>['told'][number]['event']>;

function subjectOf(event: BillingFact): string {
  switch (event.$case) {
    case 'invoiceIssued':
      return event.value.invoice?.invoiceId ?? '';
    case 'invoicePaid':
    case 'invoiceVoided':
      return event.value.invoiceId;
    case 'paymentReceived':
      return event.value.receiptId;
    case 'accountCredited':
      return event.value.receiptId || event.value.meal?.bookingId || event.value.invoiceId;
    case 'creditReversed':
      return event.value.meal?.bookingId ?? '';
    case 'refundRequested':
    case 'refundPaid':
      return event.value.refundId;
    case 'paymentSuspended':
    case 'suspenseResolved':
      return event.value.item?.suspenseId ?? '';
  }
}

function registryAnnounced({ told, pupils, guardians }: NonNullable<Evidence['registry']>): Broken {
  const last = new Map(told.map(({ key, event }) => [key, event?.$case]));
  const broken: Broken = [];
  for (const { _id, status } of pupils) {
    const fact = last.get(_id);
    // Whom the first list already shows as gone was never announced.
    if (fact === undefined ? isYoung(_id) && status !== 'LEFT' : (fact === 'studentLeft') !== (status === 'LEFT')) {
      broken.push(`I4: pupil ${_id} is ${status} and registry announced ${fact ?? 'nothing'} last`);
    }
  }
  for (const { _id } of guardians) if (!last.has(_id) && isYoung(_id)) broken.push(`I4: registry announced nothing of guardian ${_id}`);
  return broken;
}

function notificationAnnounced({ told, deliveries }: NonNullable<Evidence['notification']>): Broken {
  const facts = new Map<string, string[]>();
  for (const { event } of told) if (event) facts.set(event.value.deliveryId, [...(facts.get(event.value.deliveryId) ?? []), event.$case]);
  return deliveries.flatMap(({ _id, status }) => {
    const announced = facts.get(_id)?.join(', ') ?? '';
    if (!isYoung(_id) || announced === (outcomes[status] ?? '')) return [];
    return [`I4: delivery ${_id} is ${status} and notification announced ${announced || 'nothing'}`];
  });
}

const outcomes: Readonly<Record<string, string>> = { SENT: 'alertDelivered', FAILED: 'alertFailed' };
