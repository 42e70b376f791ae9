import type { ServiceName } from '@schoolbell/contracts';
import { AttendanceEvent } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { BillingEvent } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { NotificationEvent } from '@schoolbell/contracts/school/notification/v1/notification_events';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import type { Db, MongoClient } from 'mongodb';
import type { Rolls } from './rolls.ts';
import type {
  AbsenceAlert,
  Alert,
  Attempt,
  Delivery,
  Doc,
  Entry,
  Invoice,
  MealMonth,
  Notice,
  Projected,
  Receipt,
  Refund,
  Suspense,
} from './rows.ts';

/** What does not hold, in words; empty when everything does. */
export type Broken = string[];

export interface OutboxRow extends Doc {
  readonly type: string;
  readonly key: string;
  readonly version: number;
  readonly at: Date;
  readonly payload: Uint8Array;
  readonly pending?: true;
}

/** An event as one consumer group saw it; `_id` is `<event id>:<group>`. */
export interface Mark extends Doc {
  readonly key: string;
  readonly version: number;
  readonly at: Date;
  readonly parked?: string;
  readonly parkedAt?: Date;
}

/** What every service keeps about events. */
export interface Traffic {
  readonly outbox: readonly OutboxRow[];
  readonly streams: readonly (Doc & { version: number })[];
  /** In the order in which they were written. */
  readonly inbox: readonly Mark[];
}

/** An event, read as its contract says. */
export type Told<E> = Omit<OutboxRow, 'payload'> & { readonly event: E };

const keptFields = {
  ledger: { schoolId: 1, reference: 1, postedAt: 1, postings: 1 },
  balances: { schoolId: 1, account: 1, debit: 1, credit: 1 },
  invoices: {
    ...{ schoolId: 1, studentId: 1, purpose: 1, status: 1, total: 1, paid: 1, creditApplied: 1, issuedAt: 1, runId: 1 },
    ...{ 'lines.code': 1, 'lines.amount': 1 },
  },
  refunds: { schoolId: 1, studentId: 1, status: 1, amount: 1, since: 1, requestedAt: 1, closedAt: 1 },
  attempts: { schoolId: 1, gateway: 1, status: 1, receiptId: 1 },
  receipts: {
    schoolId: 1,
    gateway: 1,
    gatewayTransaction: 1,
    orderRef: 1,
    amount: 1,
    receivedAt: 1,
    placement: 1,
    suspenseId: 1,
    invoiceId: 1,
    studentId: 1,
    applied: 1,
    excess: 1,
  },
  notices: { schoolId: 1, gateway: 1, raw: 1, state: 1, retryAt: 1, notice: 1, answer: 1 },
  suspense: { schoolId: 1, status: 1, reason: 1, gateway: 1, gatewayTransaction: 1, orderRef: 1, receiptId: 1, since: 1 },
  deliveries: { schoolId: 1, eventId: 1, guardianId: 1, channel: 1, status: 1, kind: 1, unknowns: 1, retracts: 1 },
  alerts: { schoolId: 1, status: 1, deliveries: 1, kind: 1, studentId: 1, heardAt: 1, toldWith: 1 },
  absences: { schoolId: 1, status: 1, because: 1, version: 1, told: 1 },
};

export interface Books {
  readonly ledger: readonly Entry[];
  readonly balances: readonly (Doc & { account: string; debit: bigint; credit: bigint })[];
  readonly invoices: readonly Invoice[];
  readonly attempts: readonly Attempt[];
  readonly receipts: readonly Receipt[];
  readonly notices: readonly Notice[];
  readonly suspense: readonly Suspense[];
  readonly runs: readonly (Doc & { issued: number; doneAt?: Date })[];
  readonly students: readonly Projected[];
  readonly mealMonths: readonly MealMonth[];
  readonly refunds: readonly Refund[];
}

export interface Messages {
  readonly alerts: readonly Alert[];
  readonly deliveries: readonly Delivery[];
  readonly absences: readonly AbsenceAlert[];
  /** How often the school laid down itself what is told of an absence. */
  readonly policies: number;
  readonly schools: readonly Projected[];
  readonly students: readonly Projected[];
  readonly guardians: readonly Projected[];
}

export interface Roster {
  readonly pupils: readonly (Doc & { status: string })[];
  readonly guardians: readonly Doc[];
  readonly imports: readonly (Doc & { status: string })[];
}

export interface Followed {
  readonly students: readonly Projected[];
  readonly guardians: readonly Projected[];
}

export interface Evidence {
  readonly registry?: Traffic & Roster & { readonly told: readonly Told<RegistryEvent['event']>[] };
  readonly attendance?: Traffic & Rolls & Followed & { readonly told: readonly Told<AttendanceEvent['event']>[] };
  readonly canteen?: Traffic & { readonly told: readonly Told<CanteenEvent['event']>[] };
  readonly billing?: Traffic & Books & { readonly told: readonly Told<BillingEvent['event']>[] };
  readonly notification?: Traffic & Messages & { readonly told: readonly Told<NotificationEvent['event']>[] };
}

