import type { SchoolDate } from '@schoolbell/kernel';

/** Half of a school day: a buổi. */
export type Session = 'MORNING' | 'AFTERNOON';
export type HalfDay = { readonly date: SchoolDate; readonly session: Session };

/** EXPECTED: leave was withdrawn, and nobody has looked yet. NO_SCHOOL: a later calendar closed the half-day. */
export type MarkKind = 'PRESENT' | 'LATE' | 'ABSENT_WITH_LEAVE' | 'ABSENT_WITHOUT_LEAVE' | 'EXPECTED' | 'NO_SCHOOL';

/** How a pupil stands in one half-day, as attendance announced it. */
export type Mark = HalfDay & {
  readonly studentId: string;
  readonly studentName: string;
  readonly classId: string;
  readonly className: string;
  readonly kind: MarkKind;
  /** When the school was told. */
  readonly reportedAt: Date;
  /** When attendance had it. */
  readonly submittedAt: Date;
  readonly source: 'ROLL_CALL' | 'CORRECTION' | 'GATE' | 'LEAVE' | 'OTHER';
};

/** What a mark would tell guardians; nothing of a pupil who is where everybody expects. */
export type News = 'ABSENT' | 'LATE';

export function newsOf(kind: MarkKind): News | undefined {
  switch (kind) {
    case 'ABSENT_WITH_LEAVE':
    case 'ABSENT_WITHOUT_LEAVE':
      return 'ABSENT';
    case 'LATE':
      return 'LATE';
    case 'PRESENT':
    case 'EXPECTED':
    case 'NO_SCHOOL':
      return undefined;
  }
}
