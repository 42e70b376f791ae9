import { collection, index, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { FindingCode } from '../domain/finding.ts';
import type { ApplyingImport, Import } from '../domain/import.ts';

const { day, id, instant, list, number, oneOf, optional, part, since, states, text, textOf } = stored;

const diff = part({ added: number, changed: number, unchanged: number, ended: number, merged: number });
const started = { startedAt: instant, startedBy: text, today: day, nextChunk: number, appliedRows: number, done: diff };
const plan = {
  ...{ id, kind: oneOf('ROSTER', 'CONTACTS'), fileName: text, fileSha256: text, plannedAt: instant, rows: number },
  ...{ accepted: number, refused: number, left: number, classes: number, planned: diff, chunks: number },
  findings: list(part({ row: number, code: textOf<FindingCode>() })),
  status: states({
    PLANNED: {},
    APPLYING: { ...started, failedTries: since(number, 0), retryAt: optional(instant) },
    APPLIED: { ...started, appliedAt: instant },
    FAILED: { ...started, failedAt: instant, failure: oneOf('ROWS_LOST', 'TOO_LARGE', 'UNEXPECTED') },
  }),
};

export const imports = collection('imports', plan, {
  indexes: [
    // Two imports of one school at once would be taken over in no order at all.
    unique({ schoolId: 1 }, { status: 'APPLYING' }),
    index({ status: 1, _id: 1 }, { status: 'APPLYING' }),
  ],
});

/** An import that is being taken over, in a list across schools. */
export interface RunningImport {
  readonly schoolId: string;
  readonly importId: string;
  /** The chunk that is next. */
  readonly chunk: number;
}

export interface ImportStore {
  find(id: string): Promise<Import | undefined>;
  findMany(ids: readonly string[]): Promise<Import[]>;
  /** The one that is being taken over; a school has one at most. */
  findApplying(): Promise<ApplyingImport | undefined>;
  /** Those that are being taken over and are not put off, by their ids: for a clock that looks across schools. */
  due(now: Date): Promise<RunningImport[]>;
  insert(planned: Import): void;
  /** `before` is what was read; when it is no longer so, the transaction runs again. */
  save(changed: Import, before: Import): void;
}

export function importStore(session: Session): ImportStore {
  const rows = rowsOf(session, imports);
  return {
    find: (id) => rows.one({ _id: id }),
    findMany: async (ids) => (ids.length === 0 ? [] : rows.all({ _id: { $in: [...ids] } })),
    async findApplying() {
      const running = await rows.one({ status: 'APPLYING' });
      return running?.status === 'APPLYING' ? running : undefined;
    },
    async due(now) {
      const due = { $or: [{ retryAt: { $exists: false } }, { retryAt: { $lte: now } }] };
      const options = { sort: { _id: 1 }, projection: { schoolId: 1, nextChunk: 1 } } as const;
      const found = await rows.documents.find({ status: 'APPLYING', ...due }, options);
      return found.map(({ _id, schoolId, nextChunk = 0 }) => ({ schoolId, importId: _id, chunk: nextChunk }));
    },
    insert: (planned) => rows.insert(planned),
    save: (changed, before) => {
      const expected = before.status === 'APPLYING' ? { status: before.status, nextChunk: before.nextChunk } : { status: before.status };
      rows.replace(changed, expected);
    },
  };
}
