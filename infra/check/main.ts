// npm run check: the fast part of npm test. One line a step, and what a failed step said.
import { runSteps } from './run-steps.ts';
import { steps } from './steps.ts';

const failed = await runSteps(steps, (line) => console.log(line));
if (failed > 0) {
  console.error(`${failed} of ${steps.length} checks failed.`);
  process.exitCode = 1;
}
