import type { SchoolClass } from '../domain/school-class.ts';
import type { RegistryTx } from '../tx.ts';

export type ClassWithPupils = SchoolClass & { /** Enrolled in it now. */ readonly pupils: number };

export interface ClassesAfter {
  readonly after?: Pick<SchoolClass, 'grade' | 'name'> | undefined;
  readonly size: number;
}

/** rpc ListClasses: by grade, then by name; one more than `size` when the list goes on. */
export async function listClasses(tx: RegistryTx, { after, size }: ClassesAfter): Promise<ClassWithPupils[]> {
  const classes = await tx.classes.page(after, size + 1);
  const counts = await tx.pupils.countByClass(classes.map(({ id }) => id));
  return classes.map((schoolClass) => ({ ...schoolClass, pupils: counts.get(schoolClass.id) ?? 0 }));
}
