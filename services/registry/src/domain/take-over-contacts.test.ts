import { describe, expect, test } from 'vitest';
import { day } from '../../test/files.ts';
import { type Guardian, mostGuardianships } from './guardian.ts';
import type { PupilName, StatedGuardian } from './stated-guardian.ts';
import { endUnlisted, joinPupils, takenOverWhole, takeOverGuardians, tiedToKnown, withoutHeld } from './take-over-contacts.ts';

const students = new Map([
  ['C1', 'one'],
  ['TAM-079220000001', 'one'],
  ['C2', 'two'],
]);
let ids = 0;
const how = { importId: 'import', today: day('2026-11-21'), newId: () => `guardian ${++ids}` };
const guardianOf = (key: string, ...pupils: PupilName[]): StatedGuardian => ({
  key,
  fullName: key,
  language: 'vi',
  wantsNotices: true,
  ties: pupils.map((pupil, i) => ({ rows: [i + 2], pupil, relation: i === 0 ? 'MOTHER' : 'OTHER' })),
});

describe('guardians of a list', () => {
  test('are tied to the pupils who are known, and rows of the others are held', () => {
    const taken = takeOverGuardians(
      [guardianOf('nam', { code: 'C1' }, { code: 'C8' }), guardianOf('lan', { code: 'C9' })],
      students,
      new Map(),
      how,
    );
    expect(taken.added).toMatchObject([{ fullName: 'nam', guardianships: [{ studentId: 'one' }] }]);
    expect(taken.diff).toMatchObject({ added: 1, changed: 0, unchanged: 0 });
    expect(taken.held).toEqual([
      { row: 3, code: 'PUPIL_UNKNOWN' },
      { row: 2, code: 'PUPIL_UNKNOWN' },
    ]);
  });

  test('who name one pupil by code and by number are tied once, by the first', () => {
    const stated = guardianOf('nam', { code: 'C1' }, { personNumber: '079220000001' });
    const [nam] = takeOverGuardians([stated], students, new Map(), how).added;
    expect(nam?.guardianships).toMatchObject([{ studentId: 'one', relation: 'MOTHER' }]);
    const again = takeOverGuardians([stated], students, new Map(nam ? [[nam.key, nam]] : []), how);
    expect(again).toMatchObject({ changed: [], diff: { unchanged: 1 } });
  });

  test('without a known pupil are left out of what is kept for later', () => {
    expect(tiedToKnown([guardianOf('nam', { code: 'C1' }, { code: 'C8' }), guardianOf('lan', { code: 'C9' })], students)).toMatchObject([
      { key: 'nam', ties: [{ pupil: { code: 'C1' } }] },
    ]);
  });
});

describe('a guardian who would have too many pupils, those of earlier lists included', () => {
  const pupils = Array.from({ length: mostGuardianships + 1 }, (_, i) => `C${i}`);
  const everyone = new Map(pupils.map((code) => [code, `student ${code}`]));
  const most = guardianOf('office', ...pupils.slice(0, -1).map((code) => ({ code })));
  const known = new Map(takeOverGuardians([most], everyone, new Map(), how).added.map((guardian) => [guardian.key, guardian]));
  const oneMore = guardianOf('office', { code: pupils.at(-1) ?? '' }, { code: 'C999' });

  test('is held with all the rows, and keeps what was before', () => {
    expect(known.size).toBe(1);
    expect(takeOverGuardians([most], everyone, known, how)).toMatchObject({ diff: { unchanged: 1 }, held: [] });
    const taken = takeOverGuardians([oneMore], everyone, known, how);
    expect(taken).toMatchObject({ added: [], changed: [], diff: { added: 0, changed: 0, unchanged: 0 } });
    expect(taken.held).toEqual([
      { row: 3, code: 'PUPIL_UNKNOWN' },
      { row: 2, code: 'TOO_MANY_WARDS' },
    ]);
    expect([...taken.heldKeys]).toEqual(['office']);
  });

  test('is left out of what is kept for later, and nothing of the pupils ends', () => {
    const stated = [
      { pupil: { code: 'C200' }, guardianKeys: ['office', 'lan'], whole: true },
      { pupil: { code: 'C1' }, guardianKeys: ['lan'], whole: true },
    ];
    expect(withoutHeld([oneMore, guardianOf('lan', { code: 'C1' })], stated, new Set(['office']))).toMatchObject({
      guardians: [{ key: 'lan' }],
      pupils: [{ pupil: { code: 'C1' } }],
    });
    expect(takenOverWhole(stated, everyone, [...known.values()])).toEqual([]);
    expect(takenOverWhole([{ pupil: { code: 'C1' }, guardianKeys: ['office'], whole: true }], everyone, [...known.values()])).toHaveLength(
      1,
    );
  });
});

describe('guardianships that a list names no more', () => {
  const held = (key: string, ...studentIds: string[]): Guardian => ({
    id: key,
    version: 1,
    key,
    fullName: key,
    language: 'vi',
    wantsNotices: true,
    provenance: {},
    guardianships: studentIds.map((studentId) => ({ studentId, relation: 'MOTHER', validFrom: day('2026-09-05') })),
  });

  test('end for the pupils of the list, and for nobody else', () => {
    const guardians = [held('nam', 'one', 'two'), held('lan', 'one'), held('mai', 'two')];
    const ended = endUnlisted([{ pupil: { code: 'C1' }, guardianKeys: ['lan'], whole: true }], students, guardians, how);
    expect(ended.count).toBe(1);
    expect(ended.guardians).toMatchObject([
      { key: 'nam', guardianships: [{ studentId: 'one', validUntil: '2026-11-21' }, { studentId: 'two' }] },
    ]);
    expect(ended.guardians[0]?.guardianships[1]).not.toHaveProperty('validUntil');
  });

  test('do not end where a pupil is named by code here and by number there', () => {
    const stated = [
      { pupil: { code: 'C1' }, guardianKeys: ['nam'], whole: true },
      { pupil: { personNumber: '079220000001' }, guardianKeys: ['lan'], whole: true },
    ];
    const joined = joinPupils(stated, students);
    expect(joined).toMatchObject([{ guardianKeys: ['nam', 'lan'] }]);
    expect(endUnlisted(joined, students, [held('nam', 'one'), held('lan', 'one')], how).count).toBe(0);
  });

  test('do not end where a line of the pupil could not be read, nor for pupils nobody knows', () => {
    const stated = [
      { pupil: { code: 'C1' }, guardianKeys: [], whole: false },
      { pupil: { personNumber: '079220000001' }, guardianKeys: [], whole: true },
      { pupil: { code: 'C9' }, guardianKeys: [], whole: true },
    ];
    expect(joinPupils(stated, students)).toEqual([]);
  });
});
