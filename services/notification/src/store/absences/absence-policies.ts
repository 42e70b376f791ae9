import { collection, index, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { AbsencePolicy, LaidDown } from '../../domain/absences/absence-policy.ts';

const { day, flag, id, instant, number, oneOf, text } = stored;

const policy = {
  ...{ id, effectiveFrom: day, tellWithoutLeave: flag, tellWithLeave: flag, tellLate: flag, graceMinutes: number },
  ...{ confirmation: oneOf('NOT_NEEDED', 'NEEDED'), longestWaitMinutes: number, citation: text, setAt: instant, setBy: text },
};

export const policyDocuments = collection('absence_policies', policy, { indexes: [index({ schoolId: 1, effectiveFrom: 1 })] });

export interface AbsencePolicies {
  find(id: string): Promise<LaidDown | undefined>;
  /** Every policy the school ever laid down. */
  all(): Promise<readonly LaidDown[]>;
  insert(policy: AbsencePolicy, set: { readonly at: Date; readonly by: string }): void;
}

export function openAbsencePolicies(session: Session): AbsencePolicies {
  const rows = rowsOf(session, policyDocuments);
  let all: Promise<readonly LaidDown[]> | undefined;
  return {
    find: (id) => rows.one({ _id: id }),
    // Every mark of a batch asks for them.
    all: () => {
      all ??= rows.all({});
      return all;
    },
    insert: (policy, { at, by }) => {
      all = undefined;
      rows.insert({ ...policy, setAt: at, setBy: by });
    },
  };
}
