import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { Seal } from '../../domain/ledger/seal.ts';

const { as, flat, instant, list, number, part, text } = stored;

const seal = {
  ...{ seq: number, previous: text, entries: list(part({ txnId: text, hash: text })) },
  until: flat({ postedAt: as('lastPostedAt', instant), id: as('lastId', text) }),
};

export const seals = collection('seals', seal, { indexes: [unique({ schoolId: 1, seq: 1 })] });

/** The chain of hashes over a school's ledger; nothing here changes or deletes a seal. */
export function sealStore(session: Session) {
  const rows = rowsOf(session, seals);
  return {
    last: async (): Promise<Seal | undefined> => (await rows.all({}, { sort: { seq: -1 }, limit: 1 }))[0],
    find: (seq: number): Promise<Seal | undefined> => rows.one({ seq }),
    insert: (added: Seal) => rows.insert(added, { _id: `${session.schoolId}/${added.seq}` }),
  };
}
