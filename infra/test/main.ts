// npm test: every check and every test, and one closing line with the counts. --faults: the long fault tests only.
// What follows goes to vitest: npm test -- test/journeys.
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runSteps } from '../check/run-steps.ts';
import { steps } from '../check/steps.ts';
import { root } from '../command.ts';
import { dockerAnswers } from '../engines/docker/probe.ts';
import { fetchLocal } from '../engines/index.ts';
import { add, closingLine, isAcceptable, nothing, type Report, skippedNames, type Tally, tallyOf } from './tally.ts';

const minuteMs = 60_000;
const print = (line: string) => console.log(line);
const faults = process.argv.includes('--faults');
const filters = process.argv.slice(2).filter((argument) => argument !== '--faults');

const checked = faults ? nothing : await check();
const tested = (await enginesAtHand()) ? await runTests() : { ...nothing, failed: 1 };
const tally = add(checked, tested);
process.exitCode = isAcceptable(tally, process.env.CI === 'true') ? 0 : 1;
print(closingLine(tally));

async function check(): Promise<Tally> {
  const failed = await runSteps(steps, print);
  return { passed: steps.length - failed, failed, skipped: 0 };
}

/** Fetches what local engines need before the clock of any test runs. */
async function enginesAtHand(): Promise<boolean> {
  const mongo = !process.env.MONGODB_URI;
  const kafka = !process.env.KAFKA_BROKERS;
  try {
    if ((mongo || kafka) && !(await dockerAnswers())) await fetchLocal({ log: print, mongo, kafka });
    return true;
  } catch (error) {
    console.error((error as Error).message);
    return false;
  }
}

async function runTests(): Promise<Tally> {
  const file = join(root, '.schoolbell/test-report.json');
  await rm(file, { force: true });
  const endedWell = await vitest(file);
  const report = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Report,
    () => undefined,
  );
  for (const name of skippedNames(report)) print(`skipped: ${name}`);
  return tallyOf(report, endedWell);
}

function vitest(reportFile: string): Promise<boolean> {
  const program = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const args = [program, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...filters];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...(faults && { SCHOOLBELL_FAULTS: '1' }) },
    // Far beyond what a slow machine needs: only a run that hangs is ended.
    timeout: (faults ? 240 : 75) * minuteMs,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Ctrl-C at a terminal has reached vitest already. It stops its engines; the counts are told after that.
      if (!(process.stdin.isTTY && signal === 'SIGINT')) child.kill(signal);
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.once('close', (code) => resolve(code === 0));
  });
}
