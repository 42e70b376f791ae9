import { createHash, randomBytes } from 'node:crypto';
import { type ClientSession, type Collection, type Db, type Document, MongoClient } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import type { Payment } from './r1-payments.ts';
import type { Measured } from './statistics.ts';
import { answer } from './worker.ts';

export interface ByHand {
  readonly uri: string;
  readonly database: string;
  readonly schoolId: string;
  readonly payments: readonly Payment[];
  /** What one payment announces. */
  readonly announced: readonly { readonly type: string; readonly payload: Uint8Array }[];
  readonly inFlight: number;
}

interface Row extends Document {
  _id: string;
  schoolId: string;
}

const durable = { w: 'majority', journal: true } as const;
const slots = 64;
let turn = 0;

/**
 * The floor of R1: what a patient programmer would write for one payment with the bare driver, and nothing around it. The notice in a
 * commit of its own, a plain insert; then one transaction with the reads that no settlement can do without (the attempt, the invoice),
 * the next version of the pupil's events by one findAndModify, and each write as the single command that the driver has for it. It is
 * leaner than the service, which also looks for an earlier receipt of the same gateway transaction and reads the version before it
 * writes it: 12 round trips to its 15. It leaves the same documents; the bench compares their number and size.
 */
async function settleAll({ uri, database, schoolId, payments, announced, inFlight }: ByHand): Promise<Measured> {
  const client = await MongoClient.connect(uri, { maxPoolSize: inFlight, minPoolSize: inFlight, writeConcern: durable, useBigInt64: true });
  try {
    const db = client.db(database);
    await Promise.all(Array.from({ length: inFlight }, () => db.command({ ping: 1 })));
    const queue = payments.values();
    const from = performance.now();
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        for (const payment of queue) {
          const keptAt = new Date();
          const noticeId = `vnpay:${createHash('sha256').update(payment.notice).digest('hex')}`;
          await keep(db, { payment, schoolId, noticeId, keptAt });
          await inTransaction(client, (session) => settle(db, { payment, schoolId, noticeId, keptAt, announced, session }));
        }
      }),
    );
    return { units: payments.length, seconds: (performance.now() - from) / 1_000 };
  } finally {
    await client.close();
  }
}

interface Kept {
  readonly payment: Payment;
  readonly schoolId: string;
  readonly noticeId: string;
  readonly keptAt: Date;
}

async function keep(db: Db, { payment, schoolId, noticeId, keptAt }: Kept): Promise<void> {
  const { orderRef, amount, transactionNo, paidAt, notice: raw } = payment;
  const notice = { orderRef, gatewayTransaction: transactionNo, outcome: 'SUCCEEDED', amount, paidAt };
  const retryAt = new Date(keptAt.getTime() + 30_000);
  await db.collection<Row>('notices').insertOne({ _id: noticeId, schoolId, gateway: 'vnpay', keptAt, notice, raw, retryAt, state: 'KEPT' });
}

async function settle(
  db: Db,
  { payment, schoolId, noticeId, keptAt, announced, session }: Kept & Pick<ByHand, 'announced'> & { session: ClientSession },
): Promise<void> {
  const rows = (name: string) => db.collection<Row>(name);
  const { orderRef, transactionNo, amount, paidAt } = payment;
  const attempt = await rows('attempts').findOne({ _id: orderRef, schoolId }, { session });
  const invoice = await rows('invoices').findOne({ _id: String(attempt?.invoiceId), schoolId }, { session });
  if (!attempt || !invoice) throw new Error(`Order ${orderRef} is not known`);
  const studentId = String(attempt.studentId);
  const now = new Date();
  const [receiptId, ...eventIds] = [uuidv7(), ...announced.map(() => uuidv7())];
  const money = { gateway: 'vnpay', gatewayTransaction: transactionNo, orderRef, amount, paidAt };
  const placement = { placement: 'INVOICE', invoiceId: invoice._id, studentId, applied: amount, excess: 0n };

  await rows('receipts').insertOne({ _id: receiptId, schoolId, ...money, receivedAt: now, ...placement }, { session });
  const settled = { noticeAt: keptAt, status: 'SUCCEEDED', settledAt: now, gatewayTransaction: transactionNo, receiptId };
  await replace(rows('attempts'), { ...attempt, ...settled }, session);
  await replace(rows('invoices'), { ...invoice, paid: amount, status: 'PAID', closedAt: paidAt }, session);
  const postings = [
    { account: 'clearing:vnpay', debit: amount, credit: 0n },
    { account: `receivable:${studentId}`, debit: 0n, credit: amount },
  ];
  const entry = { reference: `receipt:vnpay:${transactionNo}`, kind: 'MONEY_RECEIVED', effectiveAt: paidAt, postedAt: now };
  await rows('ledger').insertOne({ _id: uuidv7(), schoolId, ...entry, causationId: noticeId, postings }, { session });
  turn = (turn + 1) % slots;
  const slot = turn;
  const moves = postings.map(({ account, debit, credit }, side) => {
    const filter = { _id: `${schoolId}/${account}/${side === 0 ? slot : 0}`, schoolId };
    return { updateOne: { filter, update: { $inc: { debit, credit }, $setOnInsert: { account } }, upsert: true } };
  });
  await rows('balances').bulkWrite(moves, { session });
  const done = { $set: { state: 'DONE', answer: 'CONFIRMED' }, $unset: { retryAt: '' } };
  await rows('notices').updateOne({ _id: noticeId, schoolId, state: { $ne: 'DONE' } }, done, { session });
  const advance = { $inc: { version: announced.length }, $set: { lastId: eventIds.at(-1) } };
  const stream = await rows('streams').findOneAndUpdate({ _id: studentId, schoolId }, advance, { session, returnDocument: 'after' });
  const before = Number(stream?.version) - announced.length;
  const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  const events = announced.map(({ type, payload }, at) => {
    const row = { type, key: studentId, version: before + at + 1, at: now, payload, pending: true, traceparent };
    return { _id: String(eventIds[at]), schoolId, ...row };
  });
  await rows('outbox').insertMany(events, { session });
}

async function replace(rows: Collection<Row>, row: Row, session: ClientSession): Promise<void> {
  const version = Number(row.version);
  const { _id, schoolId } = row;
  const { matchedCount } = await rows.replaceOne({ _id, schoolId, version }, { ...row, version: version + 1 }, { session });
  if (matchedCount !== 1) throw new Error('Somebody else changed it');
}

async function inTransaction(client: MongoClient, work: (session: ClientSession) => Promise<void>): Promise<void> {
  const session = client.startSession();
  try {
    await session.withTransaction(work, { readConcern: { level: 'snapshot' }, writeConcern: durable, readPreference: 'primary' });
  } finally {
    await session.endSession();
  }
}

answer(settleAll);
