import { type ClientSession, type Db, type Document, MongoClient } from 'mongodb';
import type { Scan } from './r2-school.ts';
import type { Measured } from './statistics.ts';
import { answer } from './worker.ts';

export interface ScansByHand {
  readonly uri: string;
  readonly database: string;
  readonly schoolId: string;
  readonly scans: readonly Scan[];
  readonly by: string;
  /** How many scans the service brought into one transaction. */
  readonly together: number;
}

interface Row extends Document {
  _id: string;
  schoolId: string;
}

interface RollCallRow {
  _id: string;
  schoolId: string;
  classId: string;
  className: string;
  date: string;
  session: string;
  submissions: object[];
  version: number;
}

const durable = { w: 'majority', journal: true } as const;

/**
 * The floor of R2b: the same scans in groups of the same size, one group after the other as a school has them, each in one transaction with
 * the reads that no scan can do without (the pupil, the calendar, what was said before, leave) and one bulk write.
 */
async function recordAll({ uri, database, schoolId, scans, by, together }: ScansByHand): Promise<Measured> {
  const client = await MongoClient.connect(uri, { maxPoolSize: 1, minPoolSize: 1, writeConcern: durable, useBigInt64: true });
  try {
    const db = client.db(database);
    await db.command({ ping: 1 });
    const from = performance.now();
    for (let at = 0; at < scans.length; at += together) {
      const group = scans.slice(at, at + together);
      await client.withSession((session) =>
        session.withTransaction(() => recordGroup(db, { group, schoolId, by, session }), {
          readConcern: { level: 'snapshot' },
          writeConcern: durable,
          readPreference: 'primary',
        }),
      );
    }
    return { units: scans.length, seconds: (performance.now() - from) / 1_000 };
  } finally {
    await client.close();
  }
}

interface Recording {
  readonly group: readonly Scan[];
  readonly schoolId: string;
  readonly by: string;
  readonly session: ClientSession;
}

async function recordGroup(db: Db, { group, schoolId, by, session }: Recording): Promise<void> {
  const known = await look(db, { group, schoolId, session });
  const now = new Date();
  const writes = [...Map.groupBy(group, ({ rollCallId }) => rollCallId)].map(([_id, scans]) => {
    const submissions = scans.map(({ id, studentId, scannedAt }) => {
      const marks = [{ studentId, kind: 'PRESENT', reportedAt: scannedAt }];
      return { id, source: 'GATE', takenAt: scannedAt, submittedAt: now, by, marks };
    });
    const version = known.get(_id);
    if (version !== undefined) {
      const update = { $push: { submissions: { $each: submissions } }, $set: { version: version + scans.length } };
      return { updateOne: { filter: { _id, schoolId, version }, update } };
    }
    const [{ classId, className, date, session: half } = { classId: '', className: '', date: '', session: '' }] = scans;
    return { insertOne: { document: { _id, schoolId, classId, className, date, session: half, submissions, version: scans.length } } };
  });
  await db.collection<RollCallRow>('roll_calls').bulkWrite(writes, { session });
}

async function look(db: Db, { group, schoolId, session }: Omit<Recording, 'by'>): Promise<Map<string, number>> {
  const rows = (name: string) => db.collection<Row>(name);
  const studentIds = group.map(({ studentId }) => studentId);
  const pupils = await rows('students')
    .find({ _id: { $in: studentIds }, schoolId }, { session })
    .toArray();
  const dates = group.map(({ date }) => date).toSorted();
  const days = { firstDay: { $lte: dates.at(-1) }, lastDay: { $gte: dates[0] } };
  const year = await rows('school_years').findOne({ schoolId, current: true, ...days }, { session });
  const ids = group.map(({ id }) => id);
  const said = {
    $or: [{ _id: { $in: group.map(({ rollCallId }) => rollCallId) } }, { schoolId, 'submissions.id': { $in: ids } }],
    schoolId,
  };
  const rollCalls = await rows('roll_calls').find(said, { session }).toArray();
  const leaves = await rows('leaves')
    .find({ schoolId, studentId: { $in: studentIds }, ...days }, { session })
    .toArray();
  if (!year || pupils.length === 0 || leaves.length > 0) throw new Error('The scans cannot be taken');
  return new Map(rollCalls.map(({ _id, version }) => [_id, Number(version)]));
}

answer(recordAll);
