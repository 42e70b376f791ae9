/** What was counted: tests, and each check as one. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of vitest's JSON report that is counted. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(one: Tally, other: Tally): Tally {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed, skipped: one.skipped + other.skipped };
}

/**
 * Counts the tests of a report. A file that failed beside its tests (it could not be loaded, a hook threw) counts as one
 * failure, and so does a runner that ended badly, or told nothing, while every test it told of passed.
 */
export function tallyOf(report: Report | undefined, runnerEndedWell: boolean): Tally {
  const files = report?.testResults ?? [];
  const statuses = files.flatMap((file) => file.assertionResults.map((test) => test.status));
  const passed = statuses.filter((status) => status === 'passed').length;
  const failedTests = statuses.filter((status) => status === 'failed').length;
  const failedFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const counted = failedTests + failedFiles;
  const unexplained = counted === 0 && (report === undefined || !runnerEndedWell) ? 1 : 0;
  return { passed, failed: counted + unexplained, skipped: statuses.length - passed - failedTests };
}

export function skippedNames(report: Report | undefined): string[] {
  return (report?.testResults ?? []).flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status !== 'passed' && test.status !== 'failed')
      .map((test) => `${test.fullName} (${file.name})`),
  );
}

/** The last line of npm test: other programs read it. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Where nobody reads the output, a test that did not run is a test that does not exist. */
export function isAcceptable({ failed, skipped }: Tally, unattended: boolean): boolean {
  return failed === 0 && !(unattended && skipped > 0);
}
