import { ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import type { LeaveRequest } from '../domain/leave.ts';
import { type Actor, mayActForPupil, type NotYours } from '../domain/rights.ts';
import type { AttendanceTx, Page } from '../tx.ts';

export interface LeaveListQuestion {
  readonly studentId: string;
  readonly actor: Actor;
  readonly page: { readonly after: string; readonly size: number };
}

/** rpc ListLeaveRequests */
export async function listLeaveRequests(
  tx: AttendanceTx,
  { studentId, actor, page }: LeaveListQuestion,
): Promise<Result<Page<LeaveRequest>, NotYours>> {
  const pupil = await tx.students.find(studentId);
  const asked = { studentId, classId: pupil?.classId, today: schoolDateOf(tx.now) };
  const allowed = mayActForPupil(await tx.authority.of(actor), asked);
  return allowed.ok ? ok(await tx.leaves.list(studentId, page)) : allowed;
}
