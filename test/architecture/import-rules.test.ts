import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { beforeAll, describe, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const rulesFile = join(root, '.dependency-cruiser.cjs');
const plantedTree = join(root, 'test/architecture/violations');

// A planted file says in its first line which rules it breaks; one that says nothing breaks none.
const declaration = /^\/\/ bites: (.+)\n/;

describe('the import rules', () => {
  let planted: ICruiseResult;

  beforeAll(async () => {
    const { output } = await cruise(['packages', 'services', 'infra', 'test'], {
      ...(await extractDepcruiseOptions(rulesFile)),
      baseDir: plantedTree,
    });
    planted = output as ICruiseResult;
  });

  function biting(file: string): string[] {
    const broken = planted.modules
      .filter((module) => module.source === file)
      .flatMap((module) => [...(module.rules ?? []), ...module.dependencies.flatMap((dependency) => dependency.rules ?? [])]);
    return [...new Set(broken.map((rule) => rule.name))].sort();
  }

  function declared(file: string): string[] {
    const [, names] = declaration.exec(readFileSync(join(plantedTree, file), 'utf8')) ?? [];
    return names === undefined ? [] : names.split(', ').sort();
  }

  const files = readdirSync(plantedTree, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

  test('bite each planted violation, and nothing that keeps them', () => {
    expect(Object.fromEntries(files.map((file) => [file, biting(file)]))).toEqual(
      Object.fromEntries(files.map((file) => [file, declared(file)])),
    );
  });

  test('have a planted violation each', () => {
    const { forbidden } = createRequire(import.meta.url)(rulesFile) as { forbidden: { name: string }[] };
    const plantedRules = new Set(files.flatMap(declared));
    expect(forbidden.map((rule) => rule.name).filter((name) => !plantedRules.has(name))).toEqual([]);
  });
});
