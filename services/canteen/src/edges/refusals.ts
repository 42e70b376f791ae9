import { status } from '@grpc/grpc-js';
import { type Err, err } from '@schoolbell/kernel';
import { type RefusalRow, type WireRefusal, wireRefusal } from '@schoolbell/service-kit';
import type { DatedRefused } from '../domain/dated.ts';
import type { BookRefused } from '../usecases/booking/book-meals.ts';
import { inVietnamese } from './problems.ts';
import type { InputRefused } from './scalars.ts';

export type CanteenRefused = InputRefused | DatedRefused | BookRefused;

const table = {
  INPUT_INVALID: {
    status: status.INVALID_ARGUMENT,
    vi: 'Trường {field} không hợp lệ: {problem}. Hãy sửa rồi gửi lại.',
    en: 'The field {field} is not valid: {problem}. Correct it and send it again.',
  },
  ID_REUSED: {
    status: status.ALREADY_EXISTS,
    vi: 'Mã {id} đã được dùng với nội dung khác. Hãy tạo mã mới, hoặc gửi lại đúng nội dung cũ.',
    en: 'The id {id} was used with other content. Make a new id, or send the same content again.',
  },
  ENDS_TOO_EARLY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Ngày cuối không được trước ngày đầu, {effectiveFrom}. Hãy sửa lại.',
    en: 'The last day must not come before the first, {effectiveFrom}. Correct it.',
  },
  TOO_MANY_MEALS: {
    status: status.INVALID_ARGUMENT,
    vi: 'Một lần đặt tối đa {most} suất ăn (số học sinh nhân số bữa). Hãy chia thành nhiều lần.',
    en: 'One order holds {most} portions at most (pupils times meals). Split it.',
  },
  NAMED_TWICE: {
    status: status.INVALID_ARGUMENT,
    vi: '{what} được nêu hai lần. Hãy bỏ một.',
    en: '{what} is named twice. Remove one of the two.',
  },
  NOT_YOUR_CHILD: {
    status: status.PERMISSION_DENIED,
    vi: 'Bạn không phải là người giám hộ của học sinh này ở trường. Hãy liên hệ nhà trường.',
    en: 'The school does not know you as a guardian of this pupil. Ask the office of the school.',
  },
  STUDENT_UNKNOWN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chưa biết học sinh {studentId}. Hãy kiểm tra mã; nếu học sinh vừa được nhập, hãy thử lại sau ít phút.',
    en: 'The pupil {studentId} is not known. Check the id; if the pupil was imported just now, try again in a few minutes.',
  },
  STUDENT_LEFT: {
    status: status.FAILED_PRECONDITION,
    vi: 'Học sinh {studentId} đã rời trường, ngày cuối là {leftOn}. Hãy bỏ học sinh này rồi gửi lại.',
    en: 'The pupil {studentId} has left the school; the last day was {leftOn}. Leave this pupil out and send again.',
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
  NO_SCHOOL_DAY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Trường không học vào ngày {date} theo lịch năm học. Hãy chọn ngày khác.',
    en: 'By its calendar the school has no lessons on {date}. Choose another day.',
  },
  PRICE_MISSING: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chưa có giá bữa ăn ({meal}) cho ngày {date}. Hãy nhờ kế toán khai báo giá trước.',
    en: 'No price is laid down for {meal} on {date}. Ask the accountant to lay one down first.',
  },
  CUTOFF_RULE_MISSING: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chưa có giờ chốt suất ăn ({meal}) cho ngày {date}. Hãy nhờ hiệu trưởng khai báo trước.',
    en: 'No cut-off is laid down for {meal} on {date}. Ask the principal to lay one down first.',
  },
  CUTOFF_PASSED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Suất ăn ngày {date} ({meal}) đã chốt lúc {cutoffAt}. Hãy gọi văn phòng nhà trường; suất đã nấu thì vẫn tính tiền.',
    en: 'The count for {meal} on {date} closed at {cutoffAt}. Call the office of the school; a portion that is cooked is still charged.',
  },
  TOO_LONG_AGO: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chỉ sửa được suất ăn từ ngày {earliest}. Việc trước đó hãy điều chỉnh trên hóa đơn.',
    en: 'Meals can be changed from {earliest} on. Put right what is older on the bill.',
  },
} as const satisfies Record<CanteenRefused['code'], RefusalRow>;

/** The refusal as its caller hears it; a code without a row does not compile. */
export function refused(refusal: CanteenRefused): Err<WireRefusal> {
  const told = wireRefusal<CanteenRefused>(table, refusal);
  if (refusal.code !== 'INPUT_INVALID') return err(told);
  const { vi } = wireRefusal<CanteenRefused>(table, { ...refusal, problem: inVietnamese(refusal.problem) }).text;
  return err({ ...told, text: { ...told.text, vi } });
}
