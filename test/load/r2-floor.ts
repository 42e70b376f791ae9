import { randomBytes } from 'node:crypto';
import { type ClientSession, type Db, type Document, MongoClient } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import type { RollCall } from './r2-school.ts';
import type { Measured } from './statistics.ts';
import { answer } from './worker.ts';

export interface RollsByHand {
  readonly uri: string;
  readonly database: string;
  readonly schoolId: string;
  readonly rollCalls: readonly RollCall[];
  readonly by: string;
  /** What one absence announces. */
  readonly announced: { readonly type: string; readonly payload: Uint8Array };
  readonly inFlight: number;
}

interface Row extends Document {
  _id: string;
  schoolId: string;
}

const durable = { w: 'majority', journal: true } as const;

/**
 * The floor of R2: what a patient programmer would write for one roll call with the bare driver, and nothing around it. One transaction
 * with what no roll call can do without knowing (who is in the class, whether there is school, what was said before, who is on leave) in
 * one round trip as the service has it, and each write as the single command that the driver has for it. It leaves the same documents; the
 * bench compares their number and size.
 */
async function callAll({ uri, database, inFlight, rollCalls, ...same }: RollsByHand): Promise<Measured> {
  const client = await MongoClient.connect(uri, { maxPoolSize: inFlight, minPoolSize: inFlight, writeConcern: durable, useBigInt64: true });
  try {
    const db = client.db(database);
    await Promise.all(Array.from({ length: inFlight }, () => db.command({ ping: 1 })));
    const queue = rollCalls.values();
    const from = performance.now();
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        for (const rollCall of queue) await inTransaction(client, (session) => callRoll(db, { rollCall, session, ...same }));
      }),
    );
    return { units: rollCalls.length, seconds: (performance.now() - from) / 1_000 };
  } finally {
    await client.close();
  }
}

type Calling = Pick<RollsByHand, 'schoolId' | 'by' | 'announced'> & {
  readonly rollCall: RollCall;
  readonly session: ClientSession;
};

async function callRoll(db: Db, calling: Calling): Promise<void> {
  const { rollCall, schoolId, by, session } = calling;
  const { id: _id, submissionId: id, classId, className, date, session: half, takenAt } = rollCall;
  await look(db, calling);
  const now = new Date();
  const marks = rollCall.marks.map(({ studentId, kind }) => ({ studentId, kind }));
  const submission = { id, source: 'ROLL_CALL', takenAt, submittedAt: now, by, marks };
  await db
    .collection<Row>('roll_calls')
    .insertOne({ _id, schoolId, classId, className, date, session: half, submissions: [submission], version: 1 }, { session });
  const absent = rollCall.marks.filter(({ kind }) => kind !== 'PRESENT');
  if (absent.length === 0) return;
  const facts = absent.map(({ studentId, kind }) => {
    const place = { _id: `${studentId}:${date}:${half}`, schoolId };
    return {
      updateOne: {
        filter: place,
        update: { $set: { kind, reportedAt: takenAt }, $setOnInsert: { studentId, date, session: half } },
        upsert: true,
      },
    };
  });
  await db.collection<Row>('absences').bulkWrite(facts, { session });
  await announce(
    db,
    calling,
    now,
    absent.map(({ studentId }) => studentId),
  );
}

async function look(db: Db, { rollCall: { id, submissionId, classId, date }, schoolId, session }: Calling): Promise<void> {
  const days = { firstDay: { $lte: date }, lastDay: { $gte: date } };
  const said = { schoolId, $or: [{ _id: id }, { schoolId, 'submissions.id': submissionId }] };
  const [found] = await db
    .collection<Row>('students')
    .aggregate(
      [
        { $match: { schoolId, classIds: classId } },
        { $group: { _id: null, ids: { $push: '$_id' }, pupils: { $push: '$$ROOT' } } },
        {
          $lookup: {
            from: 'leaves',
            localField: 'ids',
            foreignField: 'studentId',
            pipeline: [{ $match: { schoolId, ...days } }],
            as: 'leaves',
          },
        },
        { $lookup: { from: 'roll_calls', pipeline: [{ $match: said }], as: 'earlier' } },
        { $lookup: { from: 'school_years', pipeline: [{ $match: { schoolId, current: true, ...days } }], as: 'years' } },
        { $project: { ids: 0 } },
      ],
      { session },
    )
    .toArray();
  if (found?.years.length !== 1 || found.earlier.length + found.leaves.length > 0) throw new Error(`The roll ${id} cannot be called`);
}

async function announce(
  db: Db,
  { schoolId, announced: { type, payload }, session }: Calling,
  at: Date,
  studentIds: readonly string[],
): Promise<void> {
  const streams = db.collection<Row>('streams');
  const rows: Row[] = [];
  for (const key of studentIds) {
    const lastId = uuidv7();
    const advance = { $inc: { version: 1 }, $set: { lastId } };
    const stream = await streams.findOneAndUpdate({ _id: key, schoolId }, advance, { session, upsert: true, returnDocument: 'after' });
    const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
    rows.push({ _id: lastId, schoolId, type, key, version: Number(stream?.version), at, payload, pending: true, traceparent });
  }
  await db.collection<Row>('outbox').insertMany(rows, { session });
}

async function inTransaction(client: MongoClient, work: (session: ClientSession) => Promise<void>): Promise<void> {
  const session = client.startSession();
  try {
    await session.withTransaction(work, { readConcern: { level: 'snapshot' }, writeConcern: durable, readPreference: 'primary' });
  } finally {
    await session.endSession();
  }
}

answer(callAll);
