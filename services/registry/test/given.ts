import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { schoolDateOf } from '@schoolbell/kernel';
import type { OutboxRow } from '@schoolbell/service-kit';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import { type Import, type ImportKind, noDiff } from '../src/domain/import.ts';
import type { RosterRow } from '../src/domain/roster.ts';
import { readFile } from '../src/edges/files/read-file.ts';
import { collections } from '../src/store/indexes.ts';
import { type RegistryTx, registryTx } from '../src/tx.ts';
import { applyImportChunk } from '../src/usecases/apply-import-chunk.ts';
import { planImport } from '../src/usecases/plan-import.ts';
import { startImport } from '../src/usecases/start-import.ts';

export const schoolId = '0198c1de-0000-7000-8000-000000000001';
export const otherSchoolId = '0198c1de-0000-7000-8000-000000000002';
export const principal = 'principal@79000701';

export interface Registry {
  readonly database: TestDatabase<RegistryTx>;
  /** Reads and plans; `importId` is made up when not given. */
  readonly plan: (kind: ImportKind, bytes: Uint8Array, importId?: string) => Promise<Import>;
  /** Starts a planned import and takes it over to its end. */
  readonly apply: (planned: Import) => Promise<Import>;
  readonly take: (kind: ImportKind, bytes: Uint8Array) => Promise<Import>;
  readonly announced: () => Promise<NonNullable<RegistryEvent['event']>[]>;
  readonly setDay: (day: string) => void;
}

/** Registry's use cases on a database of their own. */
export async function openRegistry(): Promise<Registry> {
  const database = await testDatabase(collections, registryTx);
  let now = new Date('2026-11-21T02:00:00Z');
  const setDay = (day: string): void => {
    now = new Date(`${day}T09:00:00+07:00`);
    database.setNow(now);
  };
  database.setNow(now);
  let made = 0;
  const newImportId = (): string => `0198c1de-0000-7000-9000-${String(++made).padStart(12, '0')}`;

  const plan: Registry['plan'] = async (kind, bytes, importId = newImportId()) => {
    const read = readFile({ kind, bytes, today: schoolDateOf(now) });
    if (!read.ok) throw new Error(`The file was refused: ${JSON.stringify(read.refusal)}`);
    const planned = await database.transact({ schoolId }, (tx) => planImport(tx, { ...read.value, importId, fileName: fileNames[kind] }));
    if (!planned.ok) throw new Error(`The plan was refused: ${planned.refusal.code}`);
    return planned.value;
  };
  const apply: Registry['apply'] = async ({ id }) => {
    const started = await database.transact({ schoolId }, (tx) => startImport(tx, { importId: id, by: principal }));
    if (!started.ok) throw new Error(`The start was refused: ${started.refusal.code}`);
    for (let more = true; more; ) {
      const applied = await database.transact({ schoolId }, (tx) => applyImportChunk(tx, { importId: id }));
      more = applied.ok && applied.value.more;
    }
    const found = await database.read({ schoolId }, (tx) => tx.imports.find(id));
    if (!found) throw new Error('The import is gone');
    return found;
  };
  return {
    database,
    plan,
    apply,
    take: async (kind, bytes) => apply(await plan(kind, bytes)),
    announced: async () => {
      const rows = await database.db.collection<OutboxRow>('outbox').find().sort({ _id: 1 }).toArray();
      return rows.flatMap(({ payload }) => RegistryEvent.decode(new Uint8Array(payload)).event ?? []);
    },
    setDay,
  };
}

/** Keeps a plan of these chunks, whatever a reader would have said of their rows. */
export function plannedAs(tx: RegistryTx, importId: string, chunks: readonly (readonly RosterRow[])[]): void {
  const rows = chunks.flat().length;
  const counts = { rows, accepted: rows, refused: 0, left: 0, classes: 1, planned: noDiff, findings: [], chunks: chunks.length };
  const file = { kind: 'ROSTER', fileName: fileNames.ROSTER, fileSha256: 'a'.repeat(64), plannedAt: tx.now } as const;
  tx.imports.insert({ id: importId, status: 'PLANNED', ...file, ...counts });
  for (const [index, items] of chunks.entries()) tx.importRows.insert({ importId, index, content: { kind: 'PUPILS', items } }, tx.now);
}

const fileNames = { ROSTER: 'C1-HocSinh.xlsx', CONTACTS: 'phu-huynh.csv' };
