import { collection, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { School } from '../../domain/roster/roster.ts';

const { id, number, text } = stored;

export const schoolDocuments = collection('schools', { id, name: text }, { beside: { version: number } });

export interface Schools {
  /** The school of this transaction. */
  own(): Promise<School | undefined>;
  follow(school: School, version: number): void;
}

export function openSchools(session: Session): Schools {
  const rows = rowsOf(session, schoolDocuments);
  let own: Promise<School | undefined> | undefined;
  return {
    // Every event of a batch asks for it.
    own: () => {
      own ??= rows.one({ _id: session.schoolId });
      return own;
    },
    follow: (school, version) => {
      own = undefined;
      rows.follow(school, { version });
    },
  };
}
