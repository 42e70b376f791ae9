import type { SchoolDate } from '@schoolbell/kernel';
import type { Session } from '@schoolbell/service-kit';
import { type HalfDay, halvesOf, sameHalfDay } from '../domain/half-day.ts';
import type { Place } from '../domain/overview.ts';
import type { Roll } from '../domain/roll.ts';
import { emptyRollCall, rollCallId } from '../domain/roll-call.ts';
import { leaveStore } from './leaves.ts';
import { rollCallStore } from './roll-calls.ts';
import { studentStore } from './students.ts';

interface Opening {
  readonly named?: readonly string[];
  readonly submissionId?: string;
}

/** A roll to which a submission is to be added. */
export type OpenRoll = Roll & {
  /** The id of the submission was used for another class or half-day. */
  readonly idUsedElsewhere: boolean;
};

/** What bears on the roll of one class, gathered from the collections it is spread over. */
export function rollStore(session: Session) {
  const [students, rollCalls, leaves] = [studentStore(session), rollCallStore(session), leaveStore(session)];
  return {
    /**
     * Undefined for a class that has no pupil. `named` are pupils of whom it must be known why they are not in it; `submissionId` is looked
     * for in every roll call of the school.
     */
    async open(classId: string, half: HalfDay, { named = [], submissionId }: Opening = {}): Promise<OpenRoll | undefined> {
      const ofClass = await students.ofClass(classId);
      const known = new Set(ofClass.map(({ id }) => id));
      const missing = named.filter((id) => !known.has(id));
      const pupils = missing.length > 0 ? [...ofClass, ...(await students.findAll(missing))] : ofClass;
      const className = pupils.find((pupil) => pupil.classId === classId)?.className;
      if (className === undefined) return undefined;
      const classes = new Set([classId, ...pupils.flatMap(({ classIds }) => classIds)]);
      const found = await rollCalls.findAll(
        [...classes].map((id) => rollCallId(id, half)),
        submissionId === undefined ? [] : [submissionId],
      );
      const own = rollCallId(classId, half);
      const rollCall = found.find(({ id }) => id === own) ?? emptyRollCall({ classId, className }, half);
      const others = found.filter(({ id }) => id !== own);
      const ids = pupils.map(({ id }) => id);
      return {
        rollCall,
        elsewhere: others.filter((one) => sameHalfDay(one, half) && classes.has(one.classId)),
        pupils,
        leaves: await leaves.touching(ids, half.date, half.date),
        idUsedElsewhere: others.some(({ submissions }) => submissions.some(({ id }) => id === submissionId)),
      };
    },
    /** The rolls of many classes on one day, in three reads however many. */
    async openAll(places: readonly Place[], date: SchoolDate): Promise<Roll[]> {
      const classes = new Set(places.map(({ classId }) => classId));
      const pupils = await students.ofClasses([...classes]);
      const known = new Set([...classes, ...pupils.flatMap(({ classIds }) => classIds)]);
      const ids = halvesOf(date).flatMap((half) => [...known].map((classId) => rollCallId(classId, half)));
      const found = new Map((await rollCalls.findAll(ids)).map((rollCall) => [rollCall.id, rollCall]));
      const onLeave = Map.groupBy(
        await leaves.touching(
          pupils.map(({ id }) => id),
          date,
          date,
        ),
        ({ studentId }) => studentId,
      );
      return places.map(({ half, ...schoolClass }) => {
        const ofClass = pupils.filter(({ classIds }) => classIds.includes(schoolClass.classId));
        const others = new Set(ofClass.flatMap(({ classIds }) => classIds).filter((id) => id !== schoolClass.classId));
        return {
          rollCall: found.get(rollCallId(schoolClass.classId, half)) ?? emptyRollCall(schoolClass, half),
          elsewhere: [...others].flatMap((classId) => found.get(rollCallId(classId, half)) ?? []),
          pupils: ofClass,
          leaves: ofClass.flatMap(({ id }) => onLeave.get(id) ?? []),
        };
      });
    },
  };
}
