import { unreachable } from '@schoolbell/kernel';
import { ofMeal } from '../meals/meal-content.ts';
import type { Absent, DayFact, Fact, Late, MarkRetracted, MoneyFact, RefundFact } from './fact.ts';
import type { Content, Row, Speech } from './speech.ts';
import { dayText, gatewayText, moneyText, oneLine, timeText } from './wording.ts';

export function contentOf(fact: Fact, speech: Speech): Content {
  switch (fact.kind) {
    case 'INVOICE_PAID':
    case 'PAYMENT_RECEIVED':
    case 'ACCOUNT_CREDITED':
      return ofMoney(fact, speech);
    case 'MEAL_CREDITED':
    case 'MEAL_CREDIT_REVERSED':
    case 'MEAL_CUT_LATE':
    case 'MEAL_CUT_LATE_ENDED':
      return ofMeal(fact, speech);
    case 'REFUND_REQUESTED':
    case 'REFUND_PAID':
      return ofRefund(fact, speech);
    case 'ABSENT':
    case 'LATE':
    case 'MARK_RETRACTED':
      return ofDay(fact, speech);
    default:
      return unreachable(fact);
  }
}

function ofMoney(fact: MoneyFact, { language, say, occurredAt }: Speech): Content {
  const title = oneLine(fact.invoiceTitle);
  const invoice: Row = [say('row.invoice'), title];
  if (fact.kind === 'ACCOUNT_CREDITED') {
    const amount = moneyText(fact.amount, language);
    const rows: Row[] = [invoice, [say('row.credited'), amount], [say('row.creditedAt'), timeText(occurredAt)]];
    return { tone: 'credit', highlight: amount, facts: { amount, title }, more: [`creditReason.${fact.reason}`], rows };
  }
  const { paidAt = occurredAt, gateway, transaction } = fact.payment;
  const at: Row = [say('row.paidAt'), timeText(paidAt)];
  // Nobody paid anything just now: what the pupil had with the school settled it.
  const how: Row[] =
    gateway === 'credit'
      ? [at, [say('row.gateway'), say('ownCredit')]]
      : [at, [say('row.gateway'), gatewayText(gateway)], [say('row.transaction'), oneLine(transaction)]];
  if (fact.kind === 'INVOICE_PAID') {
    const amount = moneyText(fact.paid, language);
    return { tone: 'done', highlight: amount, facts: { amount, title }, rows: [invoice, [say('row.paidTotal'), amount], ...how] };
  }
  const amount = moneyText(fact.received, language);
  const outstanding = moneyText(fact.outstanding, language);
  const rows: Row[] = [invoice, [say('row.received'), amount], [say('row.outstanding'), outstanding], ...how];
  return { tone: 'open', highlight: amount, facts: { amount, title, outstanding }, rows };
}

function ofRefund(fact: RefundFact, { language, say }: Speech): Content {
  const amount = moneyText(fact.amount, language);
  if (fact.kind === 'REFUND_PAID') {
    const rows: Row[] = [
      [say('row.refunded'), amount],
      [say('row.bankReference'), oneLine(fact.bankReference)],
    ];
    return { tone: 'done', highlight: amount, facts: { amount }, rows };
  }
  const [leftOn, dueOn] = [dayText(fact.leftOn), dayText(fact.dueOn)];
  const rows: Row[] = [
    [say('row.refund'), amount],
    [say('row.leftOn'), leftOn],
    [say('row.dueOn'), dueOn],
  ];
  return { tone: 'credit', highlight: amount, facts: { amount, leftOn, dueOn }, rows };
}

function ofDay(fact: DayFact, { say }: Speech): Content {
  const [half, day, told] = [say(`half.${fact.session}`), dayText(fact.date), timeText(fact.reportedAt)];
  const when = say(`halfOn.${fact.session}`, { day });
  const rows: Row[] = [
    [say('row.halfDay'), when],
    [say('row.mark'), say(`mark.${markOf(fact)}`)],
    [say('row.told'), told],
    ...(fact.kind === 'ABSENT' ? [[say('row.source'), say(`source.${fact.source}`)] as const] : []),
  ];
  const facts = { half, day, told };
  switch (fact.kind) {
    case 'ABSENT': {
      const absent = { highlight: when, facts: { ...facts, leave: say(`leave.${fact.withLeave}`) }, rows };
      const tone = fact.withLeave ? 'open' : 'alarm';
      // The afternoon of a pupil who stays away is not told again, and a parent must know that.
      return fact.session === 'MORNING' ? { tone, ...absent, postscript: 'continues' } : { tone, ...absent };
    }
    case 'LATE':
      return { tone: 'open', highlight: when, facts, rows };
    case 'MARK_RETRACTED': {
      const corrected = { facts: { ...facts, said: say(`said.${fact.said}`) }, rows };
      return { tone: 'done', highlight: say(`mark.${fact.stands}`), more: [`stands.${fact.stands}`], ...corrected };
    }
  }
}

function markOf(fact: Absent | Late | MarkRetracted): string {
  if (fact.kind === 'MARK_RETRACTED') return fact.stands;
  if (fact.kind === 'LATE') return 'LATE';
  return fact.withLeave ? 'ABSENT_WITH_LEAVE' : 'ABSENT_WITHOUT_LEAVE';
}
