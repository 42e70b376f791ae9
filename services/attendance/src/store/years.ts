import type { SchoolDate } from '@schoolbell/kernel';
import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { SchoolYear } from '../domain/calendar.ts';

const { as, day, flag, flat, id, instant, list, number, part, text } = stored;

const holiday = part({ firstDay: day, lastDay: day, name: text, citation: text });
const year = {
  ...{ id, name: text, firstDay: day, lastDay: day, citation: text, holidays: list(holiday) },
  weekdays: flat({ MORNING: as('morningWeekdays', list(number)), AFTERNOON: as('afternoonWeekdays', list(number)) }),
  opens: flat({ MORNING: as('morningOpens', text), AFTERNOON: as('afternoonOpens', text) }),
};

export const years = collection('school_years', year, {
  // `current` is false once a newer version of the year was laid down.
  beside: { definedAt: instant, definedBy: text, current: flag },
  indexes: [unique({ schoolId: 1, name: 1 }, { current: true })],
});

/** Calendars of the school, every version of them. */
export function yearStore(session: Session) {
  const rows = rowsOf(session, years);
  return {
    find: (id: string): Promise<SchoolYear | undefined> => rows.one({ _id: id }),
    /** The newest version of each year. */
    current: (): Promise<SchoolYear[]> => rows.all({ current: true }),
    holding: (date: SchoolDate): Promise<SchoolYear | undefined> =>
      rows.one({ current: true, firstDay: { $lte: date }, lastDay: { $gte: date } }),
    /** The version before, if there is one, counts no more. */
    layDown(defined: SchoolYear, { by, at }: { readonly by: string; readonly at: Date }): void {
      rows.documents.updateMany({ name: defined.name, current: true }, { $set: { current: false } });
      rows.insert(defined, { definedAt: at, definedBy: by, current: true });
    },
  };
}
