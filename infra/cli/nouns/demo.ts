import type { Command } from 'commander';
import { hasDemoSchool } from '../../start/demo-plan.ts';
import { needRun } from '../connection.ts';
import { replayDay } from '../day/replay.ts';
import { refused, unreachable, wrongUsage } from '../failure.ts';
import { payAndFollow, type Stop } from '../journey.ts';
import type { Act, Session } from '../session.ts';
import { asCount, asUuid, verb } from '../verbs.ts';

export function addDemoNoun(program: Command, act: Act): void {
  const demo = program.command('demo').description('things to try on the demo school');
  verb(demo, 'pay', "Pays an invoice at the stand-in for VNPAY and follows it to the guardian's mailbox.", [
    'demo pay 0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10',
    'invoice list --status open --limit 5        (shows invoices to pay)',
  ])
    .argument('<invoice>', 'invoice id', asUuid)
    .action(act('system', pay));
  verb(
    demo,
    'day',
    'Replays the morning of a school day at the demo school of this machine: roll calls, cut-off, kitchen, credits and letters, with a picture of what happened.',
    ['demo day --speed 60', 'demo day --speed 240 --classes 2 --picture morning.svg'],
  )
    .option('--speed <times>', 'how much faster than real', asCount, 60)
    .option('--classes <n>', 'how many classes take part, 2 to 20', asCount, 4)
    .option('--picture <file>', 'where the picture goes (SVG); the printed book lies beside it', '.schoolbell/demo-day.svg')
    .action(act('system', replay));
}

interface DayOptions {
  readonly speed: number;
  readonly classes: number;
  readonly picture: string;
}

async function replay(session: Session, { speed, classes, picture }: DayOptions): Promise<void> {
  const { out, clients } = session;
  if (speed > 1_000)
    throw wrongUsage('--speed goes up to 1000: people and four services need some seconds for what happens before the cut-off.');
  if (classes < 2 || classes > 20) throw wrongUsage('--classes goes from 2 to 20.');
  await needDemoSchool(session);
  const replayed = await replayDay({ clients, speed, classes, picture, say: out.say });
  out.result(replayed);
  out.say('');
  out.facts([
    ['Booked', String(replayed.booked)],
    ['Told at the cut-off', String(replayed.toldAtCutoff)],
    ['To cook', String(replayed.portions)],
    ['Cut in time', `${replayed.cancelled}, credited ${BigInt(replayed.credited).toLocaleString('vi-VN')} ₫`],
    ['Told too late', String(replayed.cutLate)],
    [
      'Letters',
      Object.entries(replayed.letters)
        .map(([kind, count]) => `${count} × ${kind.toLowerCase().replaceAll('_', ' ')}`)
        .join(', '),
    ],
    ['Files', replayed.files.join(', ')],
  ]);
}

/** A replayed morning marks pupils away and mails their guardians, so it is for invented ones only, whose mail ends in the mailbox here. */
async function needDemoSchool(session: Session): Promise<void> {
  const { mailbox } = needRun(session);
  const { elsewhere, runDir = '', commandLine } = session;
  if (elsewhere) throw wrongUsage('A day is replayed at the demo school of this machine only: leave out --address and --token-file.');
  if (!hasDemoSchool(runDir)) {
    throw refused(
      'NO_DEMO_SCHOOL',
      'This Schoolbell was started without the demo school, so its pupils may be real. "npm start" without --empty brings one up.',
    );
  }
  const answer = await fetch(new URL('/livez', mailbox), { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
  if (answer?.ok) return;
  throw unreachable(`The mailbox that would catch the letters does not answer at ${mailbox}: ${commandLine('status')} shows what runs.`);
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
