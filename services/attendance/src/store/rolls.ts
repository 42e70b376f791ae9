import type { Session } from '@schoolbell/service-kit';
import type { HalfDay } from '../domain/half-day.ts';
import type { Roll } from '../domain/roll.ts';
import { rollCallId } from '../domain/roll-call.ts';
import { leaveStore } from './leaves.ts';
import { rollCallStore } from './roll-calls.ts';
import { studentStore } from './students.ts';

/** What bears on the roll of one class, gathered from the collections it is spread over. */
export function rollStore(session: Session) {
  const [students, rollCalls, leaves] = [studentStore(session), rollCallStore(session), leaveStore(session)];
  return {
    /** Undefined for a class that has no pupil. `named` are pupils of whom it must be known why they are not in it. */
    async open(classId: string, half: HalfDay, named: readonly string[] = []): Promise<Roll | undefined> {
      const ofClass = await students.ofClass(classId);
      const missing = named.filter((id) => ofClass.every((pupil) => pupil.id !== id));
      const pupils = missing.length > 0 ? [...ofClass, ...(await students.findAll(missing))] : ofClass;
      const className = pupils.find((pupil) => pupil.classId === classId)?.className;
      if (className === undefined) return undefined;
      const rollCall = await rollCalls.open({ classId, className }, half);
      const others = new Set(pupils.flatMap(({ classIds }) => classIds).filter((id) => id !== classId));
      const elsewhere = await rollCalls.findAll([...others].map((id) => rollCallId(id, half)));
      const ids = pupils.map(({ id }) => id);
      return { rollCall, elsewhere, pupils, leaves: await leaves.touching(ids, half.date, half.date) };
    },
  };
}
