import { err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';

import { type Finding, inOrder } from './finding.ts';
import type { Source } from './provenance.ts';
import type { RosterRow } from './roster.ts';
import type { StatedGuardian, StatedPupil } from './stated-guardian.ts';

export type ImportKind = 'ROSTER' | 'CONTACTS';

/** In pupils (roster) or guardians (contacts); `ended` in pupils who left or guardianships that ended. */
export interface ImportDiff {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly ended: number;
  readonly merged: number;
}
export const noDiff: ImportDiff = { added: 0, changed: 0, unchanged: 0, ended: 0, merged: 0 };

export type Import = PlannedImport | ApplyingImport | AppliedImport | FailedImport;
export type PlannedImport = ImportBase & { readonly status: 'PLANNED' };
export type ApplyingImport = ImportBase &
  Started & {
    readonly status: 'APPLYING';
    /** How often the next chunk has failed. */
    readonly failedTries: number;
    /** Not before then is it tried again. */
    readonly retryAt?: Date;
  };
export type AppliedImport = ImportBase & Started & { readonly status: 'APPLIED'; readonly appliedAt: Date };
/** What was taken over before stays so. */
export type FailedImport = ImportBase & Started & { readonly status: 'FAILED'; readonly failedAt: Date; readonly failure: ImportFailure };

/** Why an import ended before its end. */
export type ImportFailure =
  // The rows of the next chunk are gone: no try can bring them back.
  | 'ROWS_LOST'
  // What the chunk would write or announce is larger than what can be stored or sent.
  | 'TOO_LARGE'
  | 'UNEXPECTED';

interface ImportBase {
  readonly id: string;
  readonly kind: ImportKind;
  readonly fileName: string;
  /** 64 lower-case hex digits. */
  readonly fileSha256: string;
  readonly plannedAt: Date;
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  readonly left: number;
  readonly classes: number;
  readonly planned: ImportDiff;
  readonly findings: readonly Finding[];
  /** How many chunks it was cut into. */
  readonly chunks: number;
}

interface Started {
  readonly startedAt: Date;
  /** Subject of the token that applied it. */
  readonly startedBy: string;
  /** Day on which what it says begins to hold. */
  readonly today: SchoolDate;
  readonly nextChunk: number;
  readonly appliedRows: number;
  readonly done: ImportDiff;
}

/** A part of an import that is taken over in one transaction. It holds person numbers, so it is deleted with it. */
export interface ImportChunk {
  readonly importId: string;
  /** 0 is the first. */
  readonly index: number;
  readonly content: ChunkContent;
}
export type ChunkContent =
  | { readonly kind: 'PUPILS'; readonly items: readonly RosterRow[] }
  | { readonly kind: 'GUARDIANS'; readonly items: readonly StatedGuardian[] }
  | { readonly kind: 'TIES'; readonly items: readonly StatedPupil[] };

export const chunkRows = 250;
const planLifeMs = 7 * 24 * 3_600_000;

/** After this nobody may apply the plan, and its rows are deleted. */
export function expiryOf(plannedAt: Date): Date {
  return new Date(plannedAt.getTime() + planLifeMs);
}

export type StartRefused = { readonly code: 'IMPORT_EXPIRED' };

export function startImport(planned: PlannedImport, by: string, now: Date): Result<ApplyingImport, StartRefused> {
  if (now >= expiryOf(planned.plannedAt)) return err({ code: 'IMPORT_EXPIRED' });
  const started = { startedAt: now, startedBy: by, today: schoolDateOf(now), nextChunk: 0, appliedRows: 0, done: noDiff };
  return ok({ ...planned, ...started, status: 'APPLYING', failedTries: 0 });
}

/** What one chunk came to. */
export interface ChunkDone {
  readonly rows: number;
  readonly diff: ImportDiff;
  /** Rows that could not be taken over after all, because something changed since the plan was made. */
  readonly held: readonly Finding[];
}

export function advance(applying: ApplyingImport, { rows, diff, held }: ChunkDone, now: Date): ApplyingImport | AppliedImport {
  const heldRows = new Set(held.map(({ row }) => row)).size;
  const { failedTries: _, retryAt: __, ...before } = applying;
  const next = {
    ...before,
    nextChunk: before.nextChunk + 1,
    appliedRows: before.appliedRows + rows,
    accepted: before.accepted - heldRows,
    refused: before.refused + heldRows,
    done: addDiffs(before.done, diff),
    findings: held.length === 0 ? before.findings : inOrder([...before.findings, ...held]),
  };
  return next.nextChunk < next.chunks ? { ...next, failedTries: 0 } : { ...next, status: 'APPLIED', appliedAt: now };
}

// Each wait is four times the one before: within a minute and a half the school hears that it will not be.
const mostTries = 5;
const firstWaitMs = 1_000;

/** What becomes of an import whose next chunk could not be taken over: it waits and is tried again, or this is its end. */
export function afterFailedTry(applying: ApplyingImport, failure: ImportFailure, now: Date): ApplyingImport | FailedImport {
  const { failedTries, retryAt: _, ...before } = applying;
  const tries = failedTries + 1;
  if (failure === 'ROWS_LOST' || tries >= mostTries) return { ...before, status: 'FAILED', failedAt: now, failure };
  return { ...before, failedTries: tries, retryAt: new Date(now.getTime() + firstWaitMs * 4 ** (tries - 1)) };
}

export function addDiffs(a: ImportDiff, b: ImportDiff): ImportDiff {
  return {
    added: a.added + b.added,
    changed: a.changed + b.changed,
    unchanged: a.unchanged + b.unchanged,
    ended: a.ended + b.ended,
    merged: a.merged + b.merged,
  };
}

/** Cuts into parts of at most `size`, in order. */
export function cut<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}

/** Where fields that name these imports came from. */
export function sourcesOf(imports: readonly Import[]): Map<string, Source> {
  return new Map(
    imports.flatMap((from) =>
      from.status === 'PLANNED'
        ? []
        : [[from.id, { fileName: from.fileName, fileSha256: from.fileSha256, at: from.startedAt, by: from.startedBy }]],
    ),
  );
}
