import { fold, tidy } from './text.ts';

export interface SchoolClass {
  readonly id: string;
  /** As the workbook that first named it wrote it: "1A". */
  readonly name: string;
  /** 0 where the name starts with no number. */
  readonly grade: number;
}

/** "1a" and "1A" are one class. */
export function classKey(name: string): string {
  return fold(name);
}

export function newClass(id: string, name: string): SchoolClass {
  return { id, name: tidy(name), grade: gradeOf(name) };
}

function gradeOf(name: string): number {
  return Number(/^\s*(\d{1,2})(?!\d)/.exec(name)?.[1] ?? 0);
}

/** The classes of a school as rows name them; a name that is new becomes a class. */
export interface ClassBook {
  classNamed(name: string): SchoolClass;
  /** Those that were not known. */
  readonly added: readonly SchoolClass[];
}

export function openClassBook(known: ReadonlyMap<string, SchoolClass>, newId: () => string): ClassBook {
  const byKey = new Map(known);
  const added: SchoolClass[] = [];
  return {
    added,
    classNamed(name) {
      const found = byKey.get(classKey(name));
      if (found) return found;
      const made = newClass(newId(), name);
      byKey.set(classKey(name), made);
      added.push(made);
      return made;
    },
  };
}
