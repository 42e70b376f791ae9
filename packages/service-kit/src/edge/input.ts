import { err, ok, type Result } from '@schoolbell/kernel';
import { z } from 'zod';
import type { Language, Words } from '../wire-refusal.ts';

/** The first field that is not what the contract says, and what is wrong with it. */
export interface InputRefused {
  readonly code: 'INPUT_INVALID';
  /** As the contract names it: "school_year.first_day". */
  readonly field: string;
  readonly problem: Words;
}

/** What a check of our own calls wrong; the checks of zod are worded by its own locales. Goes where zod takes `params`. */
export function says(en: string, vi: string): { readonly params: { readonly says: Words } } {
  return { params: { says: { en, vi } } };
}

/** Reads a request by its schema. Only scalars of the contract get through, so nothing in it can become a query operator. */
export function readInput<S extends z.ZodType>(schema: S, request: unknown): Result<z.output<S>, InputRefused> {
  const parsed = schema.safeParse(request, worded.en);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  // A refusal is rare, so it may cost a second reading for the other language.
  const [inVietnamese] = schema.safeParse(request, worded.vi).error?.issues ?? [];
  const problem = { en: issue?.message ?? '', vi: inVietnamese?.message ?? '' };
  return err({ code: 'INPUT_INVALID', field: issue?.path.map(toSnake).join('.') ?? '', problem });
}

/** Callers know the contract's names: "dueOn" is due_on there. */
export function toSnake(part: PropertyKey): string {
  return String(part).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const worded = { en: wordedBy(z.locales.en(), 'en'), vi: wordedBy(z.locales.vi(), 'vi') };

function wordedBy({ localeError }: ReturnType<typeof z.locales.en>, language: Language): { error: z.core.$ZodErrorMap } {
  return {
    error: (issue) => {
      if (issue.code === 'custom' && issue.params?.says) return issue.params.says[language];
      // Of a field that may stay empty, what is wrong with its content is the news.
      if (issue.code === 'invalid_union') return issue.errors.at(-1)?.[0]?.message ?? localeError(issue);
      return commonProblem(issue)?.[language] ?? localeError(issue);
    },
  };
}

/** What people meet most often, without the words of programs: zod's own Vietnamese speaks of an "array". */
function commonProblem(issue: z.core.$ZodRawIssue): Words | undefined {
  if (issue.code === 'invalid_type' && issue.input === undefined) return { en: 'must be given', vi: 'bắt buộc phải có' };
  if (issue.code === 'too_small') {
    if (issue.input === '') return { en: 'must not be empty', vi: 'không được để trống' };
    const { en, vi } = counted(issue.origin);
    return { en: `must be at least ${issue.minimum}${en}`, vi: `không được ít hơn ${issue.minimum}${vi}` };
  }
  if (issue.code === 'too_big') {
    const { en, vi } = counted(issue.origin);
    return { en: `must be at most ${issue.maximum}${en}`, vi: `không được quá ${issue.maximum}${vi}` };
  }
  return undefined;
}

function counted(origin: unknown): Words {
  if (origin === 'string') return { en: ' characters', vi: ' ký tự' };
  return origin === 'array' ? { en: ' entries', vi: ' mục' } : { en: '', vi: '' };
}
