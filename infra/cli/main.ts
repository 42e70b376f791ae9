import { runCommandLine } from './program.ts';

const { stdin, stdout, stderr, env } = process;
const onInterrupt = (stop: () => void) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
};
process.exitCode = await runCommandLine(process.argv.slice(2), { stdin, stdout, stderr, env, cwd: process.cwd(), onInterrupt });
