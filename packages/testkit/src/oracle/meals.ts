import { atMost, type Books, type Broken, type Evidence, mayBePurged } from './evidence.ts';
import type { Portion } from './rows.ts';

type Billing = NonNullable<Evidence['billing']>;

/**
 * I1 for meals: what a portion says it was charged, credited and supported is what invoices charge and the ledger holds for it; its
 * credit is what its standing and price call for; and a pupil's credit account holds exactly what came on it and is not spent.
 */
export function mealMoneyIsWhole(books: Books): Broken {
  return [...portionsAreBooked(books), ...billsChargePortions(books), ...creditIsAccountedFor(books)];
}

function portionsAreBooked({ mealMonths, ledger }: Books): Broken {
  const booked = new Map<string, bigint>();
  for (const { schoolId, reference = '', postings } of ledger) {
    const [kind, bookingId] = reference.split(':');
    if (kind !== 'meal') continue;
    for (const { account, debit, credit } of postings) {
      const source = account.startsWith('meals:') ? 'credited' : account.startsWith('subsidy:') ? 'supported' : undefined;
      if (source) add(booked, `${schoolId} ${bookingId} ${source}`, debit - credit);
    }
  }
  const broken: Broken = [];
  for (const { schoolId, portions } of mealMonths) {
    for (const portion of portions) {
      const { bookingId, credited = 0n, supported = 0n } = portion;
      for (const [source, says] of [['credited', credited] as const, ['supported', supported] as const]) {
        const name = `${schoolId} ${bookingId} ${source}`;
        const holds = booked.get(name) ?? 0n;
        booked.delete(name);
        if (says !== holds) broken.push(`I1: meal ${bookingId} says ${says} was ${source} and the ledger holds ${holds}`);
      }
      const due = creditDue(portion);
      if (credited !== due) broken.push(`I1: meal ${bookingId} is credited ${credited} and should be ${due}`);
      if (supported !== 0n && portion.status !== 'BOOKED') broken.push(`I1: meal ${bookingId} is supported and ${portion.status}`);
    }
  }
  for (const [name, amount] of booked) if (amount !== 0n) broken.push(`I1: the ledger holds ${amount} for a meal nobody knows: ${name}`);
  return atMost(broken);
}

/** Each invoice of meals charges what its portions say, and none that is void charges anything. */
function billsChargePortions({ mealMonths, invoices }: Books): Broken {
  const charged = new Map<string, bigint>();
  for (const { portions } of mealMonths)
    for (const { charges = [] } of portions) for (const { invoiceId, amount } of charges) add(charged, invoiceId, amount);
  const broken: Broken = [];
  for (const { _id, purpose, status, lines = [] } of invoices) {
    if (purpose !== 'MEALS') continue;
    const asks = status === 'VOID' ? 0n : sumOf(lines.filter(({ code }) => code !== 'CARRIED_OVER').map(({ amount }) => amount));
    const says = charged.get(_id) ?? 0n;
    charged.delete(_id);
    if (asks !== says) broken.push(`I1: meal bill ${_id} asks for ${asks} and its portions were charged ${says}`);
  }
  for (const invoiceId of charged.keys()) broken.push(`I1: portions are charged on invoice ${invoiceId}, which is no meal bill`);
  return atMost(broken);
}

/** On it: money that no invoice took, and meals. Off it: what paid for invoices, was asked for by one, or was paid out. */
function creditIsAccountedFor({ mealMonths, invoices, receipts, refunds, balances }: Books): Broken {
  const expected = new Map<string, bigint>();
  const put = (schoolId: string, studentId: string, amount: bigint) => add(expected, `${schoolId}/credit:${studentId}`, amount);
  for (const { schoolId, studentId, portions } of mealMonths)
    for (const { credited = 0n, supported = 0n } of portions) put(schoolId, studentId, credited + supported);
  for (const { schoolId, studentId = '', excess = 0n, placement } of receipts)
    if (placement === 'INVOICE') put(schoolId, studentId, excess);
  for (const { schoolId, studentId = '', status, creditApplied = 0n, lines = [] } of invoices) {
    if (status === 'VOID') continue;
    put(schoolId, studentId, sumOf(lines.filter(({ code }) => code === 'CARRIED_OVER').map(({ amount }) => amount)) - creditApplied);
  }
  for (const { schoolId, studentId, status, amount = 0n } of refunds) if (status === 'PAID') put(schoolId, studentId, -amount);
  const holds = new Map<string, bigint>();
  for (const { schoolId, account, debit, credit } of balances)
    if (account.startsWith('credit:')) add(holds, `${schoolId}/${account}`, credit - debit);
  const broken: Broken = [];
  for (const account of new Set([...expected.keys(), ...holds.keys()])) {
    const [should, is] = [expected.get(account) ?? 0n, holds.get(account) ?? 0n];
    if (should !== is) broken.push(`I1: ${account} holds ${is}, and what came on it less what was spent is ${should}`);
  }
  return atMost(broken);
}

/** I4: what guardians were told of a meal's credit adds up to what is credited; events older than the purge are not asked for. */
export function mealCreditIsTold({ mealMonths, ledger, told }: Billing): Broken {
  const amounts = new Map<string, bigint>();
  for (const { schoolId, event } of told) {
    if (event?.$case !== 'accountCredited' && event?.$case !== 'creditReversed') continue;
    const { meal, amount } = event.value;
    const minorUnits = amount?.minorUnits ?? 0n;
    if (meal) add(amounts, `${schoolId} ${meal.bookingId}`, event.$case === 'accountCredited' ? minorUnits : -minorUnits);
  }
  const old = new Set(
    ledger.flatMap(({ schoolId, reference = '', postedAt }) => (isOld(postedAt) ? [`${schoolId} ${reference.split(':')[1]}`] : [])),
  );
  const broken: Broken = [];
  for (const { schoolId, portions } of mealMonths) {
    for (const { bookingId, credited = 0n, supported = 0n } of portions) {
      const name = `${schoolId} ${bookingId}`;
      const says = amounts.get(name) ?? 0n;
      if (says !== credited + supported && !old.has(name))
        broken.push(`I4: billing told of ${says} for meal ${bookingId} and credited ${credited + supported}`);
    }
  }
  return atMost(broken);
}

function isOld(at: Date | undefined): boolean {
  return at !== undefined && mayBePurged(at);
}

function creditDue({ price, status, charges = [] }: Portion): bigint {
  const charged = sumOf(charges.map(({ amount }) => amount));
  return (status === 'CANCELLED' ? price : 0n) + (charged > price ? charged - price : 0n);
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function add(sums: Map<string, bigint>, key: string, amount: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
}
