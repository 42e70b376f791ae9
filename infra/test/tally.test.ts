import { expect, test } from 'vitest';
import { add, closingLine, isAcceptable, nothing, type Report, skippedNames, tallyOf } from './tally.ts';

function report(...files: [status: string, ...tests: string[]][]): Report {
  return {
    testResults: files.map(([status, ...tests], index) => ({
      name: `file-${index}.test.ts`,
      status,
      assertionResults: tests.map((each) => ({ fullName: `test that ${each}`, status: each })),
    })),
  };
}

test('each test counts once', () => {
  const seen = report(['passed', 'passed', 'skipped', 'todo'], ['failed', 'failed', 'passed']);
  expect(tallyOf(seen, false)).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

test('a file that could not be loaded counts as a failure', () => {
  expect(tallyOf(report(['passed', 'passed'], ['failed']), false)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a hook that throws after passed tests counts as a failure', () => {
  expect(tallyOf(report(['failed', 'passed']), false)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a runner that crashed counts as a failure, whatever it told before', () => {
  expect(tallyOf(undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(tallyOf(undefined, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(tallyOf(report(['passed', 'passed']), false)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('skipped tests are told by name', () => {
  expect(skippedNames(report(['passed', 'passed', 'skipped']))).toEqual(['test that skipped (file-0.test.ts)']);
});

test('checks and tests are told together in one line', () => {
  expect(closingLine(add({ passed: 8, failed: 0, skipped: 0 }, { passed: 2, failed: 1, skipped: 3 }))).toBe(
    '10 passed, 1 failed, 3 skipped',
  );
});

test('a skipped test is a failure where nobody reads the output', () => {
  const skipped = { ...nothing, passed: 1, skipped: 1 };
  expect(isAcceptable(skipped, false)).toBe(true);
  expect(isAcceptable(skipped, true)).toBe(false);
  expect(isAcceptable({ ...nothing, failed: 1 }, false)).toBe(false);
});
