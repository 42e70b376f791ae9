import { expect, test } from 'vitest';
import { type Letter, mailHtml } from './mail-html.ts';

const letter: Letter = {
  language: 'vi',
  tone: 'done',
  school: 'Trường A & B',
  subject: '<đủ>',
  heading: 'Đã nhận',
  highlight: '1.250.000 ₫',
  greeting: 'Kính gửi',
  paragraphs: ['"một"', "'hai'"],
  rows: [['Lớp', '<1A>']],
  note: 'Cảm ơn',
  signature: 'Trân trọng',
  footer: 'Thư tự động',
};

test('every text of a letter is shown as text', () => {
  const html = mailHtml(letter);
  for (const shown of [
    'Trường A &amp; B',
    '&lt;đủ&gt;',
    '&quot;một&quot;',
    '&#39;hai&#39;',
    '&lt;1A&gt;',
    '1.250.000 ₫',
    'Cảm ơn',
    'Thư tự động',
  ]) {
    expect(html).toContain(shown);
  }
  expect(html).toContain('<html lang="vi">');
});

test('white on every head colour, and every text colour on white, has a contrast of at least 7 to 1', () => {
  const luminance = (hex: string): number => {
    const channels = [1, 3, 5]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * (channels[0] ?? 0) + 0.7152 * (channels[1] ?? 0) + 0.0722 * (channels[2] ?? 0);
  };
  for (const tone of ['done', 'open', 'credit'] as const) {
    const html = mailHtml({ ...letter, tone });
    const head = /background-color:(#[0-9a-f]{6});color:#ffffff/.exec(html)?.[1] ?? '#ffffff';
    const inks = [...html.matchAll(/[;"]color:(#[0-9a-f]{6})/g)].map((match) => match[1] ?? '').filter((ink) => ink !== '#ffffff');
    for (const colour of [head, ...inks]) expect(1.05 / (luminance(colour) + 0.05), colour).toBeGreaterThan(7);
  }
});
