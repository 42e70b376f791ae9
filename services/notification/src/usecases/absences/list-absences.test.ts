import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { markedAt, morning, office, steps, teacher } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx, type PageRequest } from '../../tx.ts';
import { listAbsences } from './list-absences.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(markedAt);
  await given.teacher('lan@79000701', 'class-1a');
});
afterAll(() => database.close());

const list = ({ size = 100, after = '', ...overrides }: Partial<Parameters<typeof listAbsences>[1] & PageRequest> = {}) =>
  given.run((tx) => listAbsences(tx, { classId: 'class-1a', half: morning, actor: teacher(), page: { size, after }, ...overrides }));

async function aMorning() {
  const marks = [
    ['PRESENT', 'Ân'],
    ['LATE', 'Bình'],
    ['ABSENT_WITH_LEAVE', 'Châu'],
    ['ABSENT_WITHOUT_LEAVE', 'Em'],
    ['ABSENT_WITHOUT_LEAVE', 'Đức'],
  ] as const;
  for (const [index, [kind, name]] of marks.entries()) await given.marked(index + 1, { kind, studentName: name, studentId: `p${index}` });
  await given.marked(9, { studentId: 'other', classId: 'class-1b' });
  await given.marked(10, { studentId: 'p0', session: 'AFTERNOON' });
}

test('the class teacher sees the absent of the half-day first, with where each alert stands', async () => {
  await aMorning();
  const page = await list();
  expect(page.ok && page.value.rows.map(({ mark, status }) => `${mark.studentName} ${status}`)).toEqual([
    'Đức HELD',
    'Em HELD',
    'Châu SUPPRESSED',
    'Bình SUPPRESSED',
    'Ân SUPPRESSED',
  ]);
});

test('page after page shows everybody once', async () => {
  await aMorning();
  const names: string[] = [];
  let after = '';
  do {
    const page = await list({ size: 2, after });
    if (!page.ok) throw new Error(page.refusal.code);
    names.push(...page.value.rows.map(({ mark }) => mark.studentName));
    after = page.value.next ?? '';
  } while (after !== '');
  expect(names).toEqual(['Đức', 'Em', 'Châu', 'Bình', 'Ân']);
});

test('a token of another list is refused', async () => {
  await aMorning();
  expect(await list({ after: 'other' })).toEqual({ ok: false, refusal: { code: 'PAGE_TOKEN_WRONG' } });
});

test('a teacher sees no other class, the office sees all', async () => {
  await aMorning();
  expect(await list({ classId: 'class-1b' })).toEqual({ ok: false, refusal: { code: 'NOT_YOUR_CLASS', classId: 'class-1b' } });
  const page = await list({ classId: 'class-1b', actor: office });
  expect(page.ok && page.value.rows).toHaveLength(1);
});

test('another school sees nothing', async () => {
  await aMorning();
  const page = await steps(database.transact, 'other').run((tx) =>
    listAbsences(tx, { classId: 'class-1a', half: morning, actor: office, page: { size: 100, after: '' } }),
  );
  expect(page.ok && page.value.rows).toEqual([]);
});
