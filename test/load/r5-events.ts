import type { SchoolDate } from '@schoolbell/kernel';
import { chunkRows } from '@schoolbell/registry/src/domain/import.ts';
import { guardianChanged, studentEnrolled } from '@schoolbell/registry/src/events.ts';
import { v7 as uuidv7 } from 'uuid';

/** One event on its way to whoever listens. */
export interface RosterEvent {
  readonly id: string;
  readonly schoolId: string;
  readonly type: string;
  readonly key: string;
  readonly payload: Uint8Array;
  readonly partition: number;
}

export const partitions = 6;
const schools = 4;
const today = '2026-09-05' as SchoolDate;

/**
 * What registry announces when some schools take over their workbooks and contact lists at the same time: chunk by chunk in turn, all
 * pupils first, then a guardian for each. Keys fall on partitions evenly, as hashed ids do.
 */
export function rosterEvents(count: number): RosterEvent[] {
  const perSchool = Math.floor(count / schools / 2);
  const rosters = Array.from({ length: schools }, () => ({
    schoolId: uuidv7(),
    studentIds: Array.from({ length: perSchool }, () => uuidv7()),
  }));
  const events: Made[] = [];
  for (const eventOf of [enrolled, guarded]) {
    for (let from = 0; from < perSchool; from += chunkRows) {
      for (const { schoolId, studentIds } of rosters) {
        for (const [nth, studentId] of studentIds.slice(from, from + chunkRows).entries())
          events.push(eventOf(schoolId, studentId, from + nth));
      }
    }
  }
  return events.map((event, nth) => ({ ...event, partition: nth % partitions }));
}

type Made = Omit<RosterEvent, 'partition'>;

function enrolled(schoolId: string, studentId: string, nth: number): Made {
  const className = `${1 + (nth % 5)}A${1 + (nth % 9)}`;
  const event = studentEnrolled(schoolId, {
    id: studentId,
    version: 1,
    code: `79000701${String(nth).padStart(6, '0')}`,
    fullName: 'Nguyễn Hoàng Bảo Ngọc',
    birthDate: '2019-05-03' as SchoolDate,
    sex: 'FEMALE',
    schoolClass: { id: uuidv7(), name: className, grade: 1 + (nth % 5) },
    sectorStatus: 'Đang học',
    provenance: {},
    status: 'ENROLLED',
  });
  return { id: uuidv7(), schoolId, ...event };
}

function guarded(schoolId: string, studentId: string, nth: number): Made {
  const id = uuidv7();
  const [name, email] = ['Trần Thị Kim Phượng', `phu-huynh-${nth}@example.vn`];
  const event = guardianChanged(schoolId, {
    id,
    version: 1,
    key: `phone:+8490${String(nth).padStart(7, '0')}`,
    fullName: name,
    phone: `+8490${String(nth).padStart(7, '0')}`,
    email,
    language: 'vi',
    wantsNotices: true,
    guardianships: [{ studentId, relation: 'MOTHER', validFrom: today }],
    provenance: {},
  });
  return { id: uuidv7(), schoolId, ...event };
}
