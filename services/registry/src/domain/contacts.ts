import { err, ok, type Result } from '@schoolbell/kernel';
import { type Finding, type FindingCode, inOrder, isError } from './finding.ts';
import { mostGuardianships } from './guardian.ts';
import type { Columns } from './heading.ts';
import { isPersonNumber } from './person-number.ts';
import { mostRows } from './roster.ts';
import { textOf } from './sheet.ts';
import {
  guardianKey,
  type Language,
  nameKey,
  type PupilName,
  type Relation,
  type StatedGuardian,
  type StatedPupil,
  type StatedTie,
} from './stated-guardian.ts';
import type { Table, TableLine } from './table.ts';
import { fold, longest } from './text.ts';

export type ContactColumn = 'pupil' | 'fullName' | 'relation' | 'phone' | 'email' | 'language' | 'wantsNotices';

/** All are needed: a list without a column would take away what the last one said in it. */
export const contactColumns: Columns<ContactColumn> = {
  pupil: { title: 'Mã học sinh', alsoCalled: ['Mã HS'], needed: true },
  fullName: { title: 'Họ tên người giám hộ', alsoCalled: ['Họ và tên người giám hộ', 'Người giám hộ', 'Họ tên phụ huynh'], needed: true },
  relation: { title: 'Quan hệ', needed: true },
  phone: { title: 'Điện thoại', alsoCalled: ['Số điện thoại', 'SĐT'], needed: true },
  email: { title: 'Email', alsoCalled: ['E-mail', 'Thư điện tử'], needed: true },
  language: { title: 'Ngôn ngữ', needed: true },
  wantsNotices: { title: 'Nhận thông báo', needed: true },
};

export interface ContactsFile {
  readonly guardians: readonly StatedGuardian[];
  readonly pupils: readonly StatedPupil[];
  readonly findings: readonly Finding[];
  /** Lines that state a contact, refused ones included. */
  readonly total: number;
}

export type ContactsRefused = { readonly code: 'ROWS_MISSING' } | { readonly code: 'TOO_MANY_LINES' } | { readonly code: 'TOO_MANY_ROWS' };

/** E.164 for a number in any spelling; undefined for what is no number. */
export type ReadPhone = (text: string) => string | undefined;

export function readContacts(table: Table<ContactColumn> & { found: true }, readPhone: ReadPhone): Result<ContactsFile, ContactsRefused> {
  if (table.cutOff) return err({ code: 'TOO_MANY_LINES' });
  // A lone cell is a remark or a signature.
  const lines = table.lines.filter(({ cells }) => Object.keys(cells).length >= 2);
  if (lines.length === 0) return err({ code: 'ROWS_MISSING' });
  if (lines.length > mostRows) return err({ code: 'TOO_MANY_ROWS' });
  const rows = holdCrowds(lines.map((line) => readLine(line, readPhone)));
  const { guardians, differing } = joinRows(rows.flatMap(({ contact }) => (contact ? [contact] : [])));
  const findings = inOrder([...rows.flatMap(({ findings }) => findings), ...differing]);
  return ok({ guardians, pupils: statedPupils(rows), findings, total: lines.length });
}

interface Contact extends Omit<StatedGuardian, 'ties'> {
  readonly tie: StatedTie;
}
interface ContactRow {
  readonly pupil?: PupilName | undefined;
  /** Absent when the row cannot be used. */
  readonly contact?: Contact;
  readonly findings: readonly Finding[];
}

function readLine({ row, cells }: TableLine<ContactColumn>, readPhone: ReadPhone): ContactRow {
  const [fullName, phoneText, emailText] = [textOf(cells.fullName), textOf(cells.phone), textOf(cells.email)];
  const pupil = readPupilName(textOf(cells.pupil));
  const phone = phoneText === '' ? undefined : readPhone(phoneText);
  const email = emailText.length <= longest.email && emailShape.test(emailText) ? emailText : undefined;
  const language = languages.get(fold(textOf(cells.language)));
  const wants = consents.get(fold(textOf(cells.wantsNotices)));
  const codes: FindingCode[] = [];
  if (!pupil) codes.push('PUPIL_UNKNOWN');
  if (fullName === '') codes.push('NAME_MISSING');
  if (fullName.length > longest.name) codes.push('NAME_TOO_LONG');
  if (phoneText !== '' && !phone) codes.push('PHONE_MALFORMED');
  if (emailText !== '' && !email) codes.push('EMAIL_MALFORMED');
  if (!phone && !email) codes.push('NO_WAY_TO_REACH');
  if (!language) codes.push('LANGUAGE_UNKNOWN');
  if (wants === undefined) codes.push('CONSENT_UNCLEAR');
  const findings = codes.map((code) => ({ row, code }));
  if (!pupil || findings.some(isError)) return { pupil, findings };
  const contact = {
    key: guardianKey({ fullName, phone, email }),
    fullName,
    ...(phone ? { phone } : {}),
    ...(email ? { email } : {}),
    language: language ?? 'vi',
    wantsNotices: wants === true, // No record is no consent.
    tie: { rows: [row], pupil, relation: relations.get(fold(textOf(cells.relation))) ?? 'OTHER' },
  };
  return { pupil, contact, findings };
}

