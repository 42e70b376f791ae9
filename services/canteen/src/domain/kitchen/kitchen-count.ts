import type { Booking, LateChange } from '../meals/booking.ts';
import type { Diet, DietKind } from '../meals/diet.ts';
import type { DishContent } from '../meals/menu.ts';

/** What the server added up: portions of now by `diet`, those that the kitchen knew of at the cut-off by `dietAtCutoff`. */
export type CountedRow = {
  readonly classId: string;
  readonly className: string;
  readonly diet: DietKind;
  readonly dietAtCutoff: DietKind;
  readonly portions: number;
  readonly portionsAtCutoff: number;
  readonly cutLate: number;
};

export type KitchenRow = Omit<CountedRow, 'dietAtCutoff'>;

type PupilOfCount = Pick<Booking, 'studentId' | 'studentName' | 'classId' | 'className'>;
export type LateRow = PupilOfCount & LateChange & { readonly bookingId: string };
export type CarefulRow = PupilOfCount & {
  readonly diet: Diet;
  /** Dishes that contain what the pupil must not eat. */
  readonly dishes: readonly string[];
  /** Dishes that may: nobody knows what they contain. */
  readonly unclear: readonly string[];
};

/** One row per class and diet, by class name; a pupil whose diet changed late counts there now and here then. */
export function kitchenRows(counted: readonly CountedRow[]): KitchenRow[] {
  const rows = new Map<string, KitchenRow>();
  const add = (row: KitchenRow): void => {
    const key = `${row.classId}:${row.diet}`;
    const known = rows.get(key);
    const { portions = 0, portionsAtCutoff = 0, cutLate = 0 } = known ?? {};
    rows.set(key, {
      ...(known ?? row),
      portions: portions + row.portions,
      portionsAtCutoff: portionsAtCutoff + row.portionsAtCutoff,
      cutLate: cutLate + row.cutLate,
    });
  };
  for (const { dietAtCutoff, portionsAtCutoff, ...row } of counted) {
    add({ ...row, portionsAtCutoff: 0 });
    add({ ...row, diet: dietAtCutoff, portions: 0, cutLate: 0, portionsAtCutoff });
  }
  return [...rows.values()]
    .filter(({ portions, portionsAtCutoff }) => portions > 0 || portionsAtCutoff > 0)
    .sort((a, b) => byName(a.className, b.className) || byName(a.classId, b.classId) || byName(a.diet, b.diet));
}

export function lateRows(bookings: readonly Booking[]): LateRow[] {
  const rows = bookings.flatMap((booking) =>
    booking.kitchen.lateChanges.map((change) => ({ ...pupilOf(booking), ...change, bookingId: booking.id })),
  );
  return rows.sort((a, b) => byName(a.className, b.className) || byName(a.studentName, b.studentName) || byName(a.studentId, b.studentId));
}

/** What of a meal a pupil must not eat, by the content of `dishes`; undefined while nobody knows the dishes. */
export function carefulRows(bookings: readonly Booking[], dishes: readonly DishContent[] | undefined): CarefulRow[] {
  const unclear = (dishes ?? []).flatMap(({ name, allergens }) => (allergens === undefined ? [name] : []));
  const rows = bookings.flatMap((booking): CarefulRow[] => {
    const { diet } = booking;
    const hit = (dishes ?? []).filter(({ allergens }) => allergens?.some((each) => diet.avoided.includes(each))).map(({ name }) => name);
    const listed = dishes === undefined || hit.length > 0 || unclear.length > 0 || diet.note !== '';
    return listed ? [{ ...pupilOf(booking), diet, dishes: hit, unclear }] : [];
  });
  return rows.sort((a, b) => byName(a.className, b.className) || byName(a.studentName, b.studentName) || byName(a.studentId, b.studentId));
}

function pupilOf({ studentId, studentName, classId, className }: Booking): PupilOfCount {
  return { studentId, studentName, classId, className };
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
