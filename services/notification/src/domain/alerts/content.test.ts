import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { contentOf } from './content.ts';
import type { Fact, LateMeal, MealCredited, MealCutLate, MealCutLateEnded } from './fact.ts';
import { compose } from './message.ts';

const day = (text: string): SchoolDate => text as SchoolDate;
const at = (text: string): Date => new Date(text);
const name = { studentName: 'Bùi Thanh Giang' };
const half = { ...name, className: '1A', date: day('2026-11-23'), session: 'MORNING', reportedAt: at('2026-11-23T00:30:00Z') } as const;
const meal = { date: day('2026-11-23'), meal: 'LUNCH' } as const;
const absent: Fact = { ...half, kind: 'ABSENT', withLeave: false, source: 'ROLL_CALL' };
const money = { ...meal, amount: vnd(35_000n), reason: 'ABSENT' } as const;
const credited: MealCredited = { ...name, kind: 'MEAL_CREDITED', meals: [money], balance: vnd(105_000n) };
const reversed: Fact = { ...name, kind: 'MEAL_CREDIT_REVERSED', meals: [money], balance: vnd(-35_000n) };
const late = { cutoffAt: at('2026-11-23T01:00:00Z'), reportedAt: at('2026-11-23T01:20:00Z') };
const lateLunch: LateMeal = { ...meal, price: vnd(35_000n), reason: 'ABSENT', ...late };
const cutLate: MealCutLate = { ...name, kind: 'MEAL_CUT_LATE', meals: [lateLunch] };
const ended: MealCutLateEnded = { ...name, kind: 'MEAL_CUT_LATE_ENDED', meals: [{ ...meal, price: vnd(35_000n), stands: 'BOOKED' }] };
const week = [23, 24, 25].flatMap((of) =>
  (['LUNCH', 'SNACK'] as const).map((each) => ({ ...money, date: day(`2026-11-${of}`), meal: each })),
);
const several: MealCredited = { ...credited, meals: [money, ...week.slice(1)] };
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
  ...(['GUARDIAN', 'OFFICE', 'LEFT', 'NO_SCHOOL', 'PLAN_ENDED', 'OTHER'] as const).map(
    (reason): Fact => ({ ...cutLate, meals: [{ ...lateLunch, reason }] }),
  ),
  ...(['BREAKFAST', 'SNACK', 'OTHER'] as const).map((other): Fact => ({ ...credited, meals: [{ ...money, meal: other }] })),
  ended,
  { ...ended, meals: [{ ...ended.meals[0], stands: 'CANCELLED' }] },
  { ...ended, meals: [ended.meals[0], { ...ended.meals[0], meal: 'SNACK', stands: 'CANCELLED' }] },
  { ...ended, meals: [ended.meals[0], { ...ended.meals[0], meal: 'SNACK' }] },
  several,
  { ...several, kind: 'MEAL_CREDIT_REVERSED' },
  { ...cutLate, meals: [lateLunch, { ...lateLunch, meal: 'SNACK', reason: 'OTHER' }] },
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

test('several meals are counted with their days, listed each by each in the order of the days, and summed up', () => {
  const told = letter(several);
  expect(told).toContain('Ghi có 210.000 ₫ tiền 6 suất ăn từ 23/11/2026 đến 25/11/2026');
  expect(told).toContain('23/11/2026 · Bữa trưa: 35.000 ₫\n23/11/2026 · Bữa phụ: 35.000 ₫\n24/11/2026 · Bữa trưa');
  expect(told).toContain('Số dư ghi có: 105.000 ₫');
});

test('several meals of one day are named', () => {
  const day = { ...several, meals: [several.meals[0], { ...several.meals[0], meal: 'SNACK' }] } as const;
  expect(letter(day, 'en')).toContain('has cancelled lunch and snack on 23/11/2026 for Bùi Thanh Giang (class 1A)'.replace('1A', '2B'));
  expect(letter(day)).toContain('bữa trưa và bữa phụ ngày 23/11/2026');
});

test('of several that were cut too late each says its cut-off, when the school was told, and why', () => {
  const told = letter({ ...cutLate, meals: [lateLunch, { ...lateLunch, meal: 'SNACK', reason: 'GUARDIAN' }] }, 'en');
  const cells = 'Cut-off: 23/11/2026 08:00 · The school was told at: 23/11/2026 08:20 · Reason: ';
  expect(told).toContain(`23/11/2026 · Lunch: 35,000 VND · ${cells}The pupil is absent`);
  expect(told).toContain(`23/11/2026 · Snack: 35,000 VND · ${cells}Asked by a guardian`);
  expect(told).toContain('Total: 70,000 VND');
});

test('what takes back a late cut says what became of the meal', () => {
  expect(letter(ended)).toContain('vẫn được phục vụ');
  expect(letter({ ...ended, meals: [{ ...ended.meals[0], stands: 'CANCELLED' }] }, 'en')).toContain(
    'cancelled in time, so it is not charged',
  );
});
