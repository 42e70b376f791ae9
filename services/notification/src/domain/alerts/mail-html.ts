import type { Language } from '../roster/roster.ts';

export type Letter = {
  readonly language: Language;
  readonly tone: 'done' | 'open' | 'credit' | 'alarm';
  readonly school: string;
  readonly subject: string;
  readonly heading: string;
  /** What counts most, in a few words: an amount, or which half-day. */
  readonly highlight: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly note: string;
  readonly signature: string;
  readonly footer: string;
};

// White on each of them has a contrast above 7:1 (WCAG 2.2, AAA).
const toneColour = { done: '#0b5345', open: '#7a3e00', credit: '#1a3f7a', alarm: '#8a1020' } as const;
const font = "font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif";
const ink = '#1b1f24';
const quiet = '#4a5361';

/** The letter as HTML for mail programs: tables and inline styles only, nothing loaded from anywhere. Every text is escaped here and nowhere else. */
export function mailHtml(letter: Letter): string {
  const colour = toneColour[letter.tone];
  const cell = (style: string, content: string): string => `<tr><td style="${font};color:${ink};${style}">${content}</td></tr>`;
  const paragraphs = letter.paragraphs.map((text) => cell('padding:12px 24px 0;font-size:16px;line-height:1.5', escapeHtml(text)));
  return `<!DOCTYPE html>
<html lang="${letter.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(letter.subject)}</title>
</head>
<body style="margin:0;padding:0;background-color:#eef1f5">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(letter.paragraphs[0] ?? '')}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#eef1f5"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;background-color:#ffffff;border-radius:8px;overflow:hidden;text-align:left">
<tr><td style="${font};padding:20px 24px;background-color:${colour};color:#ffffff">
<div style="font-size:15px;line-height:1.4">${escapeHtml(letter.school)}</div>
<h1 style="margin:4px 0 0;font-size:22px;line-height:1.3;font-weight:700">${escapeHtml(letter.heading)}</h1>
<div style="margin-top:8px;font-size:30px;line-height:1.2;font-weight:700">${escapeHtml(letter.highlight)}</div>
</td></tr>
${cell('padding:20px 24px 0;font-size:16px;line-height:1.5', escapeHtml(letter.greeting))}
${paragraphs.join('\n')}
<tr><td style="padding:20px 24px 0">
<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse">
${letter.rows.map(rowHtml).join('\n')}
</table>
</td></tr>
${cell('padding:20px 24px 0;font-size:16px;line-height:1.5', escapeHtml(letter.note))}
${cell('padding:20px 24px 24px;font-size:16px;line-height:1.5', `${escapeHtml(letter.signature)}<br><strong>${escapeHtml(letter.school)}</strong>`)}
</table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px"><tr><td style="${font};padding:16px 24px;font-size:13px;line-height:1.5;color:${quiet};text-align:left">${escapeHtml(letter.footer)}</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

function rowHtml([label, value]: readonly [string, string]): string {
  const line = `${font};border-top:1px solid #d5dae1;padding:10px 0;font-size:15px;line-height:1.4;vertical-align:top`;
  return `<tr><th scope="row" align="left" style="${line};width:42%;padding-right:12px;font-weight:400;color:${quiet}">${escapeHtml(label)}</th><td style="${line};font-weight:600;color:${ink};overflow-wrap:anywhere">${escapeHtml(value)}</td></tr>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
