import { addDays, parseSchoolDate, type SchoolDate } from '@schoolbell/kernel';
import { type Cell, textOf } from './sheet.ts';

/** How a workbook counts days: from 1900, or from 1904 as old Macs did. */
export type DateSystem = 1900 | 1904;

/** Reads a day written as text in any usual spelling, or as an Excel serial. Undefined for what is no real day. */
export function readDay(cell: Cell | undefined, system: DateSystem): SchoolDate | undefined {
  if (cell?.kind === 'NUMBER') return dayOfSerial(cell.value, system);
  return dayOfText(textOf(cell), system);
}

function dayOfText(text: string, system: DateSystem): SchoolDate | undefined {
  const bare = text.replace(/[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M|Z)?$/i, '');
  for (const { pattern, order } of spellings) {
    const match = pattern.exec(bare);
    if (!match) continue;
    const [year = '', month = '', day = ''] = order.map((group) => match[group] ?? '');
    return parseSchoolDate(`${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  }
  return /^\d{5}$/.test(bare) ? dayOfSerial(Number(bare), system) : undefined;
}

// The groups of year, month and day. In Vietnam the day comes first; an American order is not guessed at, for 03/05 would be both.
const spellings = [
  { pattern: /^(\d{1,2}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4}|\d{2})$/, order: [3, 2, 1] },
  { pattern: /^(\d{4}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{1,2})$/, order: [1, 2, 3] },
  { pattern: /^(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? năm (\d{4})$/i, order: [3, 2, 1] },
] as const;

const lastSerial = 2_958_465; // 9999-12-31

function dayOfSerial(serial: number, system: DateSystem): SchoolDate | undefined {
  const whole = Math.floor(serial); // The rest is the time of day.
  if (!(whole >= 1 && whole <= lastSerial)) return undefined;
  if (system === 1904) return addDays('1904-01-01' as SchoolDate, whole);
  // Excel believes in 29 February 1900 (serial 60), so every later day is counted one too high.
  if (whole === 60) return undefined;
  return addDays('1899-12-31' as SchoolDate, whole > 60 ? whole - 1 : whole);
}
