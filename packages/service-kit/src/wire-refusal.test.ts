import { status } from '@grpc/grpc-js';
import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { languageOf, wireRefusal } from './wire-refusal.ts';

test('a refusal becomes a code, facts for programs and texts for people', () => {
  const table = {
    LATE: {
      status: status.FAILED_PRECONDITION,
      vi: 'Hạn là {due}, còn {left}, {count} mục, {unknown}.',
      en: 'Due {due}, {left} left, {count} items.',
    },
  };
  const refusal = {
    code: 'LATE',
    due: new Date('2026-11-20T17:00:00Z'),
    left: vnd(-35_000n),
    count: 1_200,
    ids: ['a', 'b'],
    page: { size: 5n },
    none: undefined,
  } as const;
  expect(wireRefusal(table, refusal)).toEqual({
    code: 'LATE',
    status: status.FAILED_PRECONDITION,
    text: {
      vi: 'Hạn là 00:00:00 21/11/2026, còn -35.000 đồng, 1.200 mục, {unknown}.',
      en: 'Due 21/11/2026, 00:00:00, -35,000 VND left, 1,200 items.',
    },
    facts: { due: '2026-11-20T17:00:00.000Z', left: '-35000 VND', count: '1200', ids: 'a, b', page: '{"size":"5"}' },
  });
});

test('facts stay small enough for a trailer', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`fact${i}`, 'x'.repeat(5_000)]));
  const { facts, text } = wireRefusal({ BIG: { status: status.ABORTED, vi: '{fact1}', en: '{fact1}' } }, { code: 'BIG', ...many });
  expect(JSON.stringify(facts).length).toBeLessThan(4_500);
  expect(text.vi.length).toBeLessThanOrEqual(300);
});

test('words that a service put together may be longer in the text than a fact', () => {
  const missing = { vi: 'v'.repeat(2_000), en: 'e'.repeat(2_000) };
  const { facts, text } = wireRefusal({ LACKS: { status: status.ABORTED, vi: '{missing}', en: '{missing}' } }, { code: 'LACKS', missing });
  expect([text.vi, facts.missing?.length]).toEqual(['v'.repeat(1_500), 300]);
});

test('the language is the better liked of the two we speak, and Vietnamese otherwise', () => {
  expect(languageOf(undefined)).toBe('vi');
  expect(languageOf('en')).toBe('en');
  expect(languageOf('en-US,en;q=0.9,vi;q=0.8')).toBe('en');
  expect(languageOf('vi-VN,vi;q=0.9,en;q=0.8')).toBe('vi');
  expect(languageOf('en;q=0.1, vi;q=0.2')).toBe('vi');
  expect(languageOf('fr, de')).toBe('vi');
  expect(languageOf('en;q=zero')).toBe('vi');
});