const emailShape = /^[^\s@"(),:;<>[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const consents = new Map<string, boolean>([
  ...['x', '✓', '✔', 'có', '1', 'true', 'yes'].map((text) => [text, true] as const),
  ...['', '-', 'không', '0', 'false', 'no'].map((text) => [text, false] as const),
]);
const languages = new Map<string, Language>([
  ...['', 'vi', 'vn', 'vi-vn', 'tiếng việt', 'vietnamese'].map((text) => [text, 'vi'] as const),
  ...['en', 'en-us', 'en-gb', 'tiếng anh', 'english'].map((text) => [text, 'en'] as const),
]);
const relations = new Map<string, Relation>([
  ...['mẹ', 'má'].map((text) => [text, 'MOTHER'] as const),
  ...['bố', 'cha', 'ba'].map((text) => [text, 'FATHER'] as const),
  ...['ông bà', 'ông', 'bà', 'ông nội', 'bà nội', 'ông ngoại', 'bà ngoại'].map((text) => [text, 'GRANDPARENT'] as const),
]);

/** "TAM-<person number>" names a pupil without a code. Undefined for an empty cell, and for what is longer than any code. */
function readPupilName(text: string): PupilName | undefined {
  const bare = text.replaceAll(' ', '').toUpperCase();
  if (bare === '' || bare.length > longest.pupilCode) return undefined;
  const personNumber = /^TAM-?(.*)$/.exec(bare)?.[1];
  if (personNumber === undefined) return { code: bare };
  return isPersonNumber(personNumber) ? { personNumber } : undefined;
}

// Parents, grandparents, and whoever else may fetch a child; a pupil of a whole class was copied down by mistake.
const mostGuardians = 20;

/** Every row of a guardian of too many pupils is held, and of a pupil with too many guardians: nobody can tell which of them are right. */
function holdCrowds(rows: readonly ContactRow[]): ContactRow[] {
  const contacts = rows.flatMap(({ contact }) => (contact ? [contact] : []));
  const guardianOf = ({ key }: Contact): string => key;
  const pupilOf = ({ tie }: Contact): string => nameKey(tie.pupil);
  const offices = crowded(contacts, guardianOf, pupilOf, mostGuardianships);
  const crowds = crowded(contacts, pupilOf, guardianOf, mostGuardians);
  return rows.map(({ contact, ...row }) => {
    if (!contact) return row;
    const codes: FindingCode[] = [];
    if (offices.has(guardianOf(contact))) codes.push('TOO_MANY_WARDS');
    if (crowds.has(pupilOf(contact))) codes.push('TOO_MANY_GUARDIANS');
    const held = contact.tie.rows.flatMap((row) => codes.map((code) => ({ row, code })));
    return held.length === 0 ? { ...row, contact } : { ...row, findings: [...row.findings, ...held] };
  });
}

function crowded(
  contacts: readonly Contact[],
  of: (contact: Contact) => string,
  member: (contact: Contact) => string,
  most: number,
): ReadonlySet<string> {
  const members = new Map<string, Set<string>>();
  for (const contact of contacts) {
    const known = members.get(of(contact));
    if (known) known.add(member(contact));
    else members.set(of(contact), new Set([member(contact)]));
  }
  return new Set([...members].flatMap(([name, { size }]) => (size > most ? name : [])));
}

/** One guardian stands in as many rows as they have children. What their rows say differently is told, and the first row stands. */
function joinRows(contacts: readonly Contact[]): { guardians: StatedGuardian[]; differing: Finding[] } {
  const byKey = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const rows = byKey.get(contact.key);
    if (rows) rows.push(contact);
    else byKey.set(contact.key, [contact]);
  }
  const guardians: StatedGuardian[] = [];
  const differing: Finding[] = [];
  for (const rows of byKey.values()) {
    const [first] = rows;
    if (!first) continue;
    const { tie: _, ...stated } = first;
    // Asked for in one row and not in the other: not asked for.
    guardians.push({ ...stated, wantsNotices: rows.every(({ wantsNotices }) => wantsNotices), ties: tiesOf(rows) });
    for (const { tie, ...other } of rows) {
      if (differs(stated, other)) differing.push(...tie.rows.map((row): Finding => ({ row, code: 'GUARDIAN_DIFFERS' })));
    }
  }
  return { guardians, differing };
}

function differs(a: Omit<Contact, 'tie'>, b: Omit<Contact, 'tie'>): boolean {
  return a.email !== b.email || a.language !== b.language || a.wantsNotices !== b.wantsNotices;
}

function tiesOf(contacts: readonly Contact[]): StatedTie[] {
  const byPupil = new Map<string, StatedTie>();
  for (const { tie } of contacts) {
    const known = byPupil.get(nameKey(tie.pupil));
    byPupil.set(nameKey(tie.pupil), known ? { ...known, rows: [...known.rows, ...tie.rows] } : tie);
  }
  return [...byPupil.values()];
}

function statedPupils(rows: readonly ContactRow[]): StatedPupil[] {
  const byPupil = new Map<string, { pupil: PupilName; keys: Set<string>; whole: boolean }>();
  for (const { pupil, contact } of rows) {
    if (!pupil) continue;
    const stated = byPupil.get(nameKey(pupil)) ?? { pupil, keys: new Set<string>(), whole: true };
    if (contact) stated.keys.add(contact.key);
    else stated.whole = false;
    byPupil.set(nameKey(pupil), stated);
  }
  return [...byPupil.values()].map(({ pupil, keys, whole }) => ({ pupil, guardianKeys: [...keys], whole }));
}
