import type { Money } from '@schoolbell/contracts/school/common/v1/money';

/** "1.250.000 ₫" */
export function moneyText(money: Money | undefined): string {
  if (!money) return '';
  const amount = money.minorUnits.toLocaleString('vi-VN');
  return money.currencyCode === 'VND' ? `${amount} ₫` : `${amount} ${money.currencyCode}`;
}

/** Vietnam's clock, whatever the machine's zone is: "2026-11-21 10:15:02". */
export function clockText(instant: Date | undefined): string {
  return instant ? instant.toLocaleString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }) : '';
}

/** The name of an enum's value as people type it: "partially-paid" for INVOICE_STATUS_PARTIALLY_PAID. */
export function enumText(values: Readonly<Record<string, number>>, value: number): string {
  const name = Object.keys(values).find((key) => values[key] === value);
  return name === undefined || value <= 0 ? '' : name.toLowerCase().replaceAll('_', '-');
}

/** Every name of an enum that may be typed. */
export function enumChoices(values: Readonly<Record<string, number>>): string[] {
  return Object.values(values)
    .filter((value) => value > 0)
    .map((value) => enumText(values, value));
}

/** "p***@example.vn" */
export function masked(address: string): string {
  return address.replace(/^(.)[^@]*/, '$1***');
}

/** Whoever can write to Kafka could otherwise write to the operator's terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}
