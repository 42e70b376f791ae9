import type { Command } from 'commander';
import type { RunFile } from '../../start/run-file.ts';
import { needRun } from '../connection.ts';
import { refused, unreachable } from '../failure.ts';
import type { Act, Session } from '../session.ts';
import { verb } from '../verbs.ts';

export function addStatus(program: Command, act: Act): void {
  verb(program, 'status', 'Whether Schoolbell runs here, and how each service is.', ['status', 'status --json'])
    .addHelpText('after', '\nExit status: 0 every service is ready, 1 one is not ready, 3 one does not answer.')
    .action(act('system', showStatus));
}

interface Health {
  readonly name: string;
  readonly state: 'ready' | 'not ready' | 'no answer';
  readonly reasons: readonly string[];
  readonly pid: number;
  readonly metrics: string;
}

async function showStatus(session: Session): Promise<void> {
  const { out } = session;
  const run = needRun(session);
  const services = await Promise.all(Object.entries(run.services).map(healthOf));
  out.result({
    services,
    engines: { mongodb: run.engines.mongodb.via, kafka: run.engines.kafka.via },
    mailbox: run.mailbox,
    school: run.school,
  });
  out.table(services, [
    { title: 'service', text: ({ name }) => name },
    { title: 'state', text: ({ state }) => state },
    { title: 'pid', text: ({ pid }) => String(pid), align: 'right' },
    { title: 'metrics', text: ({ metrics }) => metrics },
    { title: 'why', text: ({ reasons }) => reasons.join('; ') },
  ]);
  out.say('');
  out.facts([
    ['MongoDB', `${run.engines.mongodb.via}`],
    ['Kafka', `${run.engines.kafka.via}: ${run.engines.kafka.brokers.join(', ')}`],
    ['Mailbox', new URL('/', run.mailbox).href],
    ['School', run.school.code],
  ]);
  judge(services);
}

function judge(services: readonly Health[]): void {
  const named = (wanted: Health['state']) => services.filter(({ state }) => state === wanted).map(({ name }) => name);
  const [silent, busy] = [named('no answer'), named('not ready')];
  if (silent.length === services.length)
    throw unreachable('No service answers: Schoolbell was ended without a stop. "npm start" starts it again.');
  if (silent.length > 0)
    throw unreachable(`No answer from ${silent.join(', ')}. "npm start" starts again what dies: look once more, then in .schoolbell/logs.`);
  if (busy.length > 0)
    throw refused('NOT_READY', `Not ready: ${busy.join(', ')}. Each goes on by itself once what is said above is there again.`);
}

async function healthOf([name, { metrics, pid }]: [string, RunFile['services'][string]]): Promise<Health> {
  try {
    const response = await fetch(new URL('/readyz', metrics), { signal: AbortSignal.timeout(10_000) });
    const { reasons = [] } = (await response.json()) as { reasons?: string[] };
    return { name, state: response.ok ? 'ready' : 'not ready', reasons, pid, metrics };
  } catch {
    return { name, state: 'no answer', reasons: [], pid, metrics };
  }
}
