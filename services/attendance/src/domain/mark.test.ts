import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CoveringLeave, isAbsent, type MarkKind, type Report, standingOf } from './mark.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 0, minute));
const report = (kind: MarkKind, taken: number, facts: Partial<Report> = {}): Report => ({
  id: `act-${taken}`,
  source: 'ROLL_CALL',
  takenAt: at(taken),
  submittedAt: at(taken),
  by: 'teacher',
  studentId: 'an',
  kind,
  reportedAt: at(taken),
  ...facts,
});
const leave = (reported: number, facts: Partial<CoveringLeave> = {}): CoveringLeave => ({
  id: `leave-${reported}`,
  reportedAt: at(reported),
  requestedAt: at(reported),
  requestedBy: 'mother',
  endedAt: undefined,
  ...facts,
});

test('of whom nothing was said, nothing is known', () => {
  expect(standingOf([], [])).toBeUndefined();
});

test('the mark that was taken last stands', () => {
  expect(standingOf([report('PRESENT', 30), report('ABSENT_WITHOUT_LEAVE', 20)], [])).toMatchObject({
    kind: 'PRESENT',
    sourceId: 'act-30',
  });
});

test('an absence that is said again was told when it was told first; one that was denied in between, when it was told anew', () => {
  const absent = (taken: number) => report('ABSENT_WITHOUT_LEAVE', taken);
  expect(standingOf([absent(10), absent(40)], [])?.reportedAt).toEqual(at(10));
  expect(standingOf([absent(10), report('PRESENT', 20), absent(40)], [])?.reportedAt).toEqual(at(40));
});

test('a correction says itself when the school was told, later as well as earlier', () => {
  const first = report('ABSENT_WITHOUT_LEAVE', 10);
  const corrected = (reported: number) => report('ABSENT_WITH_LEAVE', 50, { source: 'CORRECTION', reportedAt: at(reported) });
  expect(standingOf([first, corrected(5)], [])?.reportedAt).toEqual(at(5));
  expect(standingOf([first, corrected(45)], [leave(1)])?.reportedAt).toEqual(at(45));
});

test('putting only the kind of an absence right leaves the time at which the school was told', () => {
  const kindOnly = (kind: MarkKind, taken: number) => report(kind, taken, { source: 'CORRECTION', reportedAt: undefined });
  const away = report('ABSENT_WITHOUT_LEAVE', 10, { reportedAt: undefined });
  expect(standingOf([away, kindOnly('ABSENT_WITH_LEAVE', 50)], [])).toMatchObject({ kind: 'ABSENT_WITH_LEAVE', reportedAt: at(10) });
  expect(standingOf([away, kindOnly('ABSENT_WITHOUT_LEAVE', 50)], [leave(1)])).toMatchObject({
    ...{ kind: 'ABSENT_WITHOUT_LEAVE', reportedAt: at(1) },
  });
  expect(standingOf([kindOnly('ABSENT_WITH_LEAVE', 50)], [leave(1)])).toMatchObject({ kind: 'ABSENT_WITH_LEAVE', reportedAt: at(1) });
  const corrected = report('ABSENT_WITH_LEAVE', 30, { source: 'CORRECTION', reportedAt: at(25) });
  expect(standingOf([away, corrected, kindOnly('ABSENT_WITH_LEAVE', 50)], [leave(1)])?.reportedAt).toEqual(at(25));
});

test('who was there in between is told of anew, also by a correction without a time', () => {
  const again = report('ABSENT_WITHOUT_LEAVE', 50, { source: 'CORRECTION', reportedAt: undefined });
  expect(standingOf([report('ABSENT_WITHOUT_LEAVE', 10), report('PRESENT', 20), again], [])?.reportedAt).toEqual(at(50));
});

test('a correction to without leave outlives what devices say after it, and one back to with leave ends it', () => {
  const [denied, granted] = [
    report('ABSENT_WITHOUT_LEAVE', 20, { source: 'CORRECTION' }),
    report('ABSENT_WITH_LEAVE', 30, { source: 'CORRECTION' }),
  ];
  const late = report('ABSENT_WITHOUT_LEAVE', 40);
  expect(standingOf([denied, late], [leave(1)])?.kind).toBe('ABSENT_WITHOUT_LEAVE');
  expect(standingOf([denied, granted, late], [leave(1)])?.kind).toBe('ABSENT_WITH_LEAVE');
});

