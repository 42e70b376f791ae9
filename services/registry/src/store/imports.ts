import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import { Schema } from 'mongoose';
import type { Finding, FindingCode } from '../domain/finding.ts';
import type { ApplyingImport, Import, ImportDiff, ImportFailure, ImportKind } from '../domain/import.ts';

interface ImportDocument extends Stored {
  kind: ImportKind;
  status: Import['status'];
  fileName: string;
  fileSha256: string;
  plannedAt: Date;
  rows: number;
  accepted: number;
  refused: number;
  left: number;
  classes: number;
  planned: ImportDiff;
  findings: { row: number; code: FindingCode }[];
  chunks: number;
  startedAt?: Date;
  startedBy?: string;
  today?: SchoolDate;
  nextChunk?: number;
  appliedRows?: number;
  done?: ImportDiff;
  appliedAt?: Date;
  failedTries?: number;
  retryAt?: Date;
  failedAt?: Date;
  failure?: ImportFailure;
}

const text = { type: String, required: true };
const count = { type: Number, required: true };
const diff = new Schema({ added: count, changed: count, unchanged: count, ended: count, merged: count }, { _id: false });

export const imports = defineCollection<ImportDocument>(
  'imports',
  new Schema({
    kind: { ...text, enum: ['ROSTER', 'CONTACTS'] },
    status: { ...text, enum: ['PLANNED', 'APPLYING', 'APPLIED', 'FAILED'] },
    fileName: text,
    fileSha256: text,
    plannedAt: { type: Date, required: true },
    rows: count,
    accepted: count,
    refused: count,
    left: count,
    classes: count,
    planned: { type: diff, required: true },
    findings: { type: [new Schema({ row: count, code: text }, { _id: false })], required: true },
    chunks: count,
    startedAt: Date,
    startedBy: String,
    today: String,
    nextChunk: Number,
    appliedRows: Number,
    done: diff,
    appliedAt: Date,
    failedTries: Number,
    retryAt: Date,
    failedAt: Date,
    failure: { type: String, enum: ['ROWS_LOST', 'TOO_LARGE', 'UNEXPECTED'] },
  })
    // Two imports of one school at once would be taken over in no order at all.
    .index({ schoolId: 1 }, { unique: true, partialFilterExpression: { status: 'APPLYING' } })
    .index({ status: 1, _id: 1 }, { partialFilterExpression: { status: 'APPLYING' } }),
);

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
  listDue(part: { readonly now: Date; readonly after?: string; readonly limit: number }): Promise<RunningImport[]>;
  insert(planned: Import): void;
  /** `before` is what was read; when it is no longer so, the transaction runs again. */
  save(changed: Import, before: Import): void;
}

export function importStore(session: Session): ImportStore {
  const collection = session.collection(imports);
  return {
    async find(id) {
      const found = await collection.findOne({ _id: id });
      return found && toImport(found);
    },
    findMany: async (ids) => (ids.length === 0 ? [] : (await collection.find({ _id: { $in: [...ids] } })).map(toImport)),
    async findApplying() {
      const found = await collection.findOne({ status: 'APPLYING' });
      const running = found && toImport(found);
      return running?.status === 'APPLYING' ? running : undefined;
    },
    async listDue({ now, after = '', limit }) {
      const due = { $or: [{ retryAt: { $exists: false } }, { retryAt: { $lte: now } }] };
      const options = { sort: { _id: 1 }, limit, projection: { schoolId: 1, nextChunk: 1 } } as const;
      const found = await collection.find({ status: 'APPLYING', _id: { $gt: after }, ...due }, options);
      return found.map(({ _id, schoolId, nextChunk = 0 }) => ({ schoolId, importId: _id, chunk: nextChunk }));
    },
    insert: (planned) => collection.insert(toDocument(planned)),
    save: (changed, before) => {
      const expected = before.status === 'APPLYING' ? { status: before.status, nextChunk: before.nextChunk } : { status: before.status };
      collection.replace(toDocument(changed), expected);
    },
  };
}

function toDocument({ id, findings, ...rest }: Import): Omit<ImportDocument, 'schoolId'> {
  return { _id: id, ...rest, findings: findings.map(({ row, code }) => ({ row, code })) };
}

function toImport(document: ImportDocument): Import {
  const { _id, schoolId: _, status, startedAt, startedBy, today, nextChunk, appliedRows, done, ...more } = document;
  const { appliedAt, failedTries = 0, retryAt, failedAt, failure, ...base } = more;
  const planned: { readonly findings: readonly Finding[] } & typeof base = base;
  if (status === 'PLANNED') return { id: _id, ...planned, status };
  if (!startedAt || startedBy === undefined || today === undefined || nextChunk === undefined || appliedRows === undefined || !done) {
    throw new Error(`Import ${_id} is ${status} but does not say since when`);
  }
  const started = { id: _id, ...planned, startedAt, startedBy, today, nextChunk, appliedRows, done };
  if (status === 'APPLIED' && appliedAt) return { ...started, status, appliedAt };
  if (status === 'FAILED' && failedAt && failure) return { ...started, status, failedAt, failure };
  return { ...started, status: 'APPLYING', failedTries, ...(retryAt ? { retryAt } : {}) };
}
