import type { Money, SchoolDate } from '@schoolbell/kernel';
import type { Language } from '../roster/roster.ts';

/** "1.250.000 ₫" in Vietnamese, "1,250,000 VND" in English. */
export function moneyText({ minorUnits }: Money, language: Language): string {
  const [separator, unit] = language === 'vi' ? ['.', '₫'] : [',', 'VND'];
  const sign = minorUnits < 0n ? '-' : '';
  const digits = (minorUnits < 0n ? -minorUnits : minorUnits).toString();
  return `${sign}${digits.replace(/\B(?=(\d{3})+$)/g, separator)} ${unit}`;
}

const vietnamOffsetMs = 7 * 3_600_000;

/** "21/11/2026 07:05" in Vietnam's time, whatever the process's TZ says. */
export function timeText(instant: Date): string {
  const [date = '', time = ''] = new Date(instant.getTime() + vietnamOffsetMs).toISOString().split('T');
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 5)}`;
}

/** "21/11/2026" */
export function dayText(date: SchoolDate): string {
  return date.split('-').reverse().join('/');
}

/** "Buổi sáng" */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text from outside on one line: a line break in a name could otherwise add lines, or headers, of its own. Bidi controls could reverse what is read. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/g, '')
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

/** "VNPAY" */
export function gatewayText(gateway: string): string {
  return oneLine(gateway).toUpperCase();
}
