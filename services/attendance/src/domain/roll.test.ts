import type { SchoolDate } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from './change.ts';
import type { MarkKind, Submission } from './mark.ts';
import type { KnownPupil } from './pupil.ts';
import { coveringOf, type Roll, standingsOf, take } from './roll.ts';
import { earlierSubmission, emptyRollCall } from './roll-call.ts';

const half = { date: '2026-11-23' as SchoolDate, session: 'MORNING' } as const;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 0, minute));
const pupil = (id: string, facts: Partial<KnownPupil> = {}): KnownPupil => ({
  ...{ id, name: `Nguyễn ${id}`, classId: 'class', className: '1A', grade: 1, leftOn: undefined },
  ...{ classIds: ['class'], memberships: [] },
  ...facts,
});
const roll = (pupils: readonly KnownPupil[], leaves: Roll['leaves'] = []): Roll => ({
  rollCall: emptyRollCall({ classId: 'class', className: '1A' }, half),
  elsewhere: [],
  pupils,
  leaves,
  noSchool: undefined,
});
const submission = (id: string, marks: Readonly<Record<string, MarkKind>>, taken = 30, told = taken): Submission => ({
  ...{ id, source: 'ROLL_CALL', takenAt: at(taken), submittedAt: at(59), by: 'teacher', reason: undefined },
  marks: Object.entries(marks).map(([studentId, kind]) => ({ studentId, kind, reportedAt: at(told) })),
});
const leaveOf = (studentId: string) => ({
  ...{ id: `leave of ${studentId}`, studentId, first: half, last: half, reason: '', reportedAt: at(3), requestedBy: 'mother' },
  ...{ requestedAt: at(3), status: 'STANDING' as const },
});

test('a roll names who is marked and who is not, each once, and nobody of another class', () => {
  const all = roll([pupil('an'), pupil('binh'), pupil('chi'), pupil('moved', { classId: 'other' })], [leaveOf('chi')]);
  const taken = take(all, submission('act', { an: 'PRESENT' }));
  if (!taken.ok) throw new Error(taken.refusal.code);
  const { marked, unmarked } = standingsOf(taken.value.roll);
  expect(marked.map(({ pupil: { id }, standing }) => [id, standing.kind])).toEqual([
    ['an', 'PRESENT'],
    ['chi', 'ABSENT_WITH_LEAVE'],
  ]);
  expect(unmarked).toEqual(['binh']);
});

const moved = pupil('moved', {
  ...{ classId: 'other', className: '1B', classIds: ['class', 'other'] },
  memberships: [
    { classId: 'other', since: '2026-11-20' as SchoolDate, version: 2 },
    { classId: 'class', since: '2026-09-05' as SchoolDate, version: 1 },
  ],
});

test('in a half-day without school nobody stands in any way, whatever was said of it', () => {
  const taken = take(roll([pupil('an')], [leaveOf('an')]), submission('act', { an: 'ABSENT_WITHOUT_LEAVE' }));
  if (!taken.ok) throw new Error(taken.refusal.code);
  const noSchool = { code: 'NO_SESSION', ...half } as const;
  expect(standingsOf({ ...taken.value.roll, noSchool })).toEqual({ marked: [], unmarked: [] });
});

test('a roll of the past is that of who was in the class then', () => {
  const [before, after] = ['2026-11-19', '2026-11-23'].map((date) => {
    const rollCall = emptyRollCall({ classId: 'class', className: '1A' }, { ...half, date: date as SchoolDate });
    return standingsOf({ ...roll([moved]), rollCall }).unmarked;
  });
  expect([before, after]).toEqual([['moved'], []]);
});

test('a submission with one wrong pupil is refused whole, and says which by place and id, and never by name', () => {
  const left = pupil('left', { leftOn: '2026-11-20' as SchoolDate });
  const all = roll([pupil('an'), left, pupil('other', { classId: 'other', className: '2A', classIds: ['other'] }), moved]);
  const refusal = (id: string) => take(all, submission('act', { an: 'PRESENT', [id]: 'PRESENT' }));
  expect(refusal('nobody')).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN', student: '#2 (nobody)' } });
  expect(refusal('left')).toMatchObject({ refusal: { code: 'STUDENT_LEFT', student: '#2 (left)' } });
  expect(refusal('other')).toMatchObject({ refusal: { code: 'STUDENT_NOT_IN_CLASS', student: '#2 (other)', className: '2A' } });
  expect(refusal('moved')).toMatchObject({ refusal: { code: 'STUDENT_MOVED', student: '#2 (moved)', since: '2026-11-20' } });
  const [mark] = submission('act', { an: 'PRESENT' }).marks;
  const twice = { ...submission('act', {}), marks: mark ? [mark, mark] : [] };
  expect(take(all, twice)).toMatchObject({ refusal: { code: 'MARKED_TWICE', studentId: 'an', student: '#2 (an)' } });
  expect(take(all, submission('act', { an: 'PRESENT' }, 30, 63))).toMatchObject({ refusal: { code: 'CLOCK_AHEAD' } });
});

test('leave covers its pupil only', () => {
  expect(coveringOf([leaveOf('an')], 'an', half)).toHaveLength(1);
  expect(coveringOf([leaveOf('an')], 'binh', half)).toHaveLength(0);
});

const kinds = fc.constantFrom<MarkKind>('PRESENT', 'LATE', 'ABSENT_WITH_LEAVE', 'ABSENT_WITHOUT_LEAVE');
const acts = fc.uniqueArray(
  fc
    .record({
      id: fc.integer({ min: 0, max: 50 }).map(String),
      taken: fc.integer({ min: 0, max: 9 }),
      an: fc.option(kinds),
      binh: fc.option(kinds),
    })
    .filter(({ an, binh }) => an !== null || binh !== null),
  { maxLength: 8, selector: ({ id }) => id },
);

/** What devices send, as the service takes it: a repeat has no effect. */
function takeAll(start: Roll, sent: readonly Submission[]): { roll: Roll; changes: Change[] } {
  const changes: Change[] = [];
  let now = start;
  for (const each of sent) {
    const earlier = earlierSubmission(now.rollCall, each);
    if (earlier.ok && earlier.value) continue;
    const taken = take(now, each);
    if (!taken.ok) throw new Error(taken.refusal.code);
    now = taken.value.roll;
    changes.push(...taken.value.changes);
  }
  return { roll: now, changes };
}

test('any order, repetition and delay of submissions ends in the same marks, and the last change of each pupil says which', () => {
  fc.assert(
    fc.property(acts, fc.boolean(), fc.array(fc.nat(), { minLength: 24, maxLength: 24 }), (said, onLeave, chance) => {
      const start = roll([pupil('an'), pupil('binh')], onLeave ? [leaveOf('an')] : []);
      const sent = said.map(({ id, taken, an, binh }) => submission(id, { ...(an && { an }), ...(binh && { binh }) }, taken));
      const shuffled = [...sent, ...sent, ...sent]
        .map((each, index) => ({ each, place: chance[index] ?? 0 }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ each }) => each);
      const inOrder = takeAll(start, sent);
      const late = takeAll(start, shuffled);
      expect(standingsOf(late.roll)).toEqual(standingsOf(inOrder.roll));
      for (const {
        pupil: { id },
        standing,
      } of standingsOf(late.roll).marked) {
        const told = late.changes.findLast((change) => change.pupil.id === id);
        if (told) expect(told.after?.kind).toBe(standing.kind);
      }
    }),
  );
});
