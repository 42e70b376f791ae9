import { err, isPositive, ok, plus, type Result, zero } from '@schoolbell/kernel';
import { type Invoice, issuePostings, type VoidInvoice, type VoidRefused, voidInvoice as voided } from '../../domain/invoices/invoice.ts';
import { ledgerTxn, reversed } from '../../domain/ledger/ledger.ts';
import { withoutInvoice } from '../../domain/meals/meal-bill.ts';
import { creditEntry } from '../../domain/meals/meal-credit.ts';
import { type CreditChange, settleCredit } from '../../domain/meals/portion.ts';
import { creditChanged, creditReturned, invoiceVoided } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

export type VoidInvoiceRefused = VoidRefused | { readonly code: 'INVOICE_NOT_FOUND'; readonly invoiceId: string };

export async function voidInvoice(
  tx: BillingTx,
  input: { invoiceId: string; reason: string },
): Promise<Result<Invoice, VoidInvoiceRefused>> {
  const { invoiceId, reason } = input;
  const invoice = await tx.invoices.find(invoiceId);
  if (!invoice) return err({ code: 'INVOICE_NOT_FOUND', invoiceId });
  if (invoice.status === 'VOID') return ok(invoice);
  const result = voided(invoice, reason, tx.now);
  if (!result.ok) return result;

  const entry = {
    id: tx.newId(),
    reference: `void:${invoiceId}`,
    kind: 'INVOICE_VOIDED',
    effectiveAt: tx.now,
    postedAt: tx.now,
    causationId: invoiceId,
  } as const;
  tx.invoices.save(result.value);
  tx.ledger.append([ledgerTxn({ ...entry, postings: reversed(issuePostings(invoice)) })]);
  tx.emit(invoiceVoided(result.value));
  await giveBack(tx, result.value);
  return ok(result.value);
}

/** Credit that had paid for the invoice is the pupil's again, and meals that were on it are for the next bill. */
async function giveBack(tx: BillingTx, invoice: VoidInvoice): Promise<void> {
  const { id: invoiceId, studentId, studentName, purpose, creditApplied } = invoice;
  const changes = purpose === 'MEALS' ? await freeMeals(tx, invoice) : [];
  if (changes.length === 0 && !isPositive(creditApplied)) return;
  // The ledger holds the void already, so this is the balance after it.
  let balance = (await tx.ledger.credits([studentId])).get(studentId) ?? zero;
  if (isPositive(creditApplied)) tx.emit(creditReturned(invoice, balance));
  const cause = { now: tx.now, causationId: invoiceId };
  tx.ledger.append(changes.map((change) => creditEntry(studentId, change, { ...cause, entryId: tx.newId() })));
  for (const change of changes) {
    balance = plus(balance, change.amount);
    tx.emit(creditChanged({ id: studentId, name: studentName }, change, balance));
  }
}

async function freeMeals(tx: BillingTx, { id, studentId }: VoidInvoice): Promise<CreditChange[]> {
  const changes: CreditChange[] = [];
  for (const month of await tx.mealMonths.ofStudent(studentId)) {
    const freed = withoutInvoice(month, id);
    if (!freed) continue;
    const settled = freed.portions.map((portion) => settleCredit(portion, portion));
    changes.push(...settled.flatMap((each) => each.changes));
    tx.mealMonths.save({ ...freed, portions: settled.map(({ portion }) => portion) });
  }
  return changes;
}
