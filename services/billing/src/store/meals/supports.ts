import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { defineCollection, type Page, type PageRequest, type Session, type Stored, toPage } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import { type LunchSupport, type SupportSource, supportSources } from '../../domain/meals/support.ts';

interface SupportDoc extends Stored {
  studentId: string;
  amountPerDay: bigint;
  effectiveFrom: string;
  effectiveUntil?: string;
  source: SupportSource;
  citation: string;
  settledUntil: string;
  /** Set while days may still come. */
  running?: true;
}

const schema = new mongoose.Schema({
  studentId: { type: String, required: true },
  amountPerDay: { type: BigInt, required: true },
  effectiveFrom: { type: String, required: true },
  effectiveUntil: String,
  source: { type: String, required: true, enum: [...supportSources] },
  citation: { type: String, required: true },
  settledUntil: { type: String, required: true },
  running: Boolean,
});
schema.index({ schoolId: 1, studentId: 1, _id: 1 });
schema.index({ schoolId: 1, _id: 1 });
schema.index({ settledUntil: 1 }, { partialFilterExpression: { running: true } });

export const supports = defineCollection<SupportDoc>('lunch_supports', schema);

/** One lock row per pupil: of two transactions that grant rights to a pupil at once, one runs again and finds what the other granted. */
interface SupportedDoc extends Stored {
  changes: number;
}

export const supportedPupils = defineCollection<SupportedDoc>(
  'supported_pupils',
  new mongoose.Schema({ changes: { type: Number, required: true } }),
);

export function supportStore(session: Session) {
  const collection = session.collection(supports);
  const pupils = session.collection(supportedPupils);
  const lock = (studentId: string): void =>
    pupils.update({ _id: `${session.schoolId}/${studentId}` }, { $inc: { changes: 1 } }, { upsert: true });
  return {
    async find(id: string): Promise<LunchSupport | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toSupport(found);
    },
    async ofStudents(studentIds: readonly string[]): Promise<LunchSupport[]> {
      return (await collection.find({ studentId: { $in: [...studentIds] } })).map(toSupport);
    },
    async list({ studentId, after, size }: PageRequest & { studentId?: string | undefined }): Promise<Page<LunchSupport>> {
      const filter = { _id: { $gt: after }, ...(studentId === undefined ? {} : { studentId }) };
      const found = await collection.find(filter, { sort: { _id: 1 }, limit: size + 1 });
      return toPage(found.map(toSupport), size, ({ id }) => id);
    },
    /** Rights with days before `day` that nobody has looked at. */
    async unsettled(day: SchoolDate, limit: number): Promise<LunchSupport[]> {
      const found = await collection.find({ running: true, settledUntil: { $lt: day } }, { sort: { settledUntil: 1 }, limit });
      return found.map(toSupport);
    },
    /** Schools that have such rights; for a read across schools. */
    async unsettledSchools(day: SchoolDate): Promise<string[]> {
      const found = await collection.aggregate<{ _id: string }>([
        { $match: { running: true, settledUntil: { $lt: day } } },
        { $group: { _id: '$schoolId' } },
      ]);
      return found.map(({ _id }) => _id);
    },
    insert(support: LunchSupport): void {
      lock(support.studentId);
      collection.insert(toDoc(support));
    },
    save(support: LunchSupport): void {
      lock(support.studentId);
      collection.replace(toDoc(support));
    },
    settled({ id, effectiveUntil }: LunchSupport, settledUntil: SchoolDate): void {
      const ended = effectiveUntil !== undefined && effectiveUntil <= settledUntil;
      collection.update({ _id: id }, ended ? { $set: { settledUntil }, $unset: { running: '' } } : { $set: { settledUntil } });
    },
  };
}

function toDoc({ id, amountPerDay, effectiveUntil, ...same }: LunchSupport): Omit<SupportDoc, 'schoolId'> {
  const doc = { _id: id, ...same, amountPerDay: amountPerDay.minorUnits };
  const running = effectiveUntil === undefined || same.settledUntil < effectiveUntil ? { running: true as const } : {};
  return { ...doc, ...running, ...(effectiveUntil === undefined ? {} : { effectiveUntil }) };
}

function toSupport(doc: SupportDoc): LunchSupport {
  const { _id, studentId, source, citation } = doc;
  const effectiveFrom = doc.effectiveFrom as SchoolDate;
  const effectiveUntil = doc.effectiveUntil as SchoolDate | undefined;
  const settledUntil = doc.settledUntil as SchoolDate;
  return { id: _id, studentId, amountPerDay: vnd(doc.amountPerDay), effectiveFrom, effectiveUntil, source, citation, settledUntil };
}
