import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { access, descriptorFile, topics } from '@schoolbell/contracts';
import { FileDescriptorSet } from '@schoolbell/contracts/google/protobuf/descriptor';
import { topicWishes } from '@schoolbell/infra/engines';
import { describe, expect, test } from 'vitest';
import vitestConfig from '../../vitest.config.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const entriesOf = (folder: string) => readdirSync(join(root, folder)).filter((entry) => entry !== 'node_modules');

function typescriptIn(folder: string): string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root, exclude: ['**/node_modules'] });
}

const services = entriesOf('services');
const sources = ['packages', 'services', 'infra', 'test'].flatMap(typescriptIn);
const generated = /^packages\/contracts\/src\/gen\//;
const planted = /^test\/architecture\/violations\//;
const written = sources.filter((file) => !generated.test(file) && !planted.test(file));

describe('every service', () => {
  const rooms = ['domain', 'edges', 'store', 'usecases'];
  const tables = ['config.ts', 'events.ts', 'main.ts', 'tx.ts'];

  test.each(services)('%s has the same entries as its neighbours', (service) => {
    const optional = ['test', 'tsconfig.json'];
    expect(entriesOf(`services/${service}`).filter((entry) => !optional.includes(entry))).toEqual(['README.md', 'package.json', 'src']);
    expect(entriesOf(`services/${service}/src`).filter((entry) => !entry.endsWith('.test.ts'))).toEqual([...tables, ...rooms].sort());
  });

  test.each(services)('%s calls what its rooms give to main.ts by the same names', (service) => {
    const given: readonly (readonly [file: string, name: string])[] = [
      ['config.ts', `${service}Schema`],
      ['tx.ts', `${service}Tx`],
      ['store/indexes.ts', 'collections'],
      ['edges/rpc.ts', `${service}Rpc`],
      ['edges/clock.ts', 'clock'],
      ['edges/listen.ts', 'listeners'],
    ];
    const wrong = given
      .map(([file, name]) => [`services/${service}/src/${file}`, name] as const)
      .filter(([file]) => existsSync(join(root, file)))
      .filter(([file, name]) => !new RegExp(`^export (const|function) ${name}\\b`, 'm').test(read(file)));
    expect(wrong).toEqual([]);
  });

  // A file of types or texts alone keeps no promise that a test could break.
  const doesSomething = (file: string) => /^export ((async )?function\b|const \w+ = (async )?\()/m.test(read(file));
  const tested = /^services\/[^/]+\/src\/(domain|usecases)\//;

  test('has a test beside each file of its domain and each use case', () => {
    const untested = written
      .filter((file) => tested.test(file) && !file.endsWith('.test.ts') && doesSomething(file))
      .filter((file) => !existsSync(join(root, file.replace(/\.ts$/, '.test.ts'))));
    expect(untested).toEqual([]);
  });
});

describe('the code', () => {
  const filesWith = (pattern: RegExp) => written.filter((file) => pattern.test(read(file)));

  test('mocks nothing of its own', () => {
    expect(filesWith(/\bvi\.(mock|doMock|hoisted|fn|spyOn)\b/)).toEqual([]);
  });

  test('never tells the compiler to look away', () => {
    expect(filesWith(/@ts-(ignore|nocheck)|\bas any\b|\bas unknown as\b/)).toEqual([]);
  });

  test('leaves nothing for later', () => {
    expect(filesWith(/\b(TO[D]O|FI[X]ME)\b/)).toEqual([]);
  });
});

describe('the packages', () => {
  test('are four', () => {
    expect(entriesOf('packages')).toEqual(['contracts', 'kernel', 'service-kit', 'testkit']);
  });

  test('have a kernel of 300 lines at most', () => {
    const lines = typescriptIn('packages/kernel/src')
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => read(file).trimEnd().split('\n').length);
    expect(lines.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(300);
  });
});

describe('the contracts', () => {
  const files = FileDescriptorSet.decode(readFileSync(descriptorFile)).file;
  const announcing = files.filter((file) => file.name?.endsWith('_events.proto')).map((file) => file.package);

  test('say of every RPC who may call it', () => {
    const rpcs = files.flatMap((file) =>
      file.service.flatMap((service) => service.method.map((method) => `${file.package}.${service.name}/${method.name}`)),
    );
    expect(Object.keys(access).sort()).toEqual(rpcs.sort());
  });

  const wished = topicWishes('development').map((wish) => wish.topic);

  test('have one topic for each proto package that announces something', () => {
    const own = wished.filter((topic) => !topic.includes('.parked.'));
    expect(own.sort()).toEqual([...announcing].sort());
    expect(Object.values(topics).sort()).toEqual([...announcing].sort());
  });

  test('park what a group cannot handle beside the topic it listens to', () => {
    const groups = wished.flatMap((topic) => /^school\.(\w+)\.v\d+\.parked\.(\w+)\.(\w+)$/.exec(topic)?.slice(1) ?? []);
    const parked = wished.filter((topic) => topic.includes('.parked.'));
    expect(groups).toHaveLength(parked.length * 3);
    for (let at = 0; at < groups.length; at += 3) {
      const [topic, listener, listened] = groups.slice(at, at + 3);
      expect(services).toContain(listener);
      expect(listened).toBe(topic);
    }
  });
});

describe('the tests', () => {
  const tests = written.filter((file) => file.endsWith('.test.ts'));

  test('all belong to a project of vitest.config.ts', () => {
    const globs = (vitestConfig.test?.projects ?? []).flatMap((project) =>
      typeof project === 'object' && 'test' in project ? (project.test?.include ?? []) : [],
    );
    expect(tests.filter((file) => !globs.some((glob) => matchesGlob(file, glob)))).toEqual([]);
  });
});

describe('the libraries', () => {
  // Older ones lose a write silently (mongoose) or let one caller exhaust the memory (grpc-js).
  test.each([
    ['mongoose', [9, 9, 2]],
    ['@grpc/grpc-js', [1, 10, 9]],
  ])('%s is new enough, wherever it is installed', (name, oldest) => {
    const versions = [...read('pnpm-lock.yaml').matchAll(new RegExp(`^ {2}'?${name}@(\\d+)\\.(\\d+)\\.(\\d+)'?:`, 'gm'))];
    expect(versions).not.toEqual([]);
    const tooOld = versions.filter(([, ...parts]) => compare(parts.map(Number), oldest) < 0);
    expect(tooOld.map(([entry]) => entry)).toEqual([]);
  });
});

function compare(one: readonly number[], other: readonly number[]): number {
  const differing = one.findIndex((part, index) => part !== other[index]);
  return differing < 0 ? 0 : (one[differing] ?? 0) - (other[differing] ?? 0);
}
