import { collection, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Guardian } from '../../domain/rights.ts';

const { day, id, list, maybe, number, part, text } = stored;

const guardianship = part({ studentId: text, validFrom: day, validUntil: maybe(day) });

export const guardians = collection('guardians', { id, guardianships: list(guardianship) }, { beside: { version: number } });

/** Who answers for whom, as registry announced it; names and addresses are not kept here. */
export function guardianStore(session: Session) {
  const rows = rowsOf(session, guardians);
  return {
    find: (id: string): Promise<Guardian | undefined> => rows.one({ _id: id }),
    follow: (guardian: Guardian, version: number) => rows.follow(guardian, { version }),
  };
}
