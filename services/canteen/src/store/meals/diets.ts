import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Allergen, DietKind, SetDiet } from '../../domain/meals/diet.ts';

interface DietDoc extends Stored {
  studentId: string;
  kind: DietKind;
  note?: string;
  avoided: Allergen[];
  since: string;
  order: number;
  setAt: Date;
  setBy: string;
}

const text = { type: String, required: true };
const schema = new mongoose.Schema({
  studentId: text,
  kind: text,
  note: String,
  avoided: { type: [String], required: true },
  since: text,
  order: { type: Number, required: true },
  setAt: { type: Date, required: true },
  setBy: text,
});
schema.index({ schoolId: 1, studentId: 1, order: 1 }, { unique: true });

export const diets = defineCollection<DietDoc>('diets', schema);

/** Every diet that was ever set. */
export function dietStore(session: Session) {
  const collection = session.collection(diets);
  return {
    async find(id: string): Promise<SetDiet | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toDiet(found);
    },
    async ofPupils(studentIds: readonly string[]): Promise<SetDiet[]> {
      return (await collection.find({ studentId: { $in: [...studentIds] } }, { sort: { studentId: 1, order: 1 } })).map(toDiet);
    },
    insert({ id, studentId, diet, since, order }: SetDiet, { at, by }: { readonly at: Date; readonly by: string }): void {
      const { kind, note, avoided } = diet;
      const set = { kind, ...(note !== '' && { note }), avoided: [...avoided] };
      collection.insert({ _id: id, studentId, ...set, since, order, setAt: at, setBy: by });
    },
  };
}

function toDiet({ _id, studentId, kind, note = '', avoided, since, order }: DietDoc): SetDiet {
  return { id: _id, studentId, diet: { kind, note, avoided }, since: since as SchoolDate, order };
}