test('leave that was withdrawn excuses who had been found missing before, and nobody who is missed after', () => {
  const ended = leave(1, { endedAt: at(20) });
  expect(standingOf([], [ended])).toBeUndefined();
  expect(standingOf([report('ABSENT_WITHOUT_LEAVE', 15)], [ended])).toMatchObject({ kind: 'ABSENT_WITH_LEAVE', reportedAt: at(1) });
  expect(standingOf([report('ABSENT_WITHOUT_LEAVE', 25)], [ended])).toMatchObject({ kind: 'ABSENT_WITHOUT_LEAVE', reportedAt: at(25) });
  const [there, gone] = [report('PRESENT', 30), report('ABSENT_WITHOUT_LEAVE', 40)];
  expect(standingOf([report('ABSENT_WITHOUT_LEAVE', 15), there, gone], [ended])?.kind).toBe('ABSENT_WITHOUT_LEAVE');
});

test('leave stands where nobody has looked, excuses who is missing, and never makes a present pupil absent', () => {
  expect(standingOf([], [leave(5)])).toMatchObject({ kind: 'ABSENT_WITH_LEAVE', source: 'LEAVE', reportedAt: at(5) });
  expect(standingOf([report('ABSENT_WITHOUT_LEAVE', 30)], [leave(5)])).toMatchObject({ kind: 'ABSENT_WITH_LEAVE', reportedAt: at(5) });
  expect(standingOf([report('PRESENT', 30)], [leave(40)])).toMatchObject({ kind: 'PRESENT' });
  expect(standingOf([report('LATE', 30)], [leave(5)])).toMatchObject({ kind: 'LATE' });
});

test('leave that is asked after a correction counts again', () => {
  const corrected = report('ABSENT_WITHOUT_LEAVE', 30, { source: 'CORRECTION' });
  expect(standingOf([corrected], [leave(20)])?.kind).toBe('ABSENT_WITHOUT_LEAVE');
  expect(standingOf([corrected], [leave(40)])).toMatchObject({ kind: 'ABSENT_WITH_LEAVE', reportedAt: at(30) });
});

const kinds = fc.constantFrom<MarkKind>('PRESENT', 'LATE', 'ABSENT_WITH_LEAVE', 'ABSENT_WITHOUT_LEAVE');
const minutes = fc.integer({ min: 0, max: 5 });
const reports = fc.uniqueArray(
  fc.record({
    kind: kinds,
    taken: minutes,
    told: minutes,
    id: fc.integer({ min: 0, max: 20 }).map(String),
    corrects: fc.boolean(),
    silent: fc.boolean(),
  }),
  { maxLength: 8, selector: ({ id }) => id },
);

const asked = fc.record({ minute: minutes, ended: fc.option(minutes) });

test('whatever the order of arrival, every pupil stands alike', () => {
  fc.assert(
    fc.property(reports, fc.array(asked, { maxLength: 3 }), fc.infiniteStream(fc.nat()), (acts, told, chance) => {
      const said = acts.map(({ kind, taken, told: reported, id, corrects, silent }) =>
        report(kind, taken, { id, reportedAt: silent ? undefined : at(reported), source: corrects ? 'CORRECTION' : 'ROLL_CALL' }),
      );
      const leaves = told.map(({ minute, ended }, nth) =>
        leave(minute, { id: `leave-${nth}`, endedAt: ended === null ? undefined : at(ended) }),
      );
      const shuffled = <T>(list: readonly T[]) =>
        list
          .map((one) => ({ one, place: chance.next().value ?? 0 }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ one }) => one);
      expect(standingOf(shuffled(said), shuffled(leaves))).toEqual(standingOf(said, leaves));
    }),
  );
});

test('an absence is never told later than any report in force, and leave never makes it later', () => {
  fc.assert(
    fc.property(reports, minutes, (acts, told) => {
      const said = acts.map(({ kind, taken, told: reported, id }) => report(kind, taken, { id, reportedAt: at(reported) }));
      const without = standingOf(said, []);
      const withLeave = standingOf(said, [leave(told)]);
      if (!without || !isAbsent(without.kind)) return;
      expect(withLeave?.kind).toBe('ABSENT_WITH_LEAVE');
      expect(withLeave?.reportedAt.getTime()).toBe(Math.min(without.reportedAt.getTime(), at(told).getTime()));
    }),
  );
});
