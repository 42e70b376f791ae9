import { collection, type Session, stored, unique } from '@schoolbell/service-kit';

/** The only place of the 12-digit numbers. `_id` is the student id. */
export const identities = collection(
  'identities',
  { studentId: stored.id, personNumber: stored.text },
  { indexes: [unique({ schoolId: 1, personNumber: 1 })] },
);

export interface IdentityStore {
  /** Student ids by person number. */
  findStudents(personNumbers: readonly string[]): Promise<Map<string, string>>;
  /** Person numbers by student id. */
  findNumbers(studentIds: readonly string[]): Promise<Map<string, string>>;
  /** Keeps the number for the pupil, in place of the one before. */
  keep(studentId: string, personNumber: string): void;
}

export function identityStore(session: Session): IdentityStore {
  const collection = session.collection(identities);
  return {
    async findStudents(personNumbers) {
      if (personNumbers.length === 0) return new Map();
      const found = await collection.find({ personNumber: { $in: [...personNumbers] } });
      return new Map(found.map(({ _id, personNumber }) => [personNumber, _id]));
    },
    async findNumbers(studentIds) {
      if (studentIds.length === 0) return new Map();
      const found = await collection.find({ _id: { $in: [...studentIds] } });
      return new Map(found.map(({ _id, personNumber }) => [_id, personNumber]));
    },
    keep: (studentId, personNumber) => collection.update({ _id: studentId }, { $set: { personNumber } }, { upsert: true }),
  };
}
