import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { Allergen, DietKind, SetDiet } from '../../domain/meals/diet.ts';

const { day, flat, id, instant, list, number, or, text, textOf } = stored;

const diet = {
  ...{ id, studentId: text, since: day, order: number },
  diet: flat({ kind: textOf<DietKind>(), note: or(text, ''), avoided: list(textOf<Allergen>()) }),
};

export const diets = collection('diets', diet, {
  beside: { setAt: instant, setBy: text },
  indexes: [unique({ schoolId: 1, studentId: 1, order: 1 })],
});

/** Every diet that was ever set. */
export function dietStore(session: Session) {
  const rows = rowsOf(session, diets);
  return {
    find: (id: string): Promise<SetDiet | undefined> => rows.one({ _id: id }),
    ofPupils: (studentIds: readonly string[]): Promise<SetDiet[]> =>
      rows.all({ studentId: { $in: [...studentIds] } }, { sort: { studentId: 1, order: 1 } }),
    insert: (set: SetDiet, { at, by }: { readonly at: Date; readonly by: string }) => rows.insert(set, { setAt: at, setBy: by }),
  };
}
