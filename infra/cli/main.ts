import { runCommandLine } from './program.ts';

const { stdin, stdout, stderr, env } = process;
process.exitCode = await runCommandLine(process.argv.slice(2), { stdin, stdout, stderr, env, cwd: process.cwd() });
