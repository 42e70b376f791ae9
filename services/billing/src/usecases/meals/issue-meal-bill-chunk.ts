import { schoolDateOf, sum, zero } from '@schoolbell/kernel';
import { type Invoice, issuePostings } from '../../domain/invoices/invoice.ts';
import { type Chunk, type Issued, invoiceIdFor, isAhead, type MealRun, type Student } from '../../domain/invoices/invoice-run.ts';
import { ledgerTxn } from '../../domain/ledger/ledger.ts';
import { billMeals, type MealBill, type Table } from '../../domain/meals/meal-bill.ts';
import { invoiceIssued, paidByCredit } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/**
 * Issues the meal bills of the pupils of one chunk. The run itself is not touched, so that chunks can be issued side by side; a chunk
 * that is issued again finds its invoices, issues what is missing, and answers with the same figures.
 */
export async function issueMealBillChunk(tx: BillingTx, { runId, chunk }: { runId: string; chunk: Chunk }): Promise<Issued> {
  const run = await tx.invoiceRuns.find(runId);
  if (run?.bills !== 'MEALS' || !isAhead(run, chunk)) return { invoices: 0, total: zero };
  const students = await tx.students.between(chunk.after, chunk.upTo, run.classIds);
  const taken = await tx.invoices.taken(students.map(({ id }) => invoiceIdFor(runId, id)));
  const fresh = students.filter(({ id }) => !taken.has(invoiceIdFor(runId, id)));
  const bills = await billsFor(tx, run, fresh);

  const entry = { kind: 'INVOICE_ISSUED', effectiveAt: tx.now, postedAt: tx.now, causationId: runId } as const;
  const entryFor = (invoice: Invoice) => ({
    ...entry,
    id: tx.newId(),
    reference: `invoice:${invoice.id}`,
    postings: issuePostings(invoice),
  });
  await tx.ledger.appendMany(bills.map(({ invoice }) => ledgerTxn(entryFor(invoice))));
  for (const { invoice, months } of bills) {
    tx.invoices.insert(invoice);
    for (const month of months) tx.mealMonths.save(month);
    tx.emit(invoiceIssued(invoice));
    if (invoice.status === 'PAID') tx.emit(paidByCredit(invoice));
  }
  const before = [...taken.values()].filter((invoice) => invoice.runId === runId);
  return {
    invoices: before.length + bills.length,
    total: sum([...before, ...bills.map(({ invoice }) => invoice)].map(({ total }) => total)),
  };
}

async function billsFor(tx: BillingTx, run: MealRun, students: readonly Student[]): Promise<MealBill[]> {
  const ids = students.map(({ id }) => id);
  const due = Map.groupBy(await tx.mealMonths.due(ids), ({ studentId }) => studentId);
  const balances = await tx.ledger.credits(ids);
  return students.flatMap((student) => {
    const { id: studentId, name: studentName, className } = student;
    const { id: runId, title, dueOn, month: until } = run;
    const draft = { id: invoiceIdFor(runId, studentId), studentId, studentName, className, title, dueOn, issuedAt: tx.now, runId };
    const money = { months: due.get(studentId) ?? [], balance: balances.get(studentId) ?? zero };
    return billMeals(draft, { ...money, until, left: leftOf(student, tx.now) }) ?? [];
  });
}

function leftOf({ enrolled, leftOn }: Student, now: Date): Table['left'] {
  const today = schoolDateOf(now);
  return enrolled ? undefined : { on: leftOn ?? today, today };
}
