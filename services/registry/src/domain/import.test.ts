import { describe, expect, test } from 'vitest';
import {
  type ApplyingImport,
  addDiffs,
  advance,
  afterFailedTry,
  cut,
  expiryOf,
  type Import,
  noDiff,
  type PlannedImport,
  sourcesOf,
  startImport,
} from './import.ts';

const plannedAt = new Date('2026-11-20T17:30:00Z');
const planned: PlannedImport = {
  id: 'import',
  status: 'PLANNED',
  kind: 'ROSTER',
  fileName: 'C1-HocSinh.xlsx',
  fileSha256: 'a'.repeat(64),
  plannedAt,
  rows: 3,
  accepted: 3,
  refused: 0,
  left: 0,
  classes: 1,
  planned: { ...noDiff, added: 3 },
  findings: [{ row: 4, code: 'TEMPORARY_ID' }],
  chunks: 2,
};

function started() {
  const result = startImport(planned, 'principal@79000701', plannedAt);
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

describe('an import that is applied', () => {
  test('begins on the school day in Vietnam, whatever the day in London is', () => {
    expect(started()).toMatchObject({ status: 'APPLYING', today: '2026-11-21', nextChunk: 0, startedBy: 'principal@79000701' });
  });

  test('is applied when its last chunk is, and adds up what was done', () => {
    const one = advance(started(), { rows: 2, diff: { ...noDiff, added: 2 }, held: [] }, plannedAt);
    expect(one).toMatchObject({ status: 'APPLYING', nextChunk: 1, appliedRows: 2 });
    const two = one.status === 'APPLYING' && advance(one, { rows: 1, diff: { ...noDiff, unchanged: 1 }, held: [] }, plannedAt);
    expect(two).toMatchObject({ status: 'APPLIED', appliedRows: 3, done: { added: 2, unchanged: 1 }, appliedAt: plannedAt });
  });

  test('tells of rows that could not be taken over after all', () => {
    const next = advance(started(), { rows: 2, diff: noDiff, held: [{ row: 3, code: 'IDENTITY_CONFLICT' }] }, plannedAt);
    expect(next).toMatchObject({ accepted: 2, refused: 1 });
    expect(next.findings.map(({ row }) => row)).toEqual([3, 4]);
  });
});

describe('an import whose chunk cannot be taken over', () => {
  test('waits longer each time, and ends at the fifth with the last cause', () => {
    let now = plannedAt;
    let applying: ApplyingImport = started();
    for (const seconds of [1, 4, 16, 64]) {
      const after = afterFailedTry(applying, 'UNEXPECTED', now);
      if (after.status !== 'APPLYING') throw new Error('It ended too early');
      expect(after.retryAt).toEqual(new Date(now.getTime() + seconds * 1_000));
      [applying, now] = [after, after.retryAt ?? now];
    }
    expect(afterFailedTry(applying, 'TOO_LARGE', now)).toMatchObject({ status: 'FAILED', failure: 'TOO_LARGE', failedAt: now });
  });

  test('ends at once when its rows are gone', () => {
    expect(afterFailedTry(started(), 'ROWS_LOST', plannedAt)).toMatchObject({ status: 'FAILED', failure: 'ROWS_LOST' });
  });

  test('begins to count anew with the next chunk', () => {
    const put = afterFailedTry(started(), 'UNEXPECTED', plannedAt);
    const next = put.status === 'APPLYING' && advance(put, { rows: 2, diff: noDiff, held: [] }, plannedAt);
    expect(next).toMatchObject({ status: 'APPLYING', nextChunk: 1, failedTries: 0 });
    expect(next).not.toHaveProperty('retryAt');
  });
});

test('a plan of last week is not applied: the school has changed since', () => {
  expect(startImport(planned, 'principal', expiryOf(plannedAt))).toEqual({ ok: false, refusal: { code: 'IMPORT_EXPIRED' } });
  expect(startImport(planned, 'principal', new Date(expiryOf(plannedAt).getTime() - 1)).ok).toBe(true);
});

test('only what was applied is a source', () => {
  const imports: Import[] = [planned, { ...started(), id: 'running' }];
  expect(sourcesOf(imports)).toEqual(
    new Map([['running', { fileName: planned.fileName, fileSha256: planned.fileSha256, at: plannedAt, by: 'principal@79000701' }]]),
  );
});

test('parts and sums lose nothing', () => {
  expect(cut([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(cut([], 2)).toEqual([]);
  expect(addDiffs({ ...noDiff, added: 1, ended: 2 }, { ...noDiff, added: 2, merged: 1 })).toEqual({
    added: 3,
    changed: 0,
    unchanged: 0,
    ended: 2,
    merged: 1,
  });
});
