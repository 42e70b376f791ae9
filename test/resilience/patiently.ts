import { until } from '@schoolbell/testkit';

/** A caller that does not give up; the test's own limit ends it. */
export function patiently<T>(call: () => Promise<T>): Promise<T> {
  return until(() => call().catch(() => undefined), 300);
}
