import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { type GuardianFacts, guardianFrom, languageOf, recipient } from './roster.ts';

const day = (text: string): SchoolDate => text as SchoolDate;
const facts: GuardianFacts = {
  id: 'g1',
  name: 'Phan Hữu Nam',
  email: 'ph0.1@example.vn',
  language: 'vi',
  wantsNotices: true,
  guardianships: [{ studentId: 's1', from: day('2026-09-05'), until: day('2026-11-20') }],
};

test('a guardianship holds from its first day until the day before it ends', () => {
  const guardian = guardianFrom(facts);
  const heard = (text: string): boolean => recipient(guardian, 's1', day(text)) === guardian;
  expect([heard('2026-09-04'), heard('2026-09-05'), heard('2026-11-19'), heard('2026-11-20')]).toEqual([false, true, true, false]);
  expect(recipient(guardian, 's2', day('2026-10-01'))).toBe('NOT_GUARDIAN');
});

test('nothing but ids is kept of a guardian who did not ask for notices', () => {
  const guardian = guardianFrom({ ...facts, wantsNotices: false });
  expect(guardian).toEqual({ id: 'g1', wantsNotices: false, guardianships: facts.guardianships });
  expect(recipient(guardian, 's1', day('2026-10-01'))).toBe('CONSENT_WITHDRAWN');
});

test('what is not one plain mail address is no address', () => {
  const bad = [
    '',
    'nam',
    'nam@',
    '@example.vn',
    'nam@example',
    'a@b.vn,c@d.vn',
    'a b@c.vn',
    'Nam <a@b.vn>',
    'a@b.vn\r\nBcc: c@d.vn',
    '"a"@b.vn',
    `${'a'.repeat(250)}@b.vn`,
  ];
  for (const email of bad) expect(recipient(guardianFrom({ ...facts, email }), 's1', day('2026-10-01')), email).toBe('NO_ADDRESS');
  for (const email of ['a@b.vn', 'nguyễn@trường.vn', 'a.b+c@mail.example.com'])
    expect(recipient(guardianFrom({ ...facts, email }), 's1', day('2026-10-01')), email).toMatchObject({ email });
});

test('whoever did not ask for English is written to in Vietnamese', () => {
  expect(['en', 'en-GB', 'EN', 'vi', '', 'fr', 'enx'].map(languageOf)).toEqual(['en', 'en', 'en', 'vi', 'vi', 'vi', 'vi']);
});