/** Reads everything the services have written that the invariants speak of. Consumers first: what they saw was announced before. */
export async function readEvidence(client: MongoClient, prefix: string, services: readonly ServiceName[]): Promise<Evidence> {
  const of = (service: ServiceName): Db | undefined => (services.includes(service) ? client.db(`${prefix}_${service}`) : undefined);
  const notification = of('notification');
  const billing = of('billing');
  const canteen = of('canteen');
  const attendance = of('attendance');
  const registry = of('registry');
  return {
    ...(notification && { notification: withEvents(await readMessages(notification), (bytes) => NotificationEvent.decode(bytes).event) }),
    ...(billing && { billing: withEvents(await readBooks(billing), (bytes) => BillingEvent.decode(bytes).event) }),
    ...(canteen && { canteen: withEvents(await readTraffic(canteen), (bytes) => CanteenEvent.decode(bytes).event) }),
    ...(attendance && { attendance: withEvents(await readRolls(attendance), (bytes) => AttendanceEvent.decode(bytes).event) }),
    ...(registry && { registry: withEvents(await readRoster(registry), (bytes) => RegistryEvent.decode(bytes).event) }),
  };
}

function read<D>(db: Db, name: string, projection: object = {}): Promise<D[]> {
  return db.collection(name).find<D & Doc>({}, { projection }).toArray();
}

/** What was parked was seen then, though it may have been applied long after. */
function seenAt({ at, parkedAt = at }: Mark): number {
  return parkedAt.getTime();
}

async function readTraffic(db: Db): Promise<Traffic> {
  // Not the natural order: a server that recovers from a kill inserts again what it replays, in any order.
  const inbox = await db.collection('inbox').find<Mark>({}).toArray();
  inbox.sort((a, b) => seenAt(a) - seenAt(b) || a.version - b.version);
  return { inbox, outbox: await read(db, 'outbox'), streams: await read(db, 'streams') };
}

async function readBooks(db: Db): Promise<Books & Traffic> {
  return {
    ...(await readTraffic(db)),
    notices: await read(db, 'notices', keptFields.notices),
    receipts: await read(db, 'receipts', keptFields.receipts),
    suspense: await read(db, 'suspense', keptFields.suspense),
    attempts: await read(db, 'attempts', keptFields.attempts),
    invoices: await read(db, 'invoices', keptFields.invoices),
    ledger: await read(db, 'ledger', keptFields.ledger),
    balances: await read(db, 'balances', keptFields.balances),
    mealMonths: await read(db, 'meal_months'),
    refunds: await read(db, 'refunds', keptFields.refunds),
    runs: await read(db, 'invoice_runs', { issued: 1, doneAt: 1 }),
    students: await read(db, 'students'),
  };
}

async function readRolls(db: Db): Promise<Rolls & Followed & Traffic> {
  return {
    ...(await readTraffic(db)),
    absences: await read(db, 'absences'),
    rollCalls: await read(db, 'roll_calls'),
    leaves: await read(db, 'leaves'),
    years: await read(db, 'school_years'),
    walks: await read(db, 'calendar_walks'),
    teachers: await read(db, 'class_teachers'),
    students: await read(db, 'students'),
    guardians: await read(db, 'guardians'),
  };
}

async function readMessages(db: Db): Promise<Messages & Traffic> {
  return {
    ...(await readTraffic(db)),
    deliveries: await read(db, 'deliveries', keptFields.deliveries),
    alerts: await read(db, 'alerts', keptFields.alerts),
    absences: await read(db, 'absence_alerts', keptFields.absences),
    policies: await db.collection('absence_policies').countDocuments(),
    schools: await read(db, 'schools'),
    students: await read(db, 'students'),
    guardians: await read(db, 'guardians'),
  };
}

async function readRoster(db: Db): Promise<Roster & Traffic> {
  return {
    ...(await readTraffic(db)),
    pupils: await read(db, 'pupils', { status: 1 }),
    guardians: await read(db, 'guardians', { _id: 1 }),
    imports: await read(db, 'imports', { status: 1 }),
  };
}

function withEvents<T extends Traffic, E>(traffic: T, decode: (bytes: Uint8Array) => E): T & { told: Told<E>[] } {
  const told = traffic.outbox.map(({ payload, ...row }) => ({ ...row, event: decode(payload) }));
  return { ...traffic, told: told.sort((a, b) => a.version - b.version) };
}

const purgedAfterMs = 90 * 86_400_000;

/** Rows of before may have been purged. */
export function mayBePurged(at: Date): boolean {
  return Date.now() - at.getTime() > purgedAfterMs;
}

/** Whether what this id names came about so lately that nothing about it can have been purged. An id that tells no time may be old. */
export function isYoung(id: string): boolean {
  const time = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/.exec(id);
  return time !== null && !mayBePurged(new Date(Number.parseInt(`${time[1]}${time[2]}`, 16)));
}

const mostLines = 5;

/** One fault often shows a thousand times. */
export function atMost(broken: Broken): Broken {
  if (broken.length <= mostLines) return broken;
  const name = broken[0]?.slice(0, 2);
  return [...broken.slice(0, mostLines), `${name}: … and ${broken.length - mostLines} more like these`];
}
