import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type InvoiceRun, InvoiceStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import type { ChargeRequest } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { type Import, ImportKind, ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import { schoolDateOf } from '@schoolbell/kernel';
import { v7 as uuidv7 } from 'uuid';
import { failureOf } from '../cli/failure.ts';
import { applyImport, followRun, hasEnded, present, runInvoices } from '../cli/long-work.ts';
import type { Log } from '../engines/wait.ts';
import type { Clients } from './clients.ts';
import { layDownMeals } from './demo-meals.ts';
import { type DemoPlan, demoFile, demoFiles, openPlan } from './demo-plan.ts';
import type { Identity } from './identity.ts';

/** An open invoice whose guardian wants to hear of it. */
export interface DemoInvoice {
  readonly invoiceId: string;
  readonly className: string;
  /** VNPAY's page for it, good for some minutes. */
  readonly payUrl: string;
}

export interface DemoOptions {
  readonly clients: Clients;
  readonly stateDir: string;
  /** Subject of the teacher's token, who gets the first class. */
  readonly teacher: string;
  readonly log: Log;
  readonly schoolId: string;
  /** Waits until the other services have heard all that this one has announced. */
  readonly untilHeard: (service: 'registry' | 'attendance') => Promise<void>;
}

export async function bringUpDemoSchool({ clients, stateDir, teacher, log, schoolId, untilHeard }: DemoOptions): Promise<void> {
  const plan = openPlan(stateDir, { feeItems: fees.length });
  const roster = await takeOver(clients, plan, ImportKind.ROSTER, demoFiles.roster);
  log(`${demoFiles.roster}: ${roster.rows} rows, ${roster.accepted} pupils in ${roster.classes} classes, ${roster.refused} rows held back`);
  const contacts = await takeOver(clients, plan, ImportKind.CONTACTS, demoFiles.contacts);
  log(`${demoFiles.contacts}: ${contacts.rows} rows, ${contacts.accepted} taken in, ${contacts.refused} held back`);
  await untilHeard('registry');
  // Meals and money do not wait for each other.
  await Promise.all([
    defineSchoolYear(clients, plan, teacher)
      .then(() => untilHeard('attendance'))
      .then(() => layDownMeals(clients, { schoolId, effectiveFrom: plan.effectiveFrom, firstDay: plan.mealsFrom })),
    issueInvoices(clients, plan, log),
  ]);
}

async function issueInvoices(clients: Clients, plan: DemoPlan, log: Log): Promise<void> {
  const charges = await defineFees(clients, plan);
  const { runId, title, dueOn } = plan;
  const known = await knownRun(clients, runId);
  const run = known
    ? await followRun(clients.billing, known, () => {})
    : await runInvoices(clients.billing, { runId, title, charges, dueOn, classIds: [] }, () => {});
  log(`"${title}": ${run.issued} invoices, ${run.total?.minorUnits.toLocaleString('vi-VN')} đồng`);
}

/** The run of an earlier start, whose fees may have been others: a demo school of last month stays as it was billed. */
async function knownRun({ billing }: Clients, runId: string): Promise<InvoiceRun | undefined> {
  try {
    return present((await billing.getInvoiceRun({ runId })).run);
  } catch (error) {
    if (failureOf(error).code !== 'INVOICE_RUN_NOT_FOUND') throw error;
    return undefined;
  }
}

/** The school itself, without pupils. */
export async function registerSchool(clients: Clients, { id, code, name }: Identity['school']): Promise<void> {
  await clients.registry.registerSchool({ school: { schoolId: id, code, name } });
}

async function takeOver(clients: Clients, plan: DemoPlan, kind: ImportKind, fileName: string): Promise<Import> {
  const file = demoFile(fileName);
  const importId = plan.imports[createHash('sha256').update(file).digest('hex')] ?? '';
  const planned = await clients.registry.planImport({ importId, kind, fileName: basename(fileName), content: file });
  const state = present(planned.import);
  const ended = hasEnded(state) ? state : await applyImport(clients.registry, importId, () => {});
  if (ended.status === ImportStatus.FAILED) throw new Error(`${fileName} could not be taken over: ${ended.failure}`);
  return ended;
}

/** Kinds and units as schools bill them; the prices are invented. Meals are billed from what was booked, so no lump for food is among them. */
const fees = [
  {
    code: 'BAN_TRU',
    name: 'Dịch vụ phục vụ, quản lý và vệ sinh bán trú',
    price: 300_000n,
    unit: 'tháng',
    quantity: 1,
    citation: 'NQ 18/2025/NQ-HĐND',
  },
  { code: 'NUOC_UONG', name: 'Nước uống', price: 20_000n, unit: 'tháng', quantity: 1, citation: 'Thỏa thuận với cha mẹ học sinh' },
] as const;

async function defineFees(clients: Clients, { feeItemIds, effectiveFrom }: DemoPlan): Promise<ChargeRequest[]> {
  const charges: ChargeRequest[] = [];
  for (const [index, { code, name, price, unit, quantity, citation }] of fees.entries()) {
    const feeItemId = feeItemIds[index] ?? '';
    const unitPrice = { currencyCode: 'VND', minorUnits: price };
    await clients.billing.defineFeeItem({
      feeItem: { feeItemId, code, name, unitPrice, unit, effectiveFrom, effectiveUntil: '', citation },
    });
    charges.push({ feeItemId, quantity });
  }
  return charges;
}

const labourCode = 'Bộ luật Lao động 45/2019/QH14, Điều 112';

/** Days as schools have them; the span is invented, and only holidays of a fixed date are in it. */
async function defineSchoolYear(
  { attendance, registry }: Clients,
  { calendarId, effectiveFrom }: DemoPlan,
  teacher: string,
): Promise<void> {
  const year = Number(effectiveFrom.slice(0, 4));
  const [firstDay, lastDay] = [`${year}-09-05`, `${year + 1}-08-15`];
  const holiday = (first: string, last: string, name: string) => ({ firstDay: first, lastDay: last, name, citation: labourCode });
  const schoolYear = {
    calendarId,
    name: `${year}-${year + 1}`,
    firstDay,
    lastDay,
    citation: 'Lịch của trường mẫu',
    holidays: [
      holiday(`${year + 1}-01-01`, `${year + 1}-01-01`, 'Tết Dương lịch'),
      holiday(`${year + 1}-04-30`, `${year + 1}-05-01`, 'Ngày Chiến thắng và Quốc tế Lao động'),
    ],
    // Every day of the week, so that there is something to try whenever somebody tries it.
    morningWeekdays: [1, 2, 3, 4, 5, 6, 7],
    afternoonWeekdays: [1, 2, 3, 4, 5, 6, 7],
    morningOpens: '00:00',
    afternoonOpens: '00:00',
  };
  await attendance.defineSchoolYear({ schoolYear });
  const [first] = (await registry.listClasses({ page: { size: 1, token: '' } })).classes;
  const classTeacher = { classId: first?.classId ?? '', subject: teacher, validFrom: firstDay, validUntil: '' };
  await attendance.assignClassTeacher({ classTeacher });
}

/** Looks among the first guardians only: in the demo school nearly every one wants notices. */
export async function findPayable({ registry, billing }: Clients): Promise<DemoInvoice | undefined> {
  const { guardians } = await registry.listGuardians({ studentId: '', page: { size: 100, token: '' } });
  const today = schoolDateOf(new Date());
  for (const { email, wantsNotices, guardianships } of guardians) {
    const current = guardianships.find(({ validUntil }) => validUntil === '' || validUntil > today);
    if (!wantsNotices || email === '' || !current) continue;
    const open = { studentId: current.studentId, status: InvoiceStatus.OPEN, page: { size: 1, token: '' } };
    const [invoice] = (await billing.listInvoices(open)).invoices;
    if (!invoice) continue;
    const { invoiceId, className } = invoice;
    const { url } = await billing.createPaymentUrl({
      attemptId: uuidv7(),
      invoiceId,
      gateway: 'vnpay',
      amount: undefined,
      payerIp: '127.0.0.1',
      language: 'vi',
    });
    return { invoiceId, className, payUrl: url };
  }
  return undefined;
}
