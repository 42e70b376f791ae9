import { collection, index, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { KnownPupil, Pupil } from '../../domain/roster/pupil.ts';

const { day, id, instant, list, maybe, number, part, text } = stored;

const leftOn = maybe(day);
/** `stays` is what each event said of the pupil's staying. */
const student = { id, name: text, classId: text, className: text, leftOn, stays: list(part({ version: number, leftOn, at: instant })) };

export const students = collection('students', student, { beside: { version: number }, indexes: [index({ schoolId: 1, classId: 1 })] });

/** Pupils as registry announced them. */
export function studentStore(session: Session) {
  const rows = rowsOf(session, students);
  return {
    find: (id: string): Promise<KnownPupil | undefined> => rows.one({ _id: id }),
    findAll: (ids: readonly string[]): Promise<KnownPupil[]> => rows.all({ _id: { $in: [...ids] } }),
    /** Who is in the class now, also who has left. */
    ofClass: (classId: string): Promise<KnownPupil[]> => rows.all({ classId }, { sort: { _id: 1 } }),
    follow(pupil: Pupil, { version, at }: { readonly version: number; readonly at: Date }): void {
      rows.follow({ ...pupil, stays: [{ version, leftOn: pupil.leftOn, at }] }, { version }, ['stays']);
    },
  };
}
