import { ImportKind } from '@schoolbell/contracts/school/registry/v1/registry';
import { isUuid } from '@schoolbell/kernel';
import { fields, says } from '@schoolbell/service-kit';
import { z } from 'zod';
import { tidy } from '../domain/text.ts';

const { choice, id, pageBy } = fields;

const tidied = z.string().transform(tidy);
const name = tidied.pipe(z.string().min(1).max(200));
const isCode = (text: string) => /^[\w.-]{1,40}$/.test(text);
const code = tidied.refine(
  isCode,
  says('must be 1 to 40 letters, digits, ".", "_" or "-"', 'phải gồm 1 đến 40 chữ cái, chữ số, ".", "_" hoặc "-"'),
);
// What no id can be finds what a wrong id finds.
const anyId = z.string();
const anyIdOrNone = z.string().transform((text) => (text === '' ? undefined : text));

export const schoolInput = z.object({ school: z.object({ schoolId: anyId, code, name }) });
export const planInput = z.object({
  importId: id,
  kind: choice(ImportKind, ['ROSTER', 'CONTACTS']),
  fileName: z
    .string()
    .transform((text) => text.replaceAll(/[\\/]/g, ' '))
    .pipe(name),
  content: z.instanceof(Uint8Array),
});
export const importIdInput = z.object({ importId: anyId });

export const classesInput = z.object({ page: pageBy((after) => /^\d{1,3} ./.test(after)) });
export const pupilsInput = z.object({ classId: anyIdOrNone, includeLeft: z.boolean(), page: pageBy(isUuid) });
export const guardiansInput = z.object({ studentId: anyIdOrNone, page: pageBy(isUuid) });

export const codesInput = z.object({ codes: z.array(z.string().min(1).max(50)).max(200) });
export const pupilInput = z.object({ studentId: anyId });
export const guardianInput = z.object({ guardianId: anyId });
