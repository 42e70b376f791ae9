import { schoolDateOf } from '@schoolbell/kernel';
import { InvalidArgumentError } from 'commander';

/** A moment as it was typed; an hour alone becomes one on the day that the command is about. */
export type SaidTime = (day: string) => Date;

export const timeForms = '06:40 on that day (today, where it is to come), or with day and zone 2026-11-24T06:40:00+07:00';

/** "06:40" by Vietnam's clock, or "2026-11-24T06:40:00+07:00". */
export function asTime(text: string): SaidTime {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour !== undefined) return (day) => hourOf(day, `${hour.padStart(2, '0')}:${minute}`);
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T.+([zZ]|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('It must be a time like 06:40, or with day and zone 2026-11-24T06:40:00+07:00.');
  }
  return () => time;
}

/** What is told of a day to come is told today. */
function hourOf(day: string, hour: string): Date {
  const today = schoolDateOf(new Date());
  return new Date(`${day < today ? day : today}T${hour}:00+07:00`);
}

/** "08:00" */
export function asHour(text: string): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) throw new InvalidArgumentError('It must be an hour like 08:00.');
  return text;
}

/** "1,2,5"; 1 is Monday. */
export function asWeekdays(text: string): number[] {
  if (!/^[1-7](,[1-7])*$/.test(text)) throw new InvalidArgumentError('It must be days of the week like 1,2,5; 1 is Monday.');
  return [...new Set(text.split(',').map(Number))].sort();
}
