import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { contentOf } from './content.ts';
import type { Fact } from './fact.ts';
import { compose } from './message.ts';

const day = (text: string): SchoolDate => text as SchoolDate;
const at = (text: string): Date => new Date(text);
const name = { studentName: 'Bùi Thanh Giang' };
const half = { ...name, className: '1A', date: day('2026-11-23'), session: 'MORNING', reportedAt: at('2026-11-23T00:30:00Z') } as const;
const meal = { ...name, date: day('2026-11-23'), meal: 'LUNCH' } as const;
const absent: Fact = { ...half, kind: 'ABSENT', withLeave: false, source: 'ROLL_CALL' };
const credited: Fact = { ...meal, kind: 'MEAL_CREDITED', amount: vnd(35_000n), balance: vnd(105_000n) };
const reversed: Fact = { ...meal, kind: 'MEAL_CREDIT_REVERSED', amount: vnd(35_000n), balance: vnd(-35_000n) };
const late = { cutoffAt: at('2026-11-23T01:00:00Z'), reportedAt: at('2026-11-23T01:20:00Z') };
const cutLate: Fact = { ...meal, kind: 'MEAL_CUT_LATE', price: vnd(35_000n), reason: 'ABSENT', ...late };
const refund: Fact = { ...name, kind: 'REFUND_REQUESTED', amount: vnd(105_000n), leftOn: day('2026-11-20'), dueOn: day('2027-01-04') };

function letter(fact: Fact, language: 'vi' | 'en' = 'vi'): string {
  const guardian = { id: 'g1', guardianships: [], wantsNotices: true, name: 'Phan Hữu Nam', email: 'a@b.vn', language } as const;
  const to = { school: { id: 'c1', name: 'Trường Hoa Phượng' }, student: { id: 's1', className: '2B' }, guardian };
  const { subject, text, html } = compose(fact, { occurredAt: at('2026-11-23T01:00:10Z') }, to);
  expect(html).toContain(name.studentName);
  return `${subject}\n${text}`;
}

const everyKind: readonly Fact[] = [
  absent,
  { ...half, kind: 'ABSENT', withLeave: true, source: 'LEAVE' },
  { ...half, kind: 'ABSENT', session: 'AFTERNOON', withLeave: false, source: 'OTHER' },
  { ...half, kind: 'LATE' },
  ...(['PRESENT', 'LATE', 'EXPECTED', 'NO_SCHOOL', 'ABSENT_WITH_LEAVE', 'ABSENT_WITHOUT_LEAVE'] as const).map(
    (stands): Fact => ({ ...half, kind: 'MARK_RETRACTED', said: stands === 'LATE' ? 'ABSENT' : 'LATE', stands }),
  ),
  credited,
  reversed,
  cutLate,
  ...(['GUARDIAN', 'OFFICE', 'LEFT', 'NO_SCHOOL', 'PLAN_ENDED', 'OTHER'] as const).map((reason): Fact => ({ ...cutLate, reason }) as Fact),
  ...(['BREAKFAST', 'SNACK', 'OTHER'] as const).map((other): Fact => ({ ...credited, meal: other }) as Fact),
  refund,
  { ...name, kind: 'REFUND_PAID', amount: vnd(105_000n), bankReference: 'FT26327849302' },
];

test('no letter of any kind leaves a gap or a key in either language', () => {
  for (const fact of everyKind)
    for (const language of ['vi', 'en'] as const) expect(letter(fact, language)).not.toMatch(/\{\{|\}\}|undefined|[a-zA-Z]+\.[A-Z_]{3}/);
});

test('an absence says who, when, since when the school knows, by what, and what to do', () => {
  const told = letter(absent);
  for (const part of [
    'Bùi Thanh Giang',
    '1A',
    'buổi sáng',
    '23/11/2026',
    'không phép',
    '23/11/2026 07:30',
    'Giáo viên điểm danh',
    'xin gọi ngay',
  ])
    expect(told).toContain(part);
  expect(told).toContain('không gửi thêm thư'); // The afternoon is told only where it is news.
  expect(letter({ ...absent, session: 'AFTERNOON' } as Fact)).not.toContain('không gửi thêm thư');
});

test('only an absence without leave looks like an alarm', () => {
  const speech = { language: 'vi', say: (key: string) => key, occurredAt: at('2026-11-23T01:00:10Z') } as const;
  expect(everyKind.filter((fact) => contentOf(fact, speech).tone === 'alarm').map((fact) => fact.kind)).toEqual(['ABSENT', 'ABSENT']);
});

test('a retraction says what was wrong and what stands since when', () => {
  const told = letter({ ...half, kind: 'MARK_RETRACTED', said: 'ABSENT', stands: 'PRESENT', reportedAt: at('2026-11-23T00:50:00Z') }, 'en');
  expect(told).toContain('takes back the message that Bùi Thanh Giang (class 1A) was absent on the morning of 23/11/2026');
  expect(told).toContain('Your child is at school, as noted at 23/11/2026 07:50.');
});

test('told too late says when the cut-off was and when the school was told', () => {
  const told = letter(cutLate);
  for (const part of ['23/11/2026 08:00', '23/11/2026 08:20', '35.000 ₫', 'vẫn được tính', 'Học sinh vắng mặt'])
    expect(told).toContain(part);
});

test('a credited meal says which, how much, and what becomes of it', () => {
  const told = letter(credited);
  for (const part of ['bữa trưa', '23/11/2026', '35.000 ₫', '105.000 ₫', 'trừ vào phiếu thu kỳ tới']) expect(told).toContain(part);
});

test('a balance below zero is told as what is added to the next bill', () => {
  const told = letter(reversed);
  expect(told).toContain('Tính thêm vào phiếu thu kỳ tới: 35.000 ₫');
  expect(told).not.toContain('-35.000');
});

test('a refund says by when', () => {
  expect(letter(refund)).toContain('chậm nhất ngày 04/01/2027');
});
