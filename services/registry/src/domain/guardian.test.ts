import { describe, expect, test } from 'vitest';
import { day } from '../../test/files.ts';
import { childrenOn, endGuardianships, type Guardian, type GuardianChange, takeOverGuardian } from './guardian.ts';
import type { Relation, StatedGuardian } from './stated-guardian.ts';

const stated: StatedGuardian = {
  key: '+84915896980 nam',
  fullName: 'Nam',
  phone: '+84915896980',
  email: 'nam@example.vn',
  language: 'vi',
  wantsNotices: true,
  ties: [],
};
const mother = { studentId: 'pupil', relation: 'MOTHER' } as const;
const how = (importId: string, today = '2026-11-21') => ({ importId, today: day(today), newId: () => 'guardian' });

function changedBy(change: GuardianChange): Guardian {
  if (change.count === 'unchanged' || change.count === 'tooMany') throw new Error(`Nothing changed: ${change.count}`);
  return change.guardian;
}
const known = changedBy(takeOverGuardian(stated, [mother], undefined, how('first', '2026-09-05')));
const again = (facts: Partial<StatedGuardian>, ties: { studentId: string; relation: Relation }[] = [mother]) =>
  takeOverGuardian({ ...stated, ...facts }, ties, known, how('second'));

describe('a guardian of the list', () => {
  test('who is new has a guardianship from the day of the import on', () => {
    expect(known).toMatchObject({ id: 'guardian', version: 1, guardianships: [{ ...mother, validFrom: '2026-09-05' }] });
    expect(known.provenance).toEqual({
      fullName: 'first',
      phone: 'first',
      email: 'first',
      language: 'first',
      wantsNotices: 'first',
      guardianships: 'first',
    });
  });

  test('stated the same stays unchanged', () => {
    expect(again({})).toEqual({ count: 'unchanged' });
  });

  test('who asks for notices no more is changed, with the new source at that field only', () => {
    expect(changedBy(again({ wantsNotices: false }))).toMatchObject({
      version: 2,
      wantsNotices: false,
      provenance: { wantsNotices: 'second', phone: 'first', guardianships: 'first' },
    });
  });

  test('whose address is not in the list any more has none', () => {
    const { email: _, ...without } = stated;
    expect(changedBy(takeOverGuardian(without, [mother], known, how('second')))).not.toHaveProperty('email');
  });

  test('with another child keeps the first guardianship and its day', () => {
    expect(changedBy(again({}, [mother, { studentId: 'sister', relation: 'MOTHER' }])).guardianships).toEqual([
      { ...mother, validFrom: '2026-09-05' },
      { studentId: 'sister', relation: 'MOTHER', validFrom: '2026-11-21' },
    ]);
  });

  test('whose relation was wrong has it corrected in place', () => {
    expect(changedBy(again({}, [{ studentId: 'pupil', relation: 'GRANDPARENT' }])).guardianships).toEqual([
      { studentId: 'pupil', relation: 'GRANDPARENT', validFrom: '2026-09-05' },
    ]);
  });
});

describe('a guardianship', () => {
  const ended = endGuardianships(known, new Set(['pupil']), how('second'));

  test('that is listed no more ends on that day and is remembered', () => {
    expect(ended).toMatchObject({
      version: 2,
      guardianships: [{ ...mother, validFrom: '2026-09-05', validUntil: '2026-11-21' }],
      provenance: { guardianships: 'second' },
    });
  });

  test('ends once', () => {
    expect(ended && endGuardianships(ended, new Set(['pupil']), how('third'))).toBeUndefined();
    expect(endGuardianships(known, new Set(['stranger']), how('second'))).toBeUndefined();
  });

  test('that is listed again begins anew beside the old one', () => {
    const back = changedBy(takeOverGuardian(stated, [mother], ended, how('third', '2027-01-05')));
    expect(back.guardianships).toEqual([
      { ...mother, validFrom: '2026-09-05', validUntil: '2026-11-21' },
      { ...mother, validFrom: '2027-01-05' },
    ]);
  });
});

test('a guardian answers for a child from the first day up to the day before the end', () => {
  const tie = { relation: 'MOTHER' as const, validFrom: day('2026-09-05') };
  const guardianships = [
    { ...tie, studentId: 'an', validUntil: day('2026-11-21') },
    { ...tie, studentId: 'an', validFrom: day('2026-12-01') },
    { ...tie, studentId: 'binh' },
  ];
  expect(childrenOn({ guardianships }, day('2026-09-04'))).toEqual([]);
  expect(childrenOn({ guardianships }, day('2026-11-20'))).toEqual(['an', 'binh']);
  expect(childrenOn({ guardianships }, day('2026-11-21'))).toEqual(['binh']);
  expect(childrenOn({ guardianships }, day('2026-12-01'))).toEqual(['an', 'binh']);
});
