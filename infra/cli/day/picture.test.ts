import { expect, test } from 'vitest';
import { type DayRecord, dayPicture } from './picture.ts';
import { minuteFrom } from './school-clock.ts';

const day: DayRecord = {
  title: 'Thứ Hai, 23/11/2026: bữa trưa <1A, 1B>',
  from: minuteFrom('05:30'),
  until: minuteFrom('11:00'),
  cutoff: minuteFrom('08:00'),
  told: 118,
  counts: [
    { at: minuteFrom('05:30'), portions: 124 },
    { at: minuteFrom('07:20'), portions: 120 },
    { at: minuteFrom('07:50'), portions: 118 },
    { at: minuteFrom('10:45'), portions: 117 },
  ],
  lanes: [
    {
      name: 'Attendance',
      marks: [
        { at: minuteFrom('06:10'), text: 'leave asked for 1 pupil', tone: 'plain' },
        { at: minuteFrom('07:15'), text: '1A: 29 of 31 here', tone: 'plain' },
        { at: minuteFrom('07:18'), text: '1B: 30 of 31 here', tone: 'plain' },
      ],
    },
    { name: 'Money', marks: [{ at: minuteFrom('10:58'), text: '35,000 đồng credited', tone: 'good' }] },
  ],
};

const attributes = (svg: string, name: string) =>
  [...svg.matchAll(new RegExp(` ${name}="([-0-9.]+)"`, 'g'))].map(([, value]) => Number(value));

test('everything that happened stands in the picture, and inside it', () => {
  const svg = dayPicture(day);
  for (const { marks } of day.lanes) for (const { text } of marks) expect(svg).toContain(text);
  for (const text of ['told at the cut-off: 118', '>124<', '>117<', 'cut-off 08:00', '11:00']) expect(svg).toContain(text);
  for (const name of ['x', 'cx', 'x1', 'x2']) for (const at of attributes(svg, name)) expect(at >= 0 && at <= 1280).toBe(true);
});

test('what a name holds is text and never markup', () => {
  expect(dayPicture(day)).toContain('bữa trưa &#60;1A, 1B&#62;');
});

test('marks that stand close to each other get rows of their own', () => {
  const heights = [...dayPicture(day).matchAll(/<circle cx="[^"]+" cy="([^"]+)"/g)].map(([, y]) => Number(y));
  expect(heights[1]).not.toBe(heights[2]);
});
