import { atMost, type Books, type Broken } from './evidence.ts';
import type { Notice, Receipt } from './rows.ts';

/** I1: debits are credits in every entry and school, and a balance is the sum of its postings. */
export function ledgerBalances({ ledger, balances }: Books): Broken {
  const broken: Broken = [];
  const posted = new Map<string, bigint>();
  const bySchool = new Map<string, bigint>();
  const add = (sums: Map<string, bigint>, key: string, amount: bigint) => sums.set(key, (sums.get(key) ?? 0n) + amount);
  for (const { _id, schoolId, postings } of ledger) {
    let difference = 0n;
    for (const { account, debit, credit } of postings) {
      difference += debit - credit;
      add(posted, `${schoolId}/${account}`, debit - credit);
    }
    if (difference !== 0n) broken.push(`I1: entry ${_id} is off by ${difference}`);
    add(bySchool, schoolId, difference);
  }
  for (const [school, difference] of bySchool) if (difference !== 0n) broken.push(`I1: school ${school} is off by ${difference}`);
  const kept = new Map<string, bigint>();
  for (const { schoolId, account, debit, credit } of balances) add(kept, `${schoolId}/${account}`, debit - credit);
  for (const account of new Set([...posted.keys(), ...kept.keys()])) {
    if ((posted.get(account) ?? 0n) !== (kept.get(account) ?? 0n))
      broken.push(`I1: the balance of ${account} is not the sum of its postings`);
  }
  return atMost(broken);
}

/** I3: a gateway's transaction is applied once at most, across all schools; what an invoice says was paid is what its receipts brought. */
export function transactionsAreAppliedOnce({ receipts, invoices, refunds, ledger, notices, suspense, attempts }: Books): Broken {
  const broken: Broken = [];
  const seen = new Set<string>();
  const paid = new Map<string, bigint>();
  const receiptIds = new Set(receipts.map(({ _id }) => _id));
  const heardOf = new Set([...notices.map(moneyOf), ...suspense.map(transactionOf)]);
  for (const receipt of receipts) {
    const transaction = `${receipt.gateway} ${receipt.gatewayTransaction}`;
    if (seen.has(transaction)) broken.push(`I3: ${transaction} is booked twice`);
    seen.add(transaction);
    if (!heardOf.has(transactionOf(receipt))) broken.push(`I3: receipt ${receipt._id} has no notice and stands on no work list`);
    if (receipt.placement === 'INVOICE')
      paid.set(receipt.invoiceId ?? '', (paid.get(receipt.invoiceId ?? '') ?? 0n) + (receipt.applied ?? 0n));
    else if (!suspense.some(({ _id, receiptId }) => _id === receipt.suspenseId && receiptId === receipt._id))
      broken.push(`I3: the money of receipt ${receipt._id} is in suspense and on no work list`);
  }
  for (const { _id, paid: says, status, creditApplied = 0n } of invoices) {
    const brought = (paid.get(_id) ?? 0n) + (status === 'VOID' ? 0n : creditApplied);
    if (says !== brought) broken.push(`I3: invoice ${_id} says ${says} was paid and its receipts and credit brought ${brought}`);
    paid.delete(_id);
  }
  for (const invoiceId of paid.keys()) broken.push(`I3: money was put on invoice ${invoiceId}, which is missing`);
  for (const { _id, status, receiptId } of attempts) {
    if (status === 'SUCCEEDED' && !receiptIds.has(receiptId ?? '')) broken.push(`I3: order ${_id} succeeded without a receipt`);
  }
  const received = ledger.flatMap(({ postings }) => postings).filter(({ account }) => account.startsWith('clearing:'));
  const cleared = received.reduce((sum, { debit, credit }) => sum + debit - credit, 0n);
  const took = receipts.reduce((sum, { amount }) => sum + amount, 0n) - refunds.reduce((sum, { amount = 0n }) => sum + amount, 0n);
  if (cleared !== took) broken.push(`I3: gateways and bank owe ${cleared} by the ledger and ${took} by receipts and refunds`);
  return atMost(broken);
}

/** I3: what a gateway said under its signature is a receipt, a failure of its order, or an item of the work list. */
export function noticesAreSettled(books: Books): Broken {
  const attempts = new Map(books.attempts.map((attempt) => [attempt._id, attempt]));
  const receipts = new Map(
    books.receipts.map((receipt) => [`${receipt.schoolId} ${receipt.gateway} ${receipt.gatewayTransaction}`, receipt]),
  );
  const items = new Set(books.suspense.map(transactionOf));
  const ordersInDoubt = new Set(books.suspense.map(({ orderRef }) => orderRef));
  const why = (kept: Notice): string | undefined => {
    if (kept.state === 'UNREADABLE') return isAsked(kept, items) ? undefined : 'may tell of money and stands on no work list';
    if (kept.state === 'KEPT' || !kept.notice) return 'is kept and not settled';
    const { orderRef, amount, gatewayTransaction, outcome } = kept.notice;
    const isListed = items.has(moneyOf(kept));
    const order = attempts.get(orderRef);
    switch (outcome) {
      case 'SUCCEEDED': {
        if (kept.state === 'WAITING' && kept.retryAt === undefined) return 'brought money whose order nobody looks for any more';
        const receipt = receipts.get(`${kept.schoolId} ${kept.gateway} ${gatewayTransaction}`);
        if (receipt?.orderRef === orderRef && receipt.amount === amount) return undefined;
        return isListed ? undefined : 'brought money that has no receipt and stands on no work list';
      }
      case 'FAILED': {
        if (kept.state === 'WAITING' || kept.answer === 'AMOUNT_DIFFERS') return undefined; // No order of ours, and no money.
        return order && !['PENDING', 'EXPIRED'].includes(order.status) ? undefined : 'told of a failure that its order does not know';
      }
      case 'HELD':
      case 'UNKNOWN': {
        const known = order !== undefined && !['PENDING', 'EXPIRED', 'FAILED'].includes(order.status);
        const told = known && (order.status === 'SUCCEEDED' || ordersInDoubt.has(orderRef));
        return isListed || told ? undefined : 'told of money in doubt that stands on no work list';
      }
    }
  };
  const broken = books.notices.flatMap((kept) => {
    const fault = why(kept);
    return fault === undefined ? [] : [`I3: notice ${kept._id} ${fault}`];
  });
  return atMost(broken);
}

/** A signed message that lacks what it takes may tell of money where VNPAY's response code says so. */
function isAsked({ gateway, schoolId, raw }: Notice, items: ReadonlySet<string>): boolean {
  const fields = new URLSearchParams(raw);
  if (fields.get('vnp_ResponseCode') !== '00') return true;
  const [orderRef, gatewayTransaction] = [fields.get('vnp_TxnRef') ?? '', fields.get('vnp_TransactionNo') ?? ''];
  return items.has(transactionOf({ schoolId, gateway, orderRef, gatewayTransaction }));
}

function transactionOf({
  schoolId,
  gateway,
  orderRef,
  gatewayTransaction,
}: Pick<Receipt, 'schoolId' | 'gateway' | 'orderRef' | 'gatewayTransaction'>): string {
  return `${schoolId} ${gateway} ${orderRef} ${gatewayTransaction}`;
}

function moneyOf({ schoolId, gateway, notice }: Notice): string {
  return transactionOf({ schoolId, gateway, orderRef: notice?.orderRef ?? '', gatewayTransaction: notice?.gatewayTransaction ?? '' });
}
