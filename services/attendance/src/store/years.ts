import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { SchoolYear } from '../domain/calendar.ts';

export interface YearDoc extends Stored {
  name: string;
  firstDay: string;
  lastDay: string;
  citation: string;
  holidays: { firstDay: string; lastDay: string; name: string; citation: string }[];
  morningWeekdays: number[];
  afternoonWeekdays: number[];
  morningOpens: string;
  afternoonOpens: string;
  definedAt: Date;
  definedBy: string;
  /** False once a newer version of the year was laid down. */
  current: boolean;
}

const text = { type: String, required: true };
const holiday = new mongoose.Schema({ firstDay: text, lastDay: text, name: text, citation: text }, { _id: false });
const schema = new mongoose.Schema({
  name: text,
  firstDay: text,
  lastDay: text,
  citation: text,
  holidays: { type: [holiday], required: true },
  morningWeekdays: { type: [Number], required: true },
  afternoonWeekdays: { type: [Number], required: true },
  morningOpens: text,
  afternoonOpens: text,
  definedAt: { type: Date, required: true },
  definedBy: text,
  current: { type: Boolean, required: true },
});
schema.index({ schoolId: 1, name: 1 }, { unique: true, partialFilterExpression: { current: true } });

export const years = defineCollection<YearDoc>('school_years', schema);

/** Calendars of the school, every version of them. */
export function yearStore(session: Session) {
  const collection = session.collection(years);
  return {
    async find(id: string): Promise<SchoolYear | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toYear(found);
    },
    /** The newest version of each year. */
    async current(): Promise<SchoolYear[]> {
      return (await collection.find({ current: true })).map(toYear);
    },
    async holding(date: SchoolDate): Promise<SchoolYear | undefined> {
      const found = await collection.findOne({ current: true, firstDay: { $lte: date }, lastDay: { $gte: date } });
      return found && toYear(found);
    },
    /** The version before, if there is one, counts no more. */
    layDown(year: SchoolYear, { by, at }: { readonly by: string; readonly at: Date }): void {
      const { id, weekdays, opens, holidays, ...same } = year;
      collection.updateMany({ name: year.name, current: true }, { $set: { current: false } });
      collection.insert({
        _id: id,
        ...same,
        holidays: holidays.map((day) => ({ ...day })),
        morningWeekdays: [...weekdays.MORNING],
        afternoonWeekdays: [...weekdays.AFTERNOON],
        morningOpens: opens.MORNING,
        afternoonOpens: opens.AFTERNOON,
        definedAt: at,
        definedBy: by,
        current: true,
      });
    },
  };
}

export function toYear(doc: YearDoc): SchoolYear {
  const { _id, name, citation, morningWeekdays, afternoonWeekdays, morningOpens, afternoonOpens } = doc;
  return {
    id: _id,
    name,
    firstDay: doc.firstDay as SchoolDate,
    lastDay: doc.lastDay as SchoolDate,
    citation,
    holidays: doc.holidays.map((day) => ({ ...day, firstDay: day.firstDay as SchoolDate, lastDay: day.lastDay as SchoolDate })),
    weekdays: { MORNING: morningWeekdays, AFTERNOON: afternoonWeekdays },
    opens: { MORNING: morningOpens, AFTERNOON: afternoonOpens },
  };
}
