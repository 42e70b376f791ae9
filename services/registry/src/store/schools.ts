import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { School } from '../domain/school.ts';

const { id, text } = stored;

export const schools = collection('schools', { id, code: text, name: text }, { indexes: [unique({ schoolId: 1 })] });

export interface SchoolStore {
  /** The school of this transaction. */
  find(): Promise<School | undefined>;
  insert(school: School): void;
  save(school: School): void;
}

export function schoolStore(session: Session): SchoolStore {
  const rows = rowsOf(session, schools);
  return {
    find: () => rows.one({ _id: session.schoolId }),
    insert: (school) => rows.insert(school),
    save: (school) => rows.replace(school),
  };
}
