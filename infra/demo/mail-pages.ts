import type { ReceivedMail } from './mail-store.ts';

export const style = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --soft: light-dark(#666, #aaa); --accent: light-dark(#0b57d0, #8ab4f8); }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.3rem; margin: 0 0 .25rem; }
p.note, dt, td.when, td.to { color: var(--soft); font-size: .875rem; }
form { display: flex; gap: .5rem; margin: 1rem 0; }
input { flex: 1; font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; min-width: 0; }
button { font: inherit; padding: .5rem 1rem; border: 0; border-radius: .5rem; background: var(--accent); color: light-dark(#fff, #000); }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid var(--line); padding: .6rem .5rem; vertical-align: top; overflow-wrap: anywhere; }
td.when { white-space: nowrap; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; }
`;

const mostRows = 200;

export function listPage(mails: readonly ReceivedMail[], wanted: string): string {
  const rows = mails
    .slice(-mostRows)
    .reverse()
    .map(
      (mail) => `<tr>
<td class="when">${escaped(clock(mail.receivedAt))}</td>
<td><a href="/view/${mail.id}">${escaped(mail.subject || '(no subject)')}</a></td>
<td class="to">${escaped(mail.to.join(', '))}</td>
</tr>`,
    );
  const body = `<h1>Mailbox of the demo school</h1>
<p class="note">Every message Schoolbell sends on this machine ends here; none leaves it. The page looks again every 5 seconds.
The same as JSON: <a href="/messages">/messages</a></p>
<form method="get" action="/"><input name="contains" value="${escaped(wanted)}" placeholder="Search in subject and text" aria-label="Search"><button>Search</button></form>
${rows.length === 0 ? '<p>No message yet.</p>' : `<table>${rows.join('\n')}</table>`}
${mails.length > mostRows ? `<p class="note">The newest ${mostRows} of ${mails.length}.</p>` : ''}`;
  return page('Mailbox', body, '<meta http-equiv="refresh" content="5">');
}

export function mailPage(mail: ReceivedMail): string {
  const facts: readonly [string, string][] = [
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Received', clock(mail.receivedAt)],
    ['Message-ID', mail.messageId],
  ];
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('\n');
  const html = mail.html ? `<iframe sandbox src="/messages/${mail.id}/html" title="The message as HTML"></iframe>` : '';
  const text = mail.text ? `<h2>Text</h2><pre>${escaped(mail.text)}</pre>` : '';
  return page(mail.subject, `<p><a href="/">← All messages</a></p><h1>${escaped(mail.subject)}</h1><dl>${list}</dl>${html}${text}`);
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><link rel="stylesheet" href="/style.css">${head}</head>
<body>${body}</body></html>`;
}

function clock(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
