import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Followed, keepNewest, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { SchoolYear } from '../../domain/meals/calendar.ts';

interface YearDoc extends Followed {
  name: string;
  firstDay: string;
  lastDay: string;
  holidays: { firstDay: string; lastDay: string; name: string; citation: string }[];
  morningWeekdays: number[];
  afternoonWeekdays: number[];
  announcedAt: Date;
}

const text = { type: String, required: true };
const holiday = new mongoose.Schema({ firstDay: text, lastDay: text, name: text, citation: text }, { _id: false });
const schema = new mongoose.Schema({
  name: text,
  firstDay: text,
  lastDay: text,
  holidays: { type: [holiday], required: true },
  morningWeekdays: { type: [Number], required: true },
  afternoonWeekdays: { type: [Number], required: true },
  announcedAt: { type: Date, required: true },
  version: { type: Number, required: true },
});
schema.index({ schoolId: 1, name: 1 }, { unique: true });

export const years = defineCollection<YearDoc>('school_years', schema);

/** The calendars of the school as attendance announced them, the newest of each year. */
export function yearStore(session: Session) {
  const collection = session.collection(years);
  return {
    async all(): Promise<SchoolYear[]> {
      return (await collection.find({})).map(toYear);
    },
    follow({ weekdays, holidays, ...year }: SchoolYear, version: number): void {
      const document = {
        ...{ _id: `${session.schoolId}:${year.name}`, schoolId: session.schoolId, ...year, version },
        holidays: holidays.map((day) => ({ ...day })),
        morningWeekdays: [...weekdays.MORNING],
        afternoonWeekdays: [...weekdays.AFTERNOON],
      };
      keepNewest(years, collection, document);
    },
  };
}

function toYear({ name, firstDay, lastDay, holidays, morningWeekdays, afternoonWeekdays, announcedAt }: YearDoc): SchoolYear {
  return {
    ...{ name, firstDay: firstDay as SchoolDate, lastDay: lastDay as SchoolDate, announcedAt },
    holidays: holidays.map((day) => ({ ...day, firstDay: day.firstDay as SchoolDate, lastDay: day.lastDay as SchoolDate })),
    weekdays: { MORNING: morningWeekdays, AFTERNOON: afternoonWeekdays },
  };
}
