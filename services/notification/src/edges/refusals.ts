import { status } from '@grpc/grpc-js';
import { refusals } from '@schoolbell/service-kit';
import type { ConfirmRefused } from '../usecases/absences/confirm-absences.ts';
import type { HoldRefused } from '../usecases/absences/hold-absence.ts';
import type { ListAbsencesRefused } from '../usecases/absences/list-absences.ts';
import type { SetPolicyRefused } from '../usecases/absences/set-absence-policy.ts';

export type NotificationRefused =
  | ListAbsencesRefused
  | ConfirmRefused
  | HoldRefused
  | SetPolicyRefused
  | { readonly code: 'DELIVERY_NOT_FOUND' };

/** Each refusal as its caller reads it. */
export const refused = refusals<NotificationRefused>({
  ID_REUSED: {
    status: status.ALREADY_EXISTS,
    vi: 'Mã {id} đã được dùng với nội dung khác. Hãy tạo mã mới, hoặc gửi lại đúng nội dung cũ.',
    en: 'The id {id} was used with other content. Make a new id, or send the same content again.',
  },
  NOT_YOUR_CLASS: {
    status: status.PERMISSION_DENIED,
    vi: 'Bạn không được phân công lớp này. Hãy nhờ nhà trường phân công.',
    en: 'You are not assigned to this class. Ask the office of the school to assign you.',
  },
  ALERT_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Buổi học này chưa có thông báo nào về học sinh {studentId}. Hãy kiểm tra mã, ngày và buổi; nếu vừa điểm danh xong, hãy thử lại sau vài giây.',
    en: 'There is no alert about the pupil {studentId} in this half-day. Check pupil, day and half; if the roll was called just now, try again in a few seconds.',
  },
  ALERT_WENT_OUT: {
    status: status.FAILED_PRECONDITION,
    vi: 'Phụ huynh đã được báo, không giữ lại được nữa. Nếu điểm danh sai, hãy sửa điểm danh: thư đính chính sẽ được gửi.',
    en: 'The guardians have been told, so it cannot be held back. If the mark is wrong, correct it: the message is then taken back.',
  },
  NOTHING_TO_HOLD: {
    status: status.FAILED_PRECONDITION,
    vi: 'Không có thông báo nào đang chờ gửi về học sinh này, nên không cần giữ lại.',
    en: 'No alert about this pupil waits to go out, so there is nothing to hold back.',
  },
  GRACE_WRONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Thời gian chờ grace_minutes phải từ 0 đến {most} phút. Hãy sửa lại.',
    en: 'grace_minutes must be 0 to {most}. Correct it.',
  },
  LONGEST_WAIT_WRONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Thời gian chờ xác nhận longest_wait_minutes phải từ {least} đến {most} phút. Hãy sửa lại.',
    en: 'longest_wait_minutes must be {least} to {most}. Correct it.',
  },
  DELIVERY_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Trường không có thư nào mang mã này. Hãy xem lại mã trong danh sách thư.',
    en: 'The school has no delivery with this id. Look it up in the list of deliveries.',
  },
  PAGE_TOKEN_WRONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Dấu trang không đúng. Hãy gửi lại nguyên văn next_token của trang trước, hoặc bỏ trống để xem từ đầu.',
    en: 'The page token is not one of ours. Send the next_token of the page before unchanged, or leave it out to start again.',
  },
});
