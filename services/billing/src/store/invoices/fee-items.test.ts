import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});

test('items come by code, page by page, each once, and only of this school', async () => {
  for (const code of ['SUA', 'BAN_TRU', 'NUOC', 'BAN_TRU', 'AN_TRUA']) await billing.given.feeItem(1_000n, code);
  await schools.newSchool().given.feeItem(1_000n, 'KHAC');
  const codes: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after;
    const page = await billing.read((tx) => tx.feeItems.list({ after: from, size: 2 }));
    expect(page.rows.length).toBeLessThanOrEqual(2);
    codes.push(...page.rows.map(({ code }) => code));
    after = page.next;
  }
  expect(codes).toEqual(['AN_TRUA', 'BAN_TRU', 'BAN_TRU', 'NUOC', 'SUA']);
});
