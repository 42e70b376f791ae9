import { unreachable } from '@schoolbell/kernel';
import { createInstance } from 'i18next';
import type { Fact, Origin } from './alert.ts';
import { type Letter, mailHtml } from './mail-html.ts';
import type { GuardianWithContact, Language, School, Student } from './roster.ts';
import { texts } from './texts.ts';
import { gatewayText, moneyText, oneLine, timeText } from './wording.ts';

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

type Say = (key: string, facts?: Readonly<Record<string, string>>) => string;
type Setting = {
  readonly language: Language;
  readonly say: Say;
  readonly school: string;
  readonly guardian: string;
  readonly student: Student;
  readonly occurredAt: Date;
};

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

function write(fact: Fact, setting: Setting): Letter {
  const { language, say, school, guardian, student, occurredAt } = setting;
  const name = oneLine(fact.studentName);
  const className = oneLine(fact.kind === 'INVOICE_PAID' && fact.className !== '' ? fact.className : student.className);
  const title = oneLine(fact.invoiceTitle);
  const { amount, tone, facts, rows } = account(fact, { language, say, occurredAt });
  const pupil = className === '' ? say('pupil', { student: name }) : say('pupilOfClass', { student: name, className });
  const all = { ...facts, amount, title, school, student: name, pupil };
  const reason = fact.kind === 'ACCOUNT_CREDITED' ? say(`creditReason.${fact.reason}`, all) : '';
  return {
    language,
    tone,
    school,
    amount,
    subject: oneLine(say(`${fact.kind}.subject`, all)).slice(0, longestSubject),
    heading: say(`${fact.kind}.heading`),
    greeting: guardian === '' ? say('greetingUnnamed') : say('greeting', { guardian }),
    paragraphs: [say(`${fact.kind}.lead`, all), reason].filter((text) => text !== ''),
    rows: [
      [say('row.student'), name] as const,
      [say('row.className'), className] as const,
      [say('row.invoice'), title] as const,
      ...rows,
    ].filter(([, value]) => value !== ''),
    note: say(`${fact.kind}.note`),
    signature: say('signature'),
    footer: say('footer'),
  };
}

type Row = readonly [label: string, value: string];
type Account = {
  readonly amount: string;
  readonly tone: Letter['tone'];
  readonly facts: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
};

/** What differs from fact to fact: the amounts and how they came. */
function account(fact: Fact, { language, say, occurredAt }: Pick<Setting, 'language' | 'say' | 'occurredAt'>): Account {
  const payment = (row: Row, ...more: Row[]): Row[] => {
    if (fact.kind === 'ACCOUNT_CREDITED') return [row, ...more, [say('row.creditedAt'), timeText(occurredAt)]];
    const { paidAt = occurredAt, gateway, transaction } = fact.payment;
    return [
      row,
      ...more,
      [say('row.paidAt'), timeText(paidAt)],
      [say('row.gateway'), gatewayText(gateway)],
      [say('row.transaction'), oneLine(transaction)],
    ];
  };
  switch (fact.kind) {
    case 'INVOICE_PAID': {
      const amount = moneyText(fact.paid, language);
      return { amount, tone: 'done', facts: {}, rows: payment([say('row.paidTotal'), amount]) };
    }
    case 'PAYMENT_RECEIVED': {
      const amount = moneyText(fact.received, language);
      const outstanding = moneyText(fact.outstanding, language);
      return {
        amount,
        tone: 'open',
        facts: { outstanding },
        rows: payment([say('row.received'), amount], [say('row.outstanding'), outstanding]),
      };
    }
    case 'ACCOUNT_CREDITED': {
      const amount = moneyText(fact.amount, language);
      return { amount, tone: 'credit', facts: {}, rows: payment([say('row.credited'), amount]) };
    }
    default:
      return unreachable(fact);
  }
}

function plainText({ school, greeting, paragraphs, rows, note, signature, footer }: Letter): string {
  const facts = rows.map(([label, value]) => `${label}: ${value}`).join('\n');
  return `${[greeting, ...paragraphs, facts, note, `${signature}\n${school}`].join('\n\n')}\n\n-- \n${footer}\n`;
}
