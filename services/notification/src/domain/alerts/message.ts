import { createInstance } from 'i18next';
import type { GuardianWithContact, Language, School, Student } from '../roster/roster.ts';
import type { Origin } from './alert.ts';
import { contentOf } from './content.ts';
import type { Fact } from './fact.ts';
import { type Letter, mailHtml } from './mail-html.ts';
import type { Say } from './speech.ts';
import { texts } from './texts.ts';
import { oneLine } from './wording.ts';

/** A letter as it goes out, in one language; the address is not part of it. */
export type Message = {
  /** Who writes: the school's name. */
  readonly from: string;
  /** Who is written to; empty where no name is known. */
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

export type Addressee = { readonly school: School; readonly student: Student; readonly guardian: GuardianWithContact };

/** Writes the letter that tells this guardian of the fact. */
export function compose(fact: Fact, origin: Pick<Origin, 'occurredAt'>, { school, student, guardian }: Addressee): Message {
  const letter = write(fact, {
    ...words(guardian.language),
    school: oneLine(school.name),
    guardian: oneLine(guardian.name),
    student,
    occurredAt: origin.occurredAt,
  });
  return { from: letter.school, to: oneLine(guardian.name), subject: letter.subject, text: plainText(letter), html: mailHtml(letter) };
}

const i18n = createInstance();
// Escaping is the HTML writer's business; the same sentences go into the plain text.
void i18n.init({
  lng: 'vi',
  fallbackLng: 'vi',
  resources: { vi: { translation: texts.vi }, en: { translation: texts.en } },
  initAsync: false,
  interpolation: { escapeValue: false },
  returnEmptyString: true,
});
const spoken = { vi: i18n.getFixedT('vi'), en: i18n.getFixedT('en') };

function words(language: Language): { language: Language; say: Say } {
  const t = spoken[language];
  return { language, say: (key, facts = {}) => t(key, { ...facts }) };
}

const longestSubject = 180;

type Setting = {
  readonly language: Language;
  readonly say: Say;
  readonly school: string;
  readonly guardian: string;
  readonly student: Student;
  readonly occurredAt: Date;
};

function write(fact: Fact, { language, say, school, guardian, student, occurredAt }: Setting): Letter {
  const name = oneLine(fact.studentName);
  const className = oneLine('className' in fact && fact.className !== '' ? fact.className : student.className);
  const { tone, highlight, texts: key = fact.kind, facts, more = [], rows, postscript } = contentOf(fact, { language, say, occurredAt });
  const pupil = className === '' ? say('pupil', { student: name }) : say('pupilOfClass', { student: name, className });
  const all = { ...facts, school, student: name, pupil };
  return {
    language,
    tone,
    school,
    highlight,
    subject: oneLine(say(`${key}.subject`, all)).slice(0, longestSubject),
    heading: say(`${key}.heading`),
    greeting: guardian === '' ? say('greetingUnnamed') : say('greeting', { guardian }),
    paragraphs: [say(`${key}.lead`, all), ...more.map((key) => say(key, all))].filter((text) => text !== ''),
    rows: [[say('row.student'), name] as const, [say('row.className'), className] as const, ...rows].filter(([, value]) => value !== ''),
    note: [say(`${key}.note`), ...(postscript ? [say(postscript)] : [])].join(' '),
    signature: say('signature'),
    footer: say('footer'),
  };
}

function plainText({ school, greeting, paragraphs, rows, note, signature, footer }: Letter): string {
  const facts = rows.map(([label, value]) => `${label}: ${value}`).join('\n');
  return `${[greeting, ...paragraphs, facts, note, `${signature}\n${school}`].join('\n\n')}\n\n-- \n${footer}\n`;
}
