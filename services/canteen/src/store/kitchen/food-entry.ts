import { index, stored, unique } from '@schoolbell/service-kit';

const { id, instant, maybe, text } = stored;

/** What every record of the kitchen stores. */
export const recorded = {
  ...{ id, servingId: text, checkedBy: text, replaces: maybe(text) },
  ...{ reason: text, recordedAt: instant, recordedBy: text },
};

/** A record is corrected at most once: of two corrections of the same instant the second finds the first. */
export const recordIndexes = [index({ schoolId: 1, servingId: 1 }), unique({ schoolId: 1, replaces: 1 }, { replaces: { $exists: true } })];
