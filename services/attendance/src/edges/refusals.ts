import { status } from '@grpc/grpc-js';
import { refusals } from '@schoolbell/service-kit';
import type { YearRefused } from '../domain/calendar.ts';
import type { AssignRefused } from '../usecases/assign-class-teacher.ts';
import type { CountRefused } from '../usecases/count-absences.ts';
import type { RollCallUnknown } from '../usecases/get-roll-call.ts';
import type { RequestLeaveRefused } from '../usecases/request-leave.ts';
import type { RollCallRefused } from '../usecases/submit-roll-call.ts';
import type { WithdrawLeaveRefused } from '../usecases/withdraw-leave.ts';
import type { GateBusy } from './scan-groups.ts';

export type AttendanceRefused =
  | RollCallRefused
  | RollCallUnknown
  | RequestLeaveRefused
  | WithdrawLeaveRefused
  | CountRefused
  | YearRefused
  | AssignRefused
  | GateBusy;

/** Each refusal as its caller reads it. */
export const refused = refusals<AttendanceRefused>({
  MARKED_TWICE: {
    status: status.INVALID_ARGUMENT,
    vi: 'Học sinh {student} được điểm danh hai lần trong một lần gửi. Hãy bỏ một dòng.',
    en: 'The pupil {student} is marked twice in one submission. Remove one of the two.',
  },
  ROLL_CALL_FULL: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Buổi học này đã có {most} lần ghi. Hãy kiểm tra thiết bị đang gửi lặp lại.',
    en: 'This half-day holds {most} submissions already. Look for a device that sends again and again.',
  },
  GATE_BUSY: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Trường đang có {waiting} lượt quét chờ ghi. Hãy gửi lại các lượt quét này, cùng mã, sau vài giây.',
    en: '{waiting} scans of this school are waiting already. Send these scans again with the same ids in a few seconds.',
  },
  CLASS_UNKNOWN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chưa biết học sinh nào của lớp {classId}. Hãy kiểm tra mã lớp; nếu lớp vừa được nhập, hãy thử lại sau ít phút.',
    en: 'No pupil of the class {classId} is known. Check the class; if it was imported just now, try again in a few minutes.',
  },
  STUDENT_UNKNOWN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chưa biết học sinh {student}. Hãy kiểm tra mã, hoặc bỏ học sinh này rồi gửi lại; nếu học sinh vừa được nhập, hãy thử lại sau ít phút.',
    en: 'The pupil {student} is not known. Check the id, or leave this pupil out and send again; if the pupil was imported just now, try again in a few minutes.',
  },
  STUDENT_LEFT: {
    status: status.FAILED_PRECONDITION,
    vi: 'Học sinh {student} đã rời trường, ngày cuối là {leftOn}. Hãy bỏ học sinh này rồi gửi lại.',
    en: 'The pupil {student} has left the school; the last day was {leftOn}. Leave this pupil out and send again.',
  },
  STUDENT_NOT_IN_CLASS: {
    status: status.FAILED_PRECONDITION,
    vi: 'Học sinh {student} không thuộc lớp này mà thuộc lớp {className}. Hãy bỏ học sinh này rồi gửi lại; nếu em vừa chuyển lớp, hãy thử lại sau ít phút.',
    en: 'The pupil {student} is not in this class but in {className}. Leave this pupil out and send again; if the pupil moved just now, try again in a few minutes.',
  },
  STUDENT_MOVED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Học sinh {student} đã rời lớp này ngày {since} và nay thuộc lớp {className}. Hãy bỏ học sinh này rồi gửi lại; lớp {className} điểm danh cho em.',
    en: 'The pupil {student} left this class on {since} and is in {className} now. Leave this pupil out and send again; the class {className} marks the pupil.',
  },
  TOO_LONG_AGO: {
    status: status.FAILED_PRECONDITION,
    vi: 'Giáo viên chỉ điểm danh và sửa được từ ngày {earliest}. Buổi cũ hơn, hãy nhờ văn phòng nhà trường sửa kèm lý do.',
    en: 'A teacher calls and corrects rolls from {earliest} on. For an older half-day, ask the office of the school to correct it with the reason.',
  },
  CORRECTION_NEEDED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Buổi này trước ngày {earliest} và đã được điểm danh. Hãy sửa từng học sinh bằng chức năng sửa điểm danh, kèm lý do.',
    en: 'This half-day is before {earliest} and its roll was called. Put the marks right one by one with a correction, which says why.',
  },
  TOLD_TOO_EARLY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Giáo viên chỉ ghi được đơn đã báo từ ngày {earliest}. Được báo sớm hơn, hãy nhờ văn phòng nhà trường ghi.',
    en: 'A teacher can write down leave that was told from {earliest} on. If the school was told before that, ask its office to write it down.',
  },
  REPORT_TOO_EARLY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Giáo viên chỉ ghi được giờ báo vắng từ ngày {earliest}. Hãy sửa giờ báo của học sinh {student}, hoặc gửi đơn xin nghỉ; nếu buổi này đã lâu, hãy nhờ văn phòng nhà trường.',
    en: 'A teacher can write down a report from {earliest} on. Correct the time of the pupil {student}, or ask for leave; of a half-day long ago, ask the office of the school.',
  },
  OUTSIDE_SCHOOL_YEAR: {
    status: status.FAILED_PRECONDITION,
    vi: 'Ngày {date} không nằm trong năm học nào đã khai báo. Hãy chọn ngày khác, hoặc khai báo năm học.',
    en: 'The day {date} is in no school year that was laid down. Choose another day, or lay the school year down.',
  },
  HOLIDAY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Ngày {date} nghỉ: {name} ({citation}). Hãy chọn ngày khác.',
    en: '{date} is a holiday: {name} ({citation}). Choose another day.',
  },
  NO_SESSION: {
    status: status.FAILED_PRECONDITION,
    vi: 'Trường không học buổi này vào ngày {date} theo lịch năm học. Hãy chọn buổi khác.',
    en: 'By its calendar the school has no {session} session on {date}. Choose another half-day.',
  },
  IN_THE_FUTURE: {
    status: status.FAILED_PRECONDITION,
    vi: 'Ngày {date} chưa đến. Nghỉ trước hãy gửi đơn xin nghỉ.',
    en: '{date} has not come yet. For an absence to come, ask for leave.',
  },
  CLOCK_AHEAD: {
    status: status.FAILED_PRECONDITION,
    vi: 'Thời điểm {at} ở tương lai (bây giờ là {now}). Hãy chỉnh đồng hồ của thiết bị rồi gửi lại.',
    en: 'The time {at} is in the future (it is {now} now). Set the clock of the device and send again.',
  },
  SESSION_NOT_OPEN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Buổi học này chỉ điểm danh được từ {opensAt}. Hãy đợi, hoặc gửi đơn xin nghỉ.',
    en: 'The roll of this half-day can be called from {opensAt} on. Wait, or ask for leave.',
  },
  NOT_YOUR_CLASS: {
    status: status.PERMISSION_DENIED,
    vi: 'Bạn không được phân công lớp này. Hãy nhờ nhà trường phân công.',
    en: 'You are not assigned to this class. Ask the office of the school to assign you.',
  },
  NOT_YOUR_CHILD: {
    status: status.PERMISSION_DENIED,
    vi: 'Bạn không phải là người giám hộ của học sinh này ở trường. Hãy liên hệ nhà trường.',
    en: 'The school does not know you as a guardian of this pupil. Ask the office of the school.',
  },
  LEAVE_ENDS_TOO_EARLY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Buổi cuối phải từ buổi đầu ({first}) trở đi. Hãy sửa lại.',
    en: 'The last half-day must not come before the first one ({first}). Correct it.',
  },
  LEAVE_TOO_LONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Một đơn xin nghỉ tối đa {mostDays} ngày. Nghỉ dài hơn, hãy liên hệ nhà trường.',
    en: 'One leave request spans {mostDays} days at most. For longer, ask the office of the school.',
  },
  LEAVE_TOO_LATE: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chỉ xin nghỉ được từ ngày {earliest}. Những ngày trước, hãy liên hệ nhà trường.',
    en: 'Leave can be asked from {earliest} on. For days before, ask the office of the school.',
  },
  REPORTED_BY_PARENT: {
    status: status.INVALID_ARGUMENT,
    vi: 'Thời điểm báo nghỉ do hệ thống ghi. Hãy bỏ trống reported_at.',
    en: 'The time of the report is that of the server. Leave reported_at unset.',
  },
  LEAVE_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có đơn xin nghỉ {leaveId} ở trường này. Hãy kiểm tra lại mã.',
    en: 'This school has no leave request {leaveId}. Check the id.',
  },
  YEAR_ENDS_TOO_EARLY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Ngày cuối năm học phải sau ngày đầu, {firstDay}. Hãy sửa last_day.',
    en: 'The last day must come after the first, {firstDay}. Correct last_day.',
  },
  YEAR_TOO_LONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Năm học dài hơn 400 ngày (đến {lastDay}). Hãy sửa last_day.',
    en: 'The school year is longer than 400 days (to {lastDay}). Correct last_day.',
  },
  YEARS_OVERLAP: {
    status: status.FAILED_PRECONDITION,
    vi: 'Có ngày trùng với năm học {otherName}. Hãy sửa ngày đầu hoặc ngày cuối.',
    en: 'Some days are in the school year {otherName} already. Correct the first or the last day.',
  },
  HOLIDAY_WRONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Kỳ nghỉ "{name}" không nằm trong năm học, hoặc kết thúc trước khi bắt đầu. Hãy sửa lại.',
    en: 'The holiday "{name}" is not inside the school year, or ends before it begins. Correct it.',
  },
  ASSIGNMENT_ENDS_TOO_EARLY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Ngày kết thúc không được trước ngày bắt đầu, {validFrom}. Hãy sửa valid_until.',
    en: 'The end must not come before the first day, {validFrom}. Correct valid_until.',
  },
});
