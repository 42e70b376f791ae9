import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const vietnam = 'Asia/Ho_Chi_Minh';
// Fourteen hours ahead of UTC and seven of Vietnam: whoever takes the process's day for the school's is found out.
const farAway = 'Pacific/Kiritimati';

// Only for a run that hangs: a busy machine takes many times what a quiet one does.
const minuteMs = 60_000;
const hangsAfterMs = 5 * minuteMs;
/** Whole systems, which start one after the other. */
const systemHangsAfterMs = 15 * minuteMs;

// What ships runs as it ships: libraries that are kinder in development would hide what happens to a user.
const asShipped = { NODE_ENV: 'production' };

interface Project {
  readonly name: string;
  readonly include: string[];
  readonly zone: string;
  readonly env?: Record<string, string>;
  /** Groups run one after the other, so that engines under load never share two cores with the engines of another group. */
  readonly group: number;
  readonly parallel: boolean;
  /** Files at once; two, as there are processors, unless the tests mostly wait. */
  readonly atOnce?: number;
  /** Files of one worker load what they import once: most of a short test's time is importing. Kit and infra test what a process holds once. */
  readonly shared?: boolean;
  readonly globalSetup?: string;
  readonly limitMs?: number;
}

function project({
  name,
  include,
  zone,
  env,
  group,
  parallel,
  atOnce = 2,
  shared = false,
  globalSetup,
  limitMs = hangsAfterMs,
}: Project): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', 'test/architecture/violations/**'],
      env: { ...env, TZ: zone },
      sequence: { groupOrder: group },
      fileParallelism: parallel,
      isolate: !shared,
      ...(parallel && { maxWorkers: atOnce }),
      ...(globalSetup !== undefined && { globalSetup }),
      testTimeout: limitMs,
      hookTimeout: limitMs,
      // Gives up before the test does, so as to say what it saw last.
      expect: { poll: { timeout: limitMs / 2 } },
    },
  };
}

// Nothing but computation: the same day in both zones.
const pure = [
  'packages/{kernel,contracts}/**/*.test.ts',
  'services/*/src/*.test.ts',
  'services/*/src/domain/**/*.test.ts',
  'test/architecture/time-zone.test.ts',
];
const projects: Project[] = [
  {
    name: 'unit',
    include: [...pure, 'test/{architecture,contracts,load}/**/*.test.ts'],
    zone: 'UTC',
    group: 1,
    parallel: true,
    shared: true,
  },
  { name: 'unit-vietnam', include: pure, zone: vietnam, group: 1, parallel: true, shared: true },
  {
    name: 'kit',
    include: ['packages/{service-kit,testkit}/**/*.test.ts', 'infra/**/*.test.ts'],
    zone: farAway,
    env: asShipped,
    group: 2,
    parallel: true,
    globalSetup: 'packages/testkit/src/global-setup.ts',
    // Its longest files start whole systems one after the other, and wait for them.
    atOnce: 3,
  },
  {
    name: 'engines',
    include: ['services/*/src/{usecases,store,edges}/**/*.test.ts'],
    zone: farAway,
    env: asShipped,
    group: 3,
    parallel: true,
    shared: true,
    globalSetup: 'packages/testkit/src/global-setup.ts',
  },
  // Journeys and faults mostly wait, for processes, leases and the clock, and each has engines of its own: three of them share the processors well.
  {
    name: 'journeys',
    include: ['test/journeys/**/*.test.ts'],
    zone: farAway,
    env: asShipped,
    group: 4,
    parallel: true,
    atOnce: 3,
    limitMs: systemHangsAfterMs,
  },
  {
    name: 'resilience',
    include: ['test/resilience/**/*.test.ts'],
    zone: farAway,
    env: asShipped,
    group: 4,
    parallel: true,
    atOnce: 3,
    limitMs: systemHangsAfterMs,
  },
];

const faults: Project = {
  name: 'faults',
  include: ['test/resilience/**/*.faults.ts'],
  zone: vietnam,
  env: asShipped,
  group: 5,
  parallel: false,
  limitMs: 2 * systemHangsAfterMs,
};

export default defineConfig({
  // Engines are closed properly, and not cut off after ten seconds.
  test: { teardownTimeout: hangsAfterMs, projects: (process.env.SCHOOLBELL_FAULTS === '1' ? [faults] : projects).map(project) },
});
