import type { Command } from 'commander';
import { needRun } from '../connection.ts';
import { payAndFollow, type Stop } from '../journey.ts';
import type { Act, Session } from '../session.ts';
import { asUuid, verb } from '../verbs.ts';

export function addDemoNoun(program: Command, act: Act): void {
  const demo = program.command('demo').description('things to try on the demo school');
  verb(demo, 'pay', "Pays an invoice at the stand-in for VNPAY and follows it to the guardian's mailbox.", [
    'demo pay 0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10',
    'invoice list --status open --limit 5        (shows invoices to pay)',
  ])
    .argument('<invoice>', 'invoice id', asUuid)
    .action(act('system', pay));
}

async function pay(session: Session, invoiceId: string): Promise<void> {
  const { out, clients } = session;
  const { mailbox } = needRun(session);
  let clickedAt: Date | undefined;
  const journey = await payAndFollow({
    clients,
    mailbox,
    invoiceId,
    onStop: (stop) => {
      if (stop.name === 'click') clickedAt = stop.at;
      out.say(lineOf(stop, clickedAt));
    },
  });
  const { traceId, lastAt, clickAt } = journey;
  out.say(`\nFrom the click to the last mailbox: ${lastAt.getTime() - clickAt.getTime()} ms. Trace ${traceId}.`);
  out.result({
    invoiceId,
    attemptId: journey.attemptId,
    traceId,
    stops: journey.stops.map(({ name, text, at }) => ({ name, text, at, msSinceClick: at.getTime() - clickAt.getTime() })),
  });
}

function lineOf({ at, text }: Stop, clickedAt: Date | undefined): string {
  const since = clickedAt ? `${at < clickedAt ? '' : '+'}${at.getTime() - clickedAt.getTime()} ms` : '';
  return `${since.padStart(10)}  ${at.toLocaleTimeString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' })}.${String(at.getMilliseconds()).padStart(3, '0')}  ${text}`;
}
