import type { SchoolDate } from '@schoolbell/kernel';
import type { DocumentOf, Session } from '@schoolbell/service-kit';
import { type SchoolYear, schoolOn } from '../domain/calendar.ts';
import { type HalfDay, halvesOf } from '../domain/half-day.ts';
import type { LeaveRequest } from '../domain/leave.ts';
import type { Place } from '../domain/overview.ts';
import type { KnownPupil } from '../domain/pupil.ts';
import type { Roll } from '../domain/roll.ts';
import { emptyRollCall, type RollCall, rollCallId } from '../domain/roll-call.ts';
import { leaveStore, leaves } from './leaves.ts';
import { rollCallStore, rollCalls } from './roll-calls.ts';
import { studentStore, students } from './students.ts';
import { years } from './years.ts';

interface Opening {
  readonly named?: readonly string[];
  readonly submissionId?: string;
}

/** A roll to which a submission is to be added. */
export type OpenRoll = Roll & {
  /** The id of the submission was used for another class or half-day. */
  readonly idUsedElsewhere: boolean;
  /** The school year that holds the day. */
  readonly year: SchoolYear | undefined;
};

/** What bears on the roll of one class, gathered from the collections it is spread over. */
export function rollStore(session: Session) {
  const [ofStudents, ofRollCalls, ofLeaves] = [studentStore(session), rollCallStore(session), leaveStore(session)];
  return {
    /**
     * Undefined for a class that has no pupil. `named` are pupils of whom it must be known why they are not in it; `submissionId` is looked
     * for in every roll call of the school.
     */
    async open(classId: string, half: HalfDay, { named = [], submissionId }: Opening = {}): Promise<OpenRoll | undefined> {
      const gathered = await gather(session, { classId, half, submissionId });
      if (!gathered) return undefined;
      const known = new Set(gathered.pupils.map(({ id }) => id));
      const missing = named.filter((id) => !known.has(id));
      const pupils = missing.length > 0 ? [...gathered.pupils, ...(await ofStudents.findAll(missing))] : gathered.pupils;
      const className = pupils.find((pupil) => pupil.classId === classId)?.className;
      if (className === undefined) return undefined;
      const own = rollCallId(classId, half);
      const school = schoolOn(gathered.year, half);
      const others = new Set(pupils.flatMap(({ classIds }) => classIds).filter((id) => id !== classId));
      const { rollCalls: found } = gathered;
      return {
        rollCall: found.find(({ id }) => id === own) ?? emptyRollCall({ classId, className }, half),
        elsewhere: await ofRollCalls.findAll([...others].map((id) => rollCallId(id, half))),
        pupils,
        leaves: gathered.leaves,
        noSchool: school.ok ? undefined : school.refusal,
        idUsedElsewhere: found.some(({ id }) => id !== own),
        year: gathered.year,
      };
    },
    /** The rolls of many classes in half-days of school of one day, in three reads however many. */
    async openAll(places: readonly Place[], date: SchoolDate): Promise<Roll[]> {
      const classes = new Set(places.map(({ classId }) => classId));
      const pupils = await ofStudents.ofClasses([...classes]);
      const known = new Set([...classes, ...pupils.flatMap(({ classIds }) => classIds)]);
      const ids = halvesOf(date).flatMap((half) => [...known].map((classId) => rollCallId(classId, half)));
      const found = new Map((await ofRollCalls.findAll(ids)).map((rollCall) => [rollCall.id, rollCall]));
      const onLeave = Map.groupBy(
        await ofLeaves.touching(
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
          noSchool: undefined,
        };
      });
    },
  };
}

interface Asked {
  readonly classId: string;
  readonly half: HalfDay;
  readonly submissionId: string | undefined;
}

interface Gathered {
  readonly pupils: readonly KnownPupil[];
  readonly leaves: readonly LeaveRequest[];
  readonly rollCalls: readonly RollCall[];
  readonly year: SchoolYear | undefined;
}

interface Found {
  readonly pupils: DocumentOf<typeof students>[];
  readonly leaves: DocumentOf<typeof leaves>[];
  readonly rollCalls: DocumentOf<typeof rollCalls>[];
  readonly years: DocumentOf<typeof years>[];
}

/** One round trip instead of four: reading is most of what a roll call costs. Every part has the school in it, and an index of its own. */
async function gather(
  session: Session,
  { classId, half: { date, session: part }, submissionId = '' }: Asked,
): Promise<Gathered | undefined> {
  const { schoolId } = session;
  const days = { firstDay: { $lte: date }, lastDay: { $gte: date } };
  const wanted = [{ _id: rollCallId(classId, { date, session: part }) }, { schoolId, 'submissions.id': submissionId }];
  const [found] = await session
    .collection(students)
    .aggregate<Found>([
      { $match: { classIds: classId } },
      { $group: { _id: null, ids: { $push: '$_id' }, pupils: { $push: '$$ROOT' } } },
      lookUp(leaves, { match: { schoolId, ...days }, as: 'leaves', by: { localField: 'ids', foreignField: 'studentId' } }),
      lookUp(rollCalls, { match: { schoolId, $or: wanted }, as: 'rollCalls' }),
      lookUp(years, { match: { schoolId, current: true, ...days }, as: 'years' }),
      { $project: { ids: 0 } },
    ]);
  if (!found) return undefined;
  const [year] = found.years;
  return {
    pupils: found.pupils.map(students.read),
    leaves: found.leaves.map(leaves.read),
    rollCalls: found.rollCalls.map(rollCalls.read),
    year: year && years.read(year),
  };
}

interface LookUp {
  readonly match: object;
  readonly as: keyof Found;
  readonly by?: { readonly localField: string; readonly foreignField: string };
}

function lookUp({ name }: { readonly name: string }, { match, as, by = undefined }: LookUp): object {
  return { $lookup: { from: name, ...by, pipeline: [{ $match: match }], as } };
}
