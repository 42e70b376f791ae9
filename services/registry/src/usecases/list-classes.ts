import type { SchoolClass } from '../domain/school-class.ts';
import type { Page, PageRequest, RegistryTx } from '../tx.ts';

export type ClassWithPupils = SchoolClass & { /** Enrolled in it now. */ readonly pupils: number };

/** rpc ListClasses: by grade, then by name. */
export async function listClasses(tx: RegistryTx, page: PageRequest): Promise<Page<ClassWithPupils>> {
  const { rows, next } = await tx.classes.page(page);
  const counts = await tx.pupils.countByClass(rows.map(({ id }) => id));
  return { rows: rows.map((schoolClass) => ({ ...schoolClass, pupils: counts.get(schoolClass.id) ?? 0 })), next };
}
