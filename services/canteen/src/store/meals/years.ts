import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { SchoolYear } from '../../domain/meals/calendar.ts';

const { as, day, flat, instant, list, number, part, text } = stored;

const holiday = part({ firstDay: day, lastDay: day, name: text, citation: text });
const year = {
  ...{ name: text, firstDay: day, lastDay: day, holidays: list(holiday), announcedAt: instant },
  weekdays: flat({ MORNING: as('morningWeekdays', list(number)), AFTERNOON: as('afternoonWeekdays', list(number)) }),
};

export const years = collection('school_years', year, { beside: { version: number }, indexes: [unique({ schoolId: 1, name: 1 })] });

/** The calendars of the school as attendance announced them, the newest of each year. */
export function yearStore(session: Session) {
  const rows = rowsOf(session, years);
  return {
    all: (): Promise<SchoolYear[]> => rows.all({}),
    follow: (announced: SchoolYear, version: number) => rows.follow(announced, { _id: `${session.schoolId}:${announced.name}`, version }),
  };
}
