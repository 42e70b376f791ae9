import type { status } from '@grpc/grpc-js';
import type { Money, Refusal } from '@schoolbell/kernel';

export type Language = 'vi' | 'en';

/** One text in both languages; as a field of a refusal it is told in the language of the reader. */
export type Words = Readonly<Record<Language, string>>;

/** How one refusal is told outside. Each text says what to do next and may hold facts as {fact}. */
export interface RefusalRow {
  readonly status: status;
  readonly vi: string;
  readonly en: string;
}

/** A refusal ready for any edge: code and facts for programs, a text for people. */
export interface WireRefusal {
  readonly code: string;
  readonly status: status;
  readonly text: Words;
  readonly facts: Readonly<Record<string, string>>;
}

// Facts travel in a trailer, which peers limit to 8 KB.
const longestFact = 300;
// Put together by the service from facts that it has cut itself.
const longestWords = 1_500;
const mostFacts = 12;

/** Tells `refusal` by its row; its fields other than the code become facts. A code without a row does not compile. */
export function wireRefusal<R extends Refusal>(table: { readonly [C in R['code']]: RefusalRow }, refusal: R): WireRefusal {
  const row: RefusalRow = table[refusal.code as R['code']];
  const fields = Object.entries(refusal).filter(([name, value]) => name !== 'code' && value !== undefined);
  return {
    code: refusal.code,
    status: row.status,
    text: { vi: fill(row.vi, fields, 'vi'), en: fill(row.en, fields, 'en') },
    facts: Object.fromEntries(fields.slice(0, mostFacts).map(([name, value]) => [name, machineText(value).slice(0, longestFact)])),
  };
}

/** The first of the two languages that an `accept-language` header prefers; Vietnamese when it names neither. */
export function languageOf(header: string | undefined): Language {
  let best: { language: Language; weight: number } | undefined;
  for (const part of header?.slice(0, 200).split(',') ?? []) {
    const match = /^\s*(vi|en)(?:-[\w-]+)?\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(part);
    if (!match) continue;
    const weight = match[2] === undefined ? 1 : Number(match[2]);
    if (weight > (best?.weight ?? 0)) best = { language: match[1]?.toLowerCase() === 'en' ? 'en' : 'vi', weight };
  }
  return best?.language ?? 'vi';
}

function fill(text: string, fields: readonly (readonly [string, unknown])[], language: Language): string {
  const facts = new Map(fields);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    facts.has(name) ? humanText(facts.get(name), language).slice(0, isWords(facts.get(name)) ? longestWords : longestFact) : whole,
  );
}

// "1250000 VND", "2026-11-21T00:00:00.000Z", "a, b"
function machineText(value: unknown): string {
  if (isMoney(value)) return `${value.minorUnits} ${value.currency}`;
  if (isWords(value)) return value.en;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(machineText).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? member.toString() : member));
}

function humanText(value: unknown, language: Language): string {
  const locale = language === 'vi' ? 'vi-VN' : 'en-GB';
  if (isMoney(value))
    return language === 'vi'
      ? `${value.minorUnits.toLocaleString(locale)} đồng`
      : `${value.minorUnits.toLocaleString(locale)} ${value.currency}`;
  if (typeof value === 'bigint' || typeof value === 'number') return value.toLocaleString(locale);
  if (value instanceof Date) return value.toLocaleString(locale, { timeZone: 'Asia/Ho_Chi_Minh' });
  if (isWords(value)) return value[language];
  return machineText(value);
}

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'minorUnits' in value && typeof value.minorUnits === 'bigint';
}

function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && 'vi' in value && 'en' in value;
}
