import { minuteText, type SchoolMinute } from './school-clock.ts';

/** What happened on a replayed morning, in school time. */
export interface DayRecord {
  readonly title: string;
  readonly from: SchoolMinute;
  readonly until: SchoolMinute;
  readonly cutoff: SchoolMinute;
  readonly lanes: readonly Lane[];
  /** Portions as the kitchen's count showed them. */
  readonly counts: readonly { readonly at: SchoolMinute; readonly portions: number }[];
  /** Portions that the kitchen was told by the cut-off. */
  readonly told: number;
}

/** What one part of the school did and heard. */
export interface Lane {
  readonly name: string;
  readonly marks: readonly { readonly at: SchoolMinute; readonly text: string; readonly tone: Tone }[];
}

export type Tone = 'plain' | 'good' | 'late';

const colours: Record<Tone, string> = { plain: '#3b5b8c', good: '#2f7d4f', late: '#b4482f' };
const size = { width: 1280, left: 150, right: 40, top: 76, count: 190, mark: 19, gap: 26 };

/** The morning as an SVG: a lane for each part of the school under one axis of hours, and the kitchen's count as a line. */
export function dayPicture(day: DayRecord): string {
  const scale = (size.width - size.left - size.right) / (day.until - day.from);
  const x = (at: SchoolMinute) => size.left + (Math.min(Math.max(at, day.from), day.until) - day.from) * scale;
  let y = size.top;
  const parts: string[] = [];
  for (const lane of day.lanes) {
    const drawn = laneOf(lane, x, y);
    parts.push(drawn.svg);
    y = drawn.bottom + size.gap;
  }
  const bottom = y + size.count;
  const height = bottom + 44;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${height}" viewBox="0 0 ${size.width} ${height}" font-family="Noto Sans, Be Vietnam Pro, DejaVu Sans, sans-serif" font-size="12">`,
    `<rect width="${size.width}" height="${height}" fill="#fff"/>`,
    words(size.left, 32, day.title, { size: 18, weight: 600 }),
    ...hoursOf(day, x, bottom),
    ...parts,
    countOf(day, x, { top: y, bottom }),
    '</svg>',
    '',
  ].join('\n');
}

/** Marks that would lie on each other's words go to a row of their own below. */
function laneOf({ name, marks }: Lane, x: (at: SchoolMinute) => number, top: number): { svg: string; bottom: number } {
  const ends: number[] = [];
  const drawn = marks.map(({ at, text, tone }) => {
    const begin = x(at);
    const width = 16 + text.length * 6.4;
    // Words that would run over the edge stand before their dot.
    const before = begin + width > size.width - 8;
    const [from, to] = before ? [begin - width, begin + 6] : [begin - 6, begin + width];
    let row = ends.findIndex((end) => end <= from);
    if (row < 0) row = ends.push(0) - 1;
    ends[row] = to;
    const y = top + row * size.mark + 6;
    const dot = `<circle cx="${begin.toFixed(1)}" cy="${y}" r="4" fill="${colours[tone]}"/>`;
    return dot + words(before ? begin - 9 : begin + 9, y + 4, text, { colour: colours[tone], anchor: before ? 'end' : 'start' });
  });
  const bottom = top + Math.max(1, ends.length) * size.mark;
  const rule = `<line x1="${size.left}" x2="${size.width - size.right}" y1="${bottom + size.gap / 2}" y2="${bottom + size.gap / 2}" stroke="#ddd"/>`;
  return { svg: [words(size.left - 14, top + 10, name, { weight: 600, anchor: 'end' }), ...drawn, rule].join('\n'), bottom };
}

function hoursOf(day: DayRecord, x: (at: SchoolMinute) => number, bottom: number): string[] {
  const lines: string[] = [];
  for (let at = Math.ceil(day.from / 30) * 30; at <= day.until; at += 30) {
    lines.push(`<line x1="${x(at)}" x2="${x(at)}" y1="60" y2="${bottom}" stroke="#eee"/>`);
    lines.push(words(x(at), bottom + 20, minuteText(at), { anchor: 'middle', colour: '#555' }));
  }
  const cut = x(day.cutoff);
  lines.push(`<line x1="${cut}" x2="${cut}" y1="52" y2="${bottom}" stroke="${colours.late}" stroke-dasharray="5 4"/>`);
  lines.push(words(cut + 6, 58, `cut-off ${minuteText(day.cutoff)}`, { colour: colours.late }));
  return lines;
}

function countOf(day: DayRecord, x: (at: SchoolMinute) => number, { top, bottom }: { top: number; bottom: number }): string {
  const values = [...day.counts.map(({ portions }) => portions), day.told];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(1, high - low);
  const y = (portions: number) => bottom - 22 - ((portions - low) / span) * (bottom - top - 44);
  const points: string[] = [];
  for (const [index, { at, portions }] of day.counts.entries()) {
    // A count holds until the next look shows another.
    if (index > 0) points.push(`${x(at).toFixed(1)},${points.at(-1)?.split(',')[1]}`);
    points.push(`${x(at).toFixed(1)},${y(portions).toFixed(1)}`);
  }
  const last = day.counts.at(-1);
  return [
    words(size.left - 14, top + 18, 'Portions', { weight: 600, anchor: 'end' }),
    words(size.left - 14, top + 34, 'to cook', { weight: 600, anchor: 'end' }),
    `<polyline points="${points.join(' ')}" fill="none" stroke="${colours.plain}" stroke-width="2"/>`,
    `<line x1="${x(day.cutoff)}" x2="${x(day.until)}" y1="${y(day.told)}" y2="${y(day.told)}" stroke="${colours.late}" stroke-dasharray="2 3"/>`,
    words(x(day.cutoff) + 8, y(day.told) - 6, `told at the cut-off: ${day.told}`, { colour: colours.late }),
    ...(day.counts[0] ? [words(x(day.counts[0].at) + 6, y(day.counts[0].portions) - 6, `${day.counts[0].portions}`)] : []),
    ...(last ? [words(x(last.at) - 6, y(last.portions) + 16, `${last.portions}`, { anchor: 'end' })] : []),
  ].join('\n');
}

interface Style {
  readonly size?: number;
  readonly weight?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

function words(x: number, y: number, text: string, { size: px, weight, colour = '#222', anchor = 'start' }: Style = {}): string {
  const look = [px && `font-size="${px}"`, weight && `font-weight="${weight}"`].filter(Boolean).join(' ');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}" text-anchor="${anchor}" ${look}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
