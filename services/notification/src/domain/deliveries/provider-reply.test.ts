import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutPersonalData } from './provider-reply.ts';

const address = 'Nam.Phan@example.vn';

test.each([
  ['550 5.1.1 <nam.phan@example.vn>: user unknown', '550 5.1.1 … user unknown'],
  ['550 5.1.1 user nam.phan unknown at example.vn', '550 5.1.1 user … unknown at …'],
  ['552 "nam phan"@example.vn over quota', '552 … over quota'],
  ['450 greylisted, see https://help.example.vn/?a=nam.phan@example.vn', '450 greylisted, see …'],
  ['550 call +84915896980 or 0915896980', '550 call … or …'],
  ['550 two\r\n550 lines', '550 two 550 lines'],
])('of %j stays %j', (reply, kept) => {
  expect(withoutPersonalData(reply, [address])).toBe(kept);
});

test('no address survives, however the provider writes it', () => {
  const parts = fc.constantFrom(
    address,
    address.toUpperCase(),
    `<${address}>`,
    `RCPT TO:${address},`,
    'nam.phan',
    'example.vn',
    '550',
    'unknown ',
    '\n',
    '@',
  );
  fc.assert(
    fc.property(fc.array(parts), (texts) => {
      const kept = withoutPersonalData(texts.join(' '), [address]);
      expect(kept).not.toMatch(/nam|phan|example|@/i);
      expect(kept.length).toBeLessThanOrEqual(160);
    }),
  );
});
