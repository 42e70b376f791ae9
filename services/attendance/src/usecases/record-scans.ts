import { err, type Ok, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { hasBegun, type SchoolYear, schoolOn } from '../domain/calendar.ts';
import type { Change } from '../domain/change.ts';
import type { Session } from '../domain/half-day.ts';
import type { KnownPupil } from '../domain/pupil.ts';
import { take } from '../domain/roll.ts';
import { type Act, earlierSubmission, emptyRollCall, type RollCall, rollCallId, submissionOf } from '../domain/roll-call.ts';
import { standingChanged } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';

export interface Scan {
  readonly id: string;
  readonly studentId: string;
  readonly scannedAt: Date;
  readonly session: Session;
  readonly late: boolean;
  /** Subject of the gate's token. */
  readonly by: string;
}

/** What became of one scan; without a code it was taken, now or before. */
export interface Scanned {
  readonly scanId: string;
  readonly code?: string;
}

/**
 * rpc RecordScans: the scans of many gates in one transaction. Each is taken or refused by itself, so that one bad scan never holds up the
 * gate; the answers are in the order of the scans.
 */
export async function recordScans(tx: AttendanceTx, scans: readonly Scan[]): Promise<Ok<readonly Scanned[]>> {
  const known = await lookUp(tx, scans);
  const now = new Map(known.rollCalls);
  const standsIn = new Map(known.standsIn);
  const changes: Change[] = [];
  const scanned = scans.map((scan): Scanned => {
    const added = addScan(scan, { ...known, rollCalls: now, standsIn, at: tx.now });
    if (!added.ok) return { scanId: scan.id, code: added.refusal.code };
    if (added.value) {
      now.set(added.value.rollCall.id, added.value.rollCall);
      standsIn.set(scan.id, added.value.rollCall.id);
      changes.push(...added.value.changes);
    } // Else the scanner resends after a dropped reply.
    return { scanId: scan.id };
  });
  for (const [id, after] of now) {
    const before = known.rollCalls.get(id) ?? { ...after, submissions: [], version: 0 };
    if (before !== after) tx.rollCalls.save(before, after);
  }
  for (const change of changes) {
    tx.absences.keep(change);
    for (const event of standingChanged(change, tx.now)) tx.emit(event);
  }
  return ok(scanned);
}

interface Known {
  readonly pupils: ReadonlyMap<string, KnownPupil>;
  readonly years: ReadonlyMap<SchoolDate, SchoolYear | undefined>;
  readonly rollCalls: ReadonlyMap<string, RollCall>;
  /** The roll call in which a scan stands, by the id of the scan. */
  readonly standsIn: ReadonlyMap<string, string>;
  readonly leaves: Awaited<ReturnType<AttendanceTx['leaves']['touching']>>;
}

async function lookUp(tx: AttendanceTx, scans: readonly Scan[]): Promise<Known> {
  const pupils = new Map((await tx.students.findAll(scans.map(({ studentId }) => studentId))).map((pupil) => [pupil.id, pupil]));
  const dates = [...new Set(scans.map(({ scannedAt }) => schoolDateOf(scannedAt)))].toSorted();
  const years = new Map<SchoolDate, SchoolYear | undefined>();
  for (const date of dates) years.set(date, await tx.years.holding(date));
  const ids = scans.flatMap(({ studentId, scannedAt, session }) =>
    (pupils.get(studentId)?.classIds ?? []).map((classId) => rollCallId(classId, { date: schoolDateOf(scannedAt), session })),
  );
  const scanIds = new Set(scans.map(({ id }) => id));
  const found = await tx.rollCalls.findAll([...new Set(ids)], [...scanIds]);
  const standsIn = found.flatMap((rollCall) =>
    rollCall.submissions.flatMap(({ id }) => (scanIds.has(id) ? [[id, rollCall.id] as const] : [])),
  );
  const [first, last = first] = [dates.at(0), dates.at(-1)];
  const leaves = first && last ? await tx.leaves.touching([...pupils.keys()], first, last) : [];
  const rollCalls = new Map(found.map((rollCall) => [rollCall.id, rollCall]));
  return { pupils, years, rollCalls, standsIn: new Map(standsIn), leaves };
}

type Adding = Known & { readonly at: Date };
type Added = { readonly rollCall: RollCall; readonly changes: readonly Change[] };

/** The roll call with the scan in it; nothing where the scan was taken before. */
function addScan(scan: Scan, known: Adding): Result<Added | undefined, { readonly code: string }> {
  const { pupils, years, rollCalls, standsIn, leaves, at } = known;
  const { id, studentId, scannedAt, session, late, by } = scan;
  const mark = { studentId, kind: late ? 'LATE' : 'PRESENT', reportedAt: scannedAt } as const;
  const act: Act = { id, source: 'GATE', takenAt: scannedAt, reason: undefined, marks: [mark] };
  const before = rollCalls.get(standsIn.get(id) ?? '');
  const earlier = before && earlierSubmission(before, act);
  if (earlier) return earlier.ok ? ok(undefined) : earlier;

  const pupil = pupils.get(studentId);
  if (!pupil) return err({ code: 'STUDENT_UNKNOWN' });
  const half = { date: schoolDateOf(scannedAt), session };
  const year = schoolOn(years.get(half.date), half);
  if (!year.ok) return year;
  const begun = hasBegun(year.value, half, { takenAt: scannedAt, now: at });
  if (!begun.ok) return begun;
  const rollCall = rollCalls.get(rollCallId(pupil.classId, half)) ?? emptyRollCall(pupil, half);
  const elsewhere = pupil.classIds.filter((one) => one !== pupil.classId).flatMap((one) => rollCalls.get(rollCallId(one, half)) ?? []);
  const taken = take({ rollCall, elsewhere, pupils: [pupil], leaves, noSchool: undefined }, submissionOf(act, { by, now: at }));
  return taken.ok ? ok({ rollCall: taken.value.roll.rollCall, changes: taken.value.changes }) : taken;
}
