import { isUuid, type Money, parseSchoolDate, type SchoolDate, vnd } from '@schoolbell/kernel';
import { z } from 'zod';
import type { PageRequest } from '../store/page.ts';
import { says } from './input.ts';

/** An id that its caller made: a UUID in lower case. */
export const id = z.string().refine(isUuid, says('must be a UUID in lower case', 'phải là UUID viết thường'));

/** An id of something that exists, whoever made it. */
export const someId = z.string().min(1).max(100);

const noControls = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}]*$/u;
const onePlainLine = says('must be one line of plain text', 'phải là một dòng chữ thường, không có ký tự điều khiển');

/** One line of a person's text in NFC, without spaces around it, of `least` to `most` characters. */
export function line(most: number, least = 1) {
  const trimmed = z.string().transform((text) => text.normalize('NFC').trim());
  const plain = (text: string) => noControls.test(text);
  return trimmed.pipe(z.string().min(least).max(most).refine(plain, onePlainLine));
}

/** A school day: "2026-11-30". */
export const day = z.string().transform((text, context): SchoolDate => {
  const parsed = parseSchoolDate(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', ...says('must be a day like 2026-11-30', 'phải là một ngày có thật, ví dụ 2026-11-30') });
  return z.NEVER;
});

/** A time of the day in Vietnam: "06:00". */
export const timeOfDay = z
  .string()
  .refine(
    (text) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text),
    says('must be a time of the day like 06:00', 'phải là giờ trong ngày, ví dụ 06:00'),
  );

export const instant = z.date();

/** An instant that may be left out. */
export const anyInstant = z
  .date()
  .optional()
  .transform((at) => at);

/** A field of proto text that may stay empty: '' is read as undefined. */
export function blankOr<S extends z.ZodType>(schema: S) {
  return z
    .literal('')
    .transform(() => undefined)
    .or(schema);
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number) {
  return z.number().int().min(least).max(most);
}

/** An amount in đồng, from `least` to `most`. */
export function money(least: bigint, most: bigint) {
  return z
    .object({ currencyCode: z.literal('VND'), minorUnits: z.bigint().min(least).max(most) })
    .transform(({ minorUnits }): Money => vnd(minorUnits));
}

type Enum = { readonly [name: string]: number };

/** One of these values of a proto enum, by its name: `choice(Meal, ['LUNCH', 'SNACK'])`. */
export function choice<E extends Enum, N extends keyof E & string>(values: E, names: readonly N[]) {
  const known = new Map<number, N>(names.map((name) => [values[name] as number, name]));
  const list = names.join(', ');
  return z.number().transform((value, context): N => {
    const name = known.get(value);
    if (name !== undefined) return name;
    context.addIssue({ code: 'custom', ...says(`must be one of ${list}`, `phải là một trong: ${list}`) });
    return z.NEVER;
  });
}

/** The same, where the value may stay UNSPECIFIED: that is read as undefined. */
export function anyChoice<E extends Enum & { readonly UNSPECIFIED: 0 }, N extends keyof E & string>(values: E, names: readonly N[]) {
  return z
    .literal(0)
    .transform(() => undefined)
    .or(choice(values, names));
}

const usualRows = 100;
const mostRows = 500;

/** The page that a list is asked for; absent is the first, of 100 rows. `isKey` says what its tokens may hold. */
export function pageBy(isKey: (after: string) => boolean) {
  return z
    .object({ size: z.number().int().min(0).max(mostRows), token: z.string().max(500) })
    .optional()
    .transform((asked, context): PageRequest => {
      const after = fromToken(asked?.token ?? '');
      const wrong = says('is not a token of this list', 'không phải mã trang của danh sách này');
      if (after === undefined || (after !== '' && !isKey(after))) context.addIssue({ code: 'custom', path: ['token'], ...wrong });
      return { size: asked?.size || usualRows, after: after ?? '' };
    });
}

export const page = pageBy(() => true);

/** What a caller sends back to go on with a list; empty at its end. */
export function toToken(next: string | undefined): string {
  return next === undefined ? '' : Buffer.from(next).toString('base64url');
}

function fromToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return toToken(text) === token ? text : undefined;
}
