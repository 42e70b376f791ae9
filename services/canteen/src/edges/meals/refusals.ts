import { status } from '@grpc/grpc-js';
import type { SchoolDate } from '@schoolbell/kernel';
import type { RefusalRow } from '@schoolbell/service-kit';
import type { DatedRefused } from '../../domain/dated.ts';
import type { Meal } from '../../domain/meals/meal.ts';
import type { BookRefused } from '../../usecases/meals/book-meals.ts';
import type { ChangeRefused } from '../../usecases/meals/change-meals.ts';
import type { DefinePlansRefused } from '../../usecases/meals/define-meal-plans.ts';
import type { EndPlanRefused } from '../../usecases/meals/end-meal-plan.ts';
import type { PublishRefused } from '../../usecases/meals/publish-menu.ts';
import type { DietRefused } from '../../usecases/meals/set-diet.ts';

type MenuNotFound = { readonly code: 'MENU_NOT_FOUND'; readonly date: SchoolDate; readonly meal: Meal };

export type MealsRefused =
  | DatedRefused
  | BookRefused
  | ChangeRefused
  | PublishRefused
  | MenuNotFound
  | DietRefused
  | DefinePlansRefused
  | EndPlanRefused;

/** What each refusal about meals says. {mealName} and {dropped} are words that ../refusals.ts adds. */
export const mealsRefusals = {
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
  REPORTED_BY_PARENT: {
    status: status.INVALID_ARGUMENT,
    vi: 'Thời điểm báo cắt suất do hệ thống ghi. Hãy bỏ trống reported_at.',
    en: 'The time of the report is that of the server. Leave reported_at unset.',
  },
  CLOCK_AHEAD: {
    status: status.FAILED_PRECONDITION,
    vi: 'Thời điểm {at} ở tương lai (bây giờ là {now}). Hãy sửa giờ, chỉnh đồng hồ của thiết bị, hoặc ghi khi việc đã xong.',
    en: 'The time {at} is in the future (it is {now} now). Correct it, set the clock of the device, or record it when it is done.',
  },
  NOTHING_BOOKED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Các học sinh này chưa đặt bữa ăn nào trong số đó. Hãy kiểm tra ngày và bữa, hoặc đặt bữa trước.',
    en: 'None of these meals is booked for these pupils. Check the days and meals, or book them first.',
  },
  CUT_FOR_ABSENCE: {
    status: status.FAILED_PRECONDITION,
    vi: 'Suất {mealName} ngày {date} bị cắt vì học sinh được báo vắng. Nếu có đơn xin nghỉ, hãy rút đơn trước giờ chốt, suất ăn sẽ tự có lại; nếu giáo viên điểm danh vắng mà em có mặt, hãy báo giáo viên sửa điểm danh, hoặc nhờ văn phòng nhà trường cấp lại suất ăn.',
    en: 'The portion of {mealName} on {date} is cut because the pupil is away. Where leave was asked for, withdraw it before the cut-off: the portion comes back by itself. Where the roll call says absent and the pupil is here, have the teacher correct it, or ask the office to restore the meal.',
  },
  REASON_MISSING: {
    status: status.INVALID_ARGUMENT,
    vi: 'Suất {mealName} ngày {date} đã chốt. Hãy ghi lý do vào reason để bếp biết.',
    en: 'The count for {mealName} on {date} is closed. Say why in reason, so that the kitchen knows.',
  },
  CLOSED_THAT_DAY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Ngày {date} trường nghỉ nên không có {mealName}. Hãy bỏ ngày này rồi gửi lại.',
    en: 'The school is closed on {date}, so there is no {mealName}. Leave this day out and send again.',
  },
  DISH_WITHOUT_INGREDIENTS: {
    status: status.INVALID_ARGUMENT,
    vi: 'Món "{dish}" chưa có nguyên liệu. Hãy ghi nguyên liệu, vì dị ứng được kiểm tra theo nguyên liệu.',
    en: 'The dish "{dish}" has no ingredients. Name them: allergies are checked by ingredient.',
  },
  MENU_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Chưa có thực đơn {mealName} ngày {date}. Hãy chọn ngày khác, hoặc công bố thực đơn.',
    en: 'No menu is published for {mealName} on {date}. Choose another day, or publish one.',
  },
  CLASS_UNKNOWN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chưa biết học sinh nào của lớp {classId}. Hãy kiểm tra mã lớp; nếu lớp vừa được nhập, hãy thử lại sau ít phút.',
    en: 'No pupil of the class {classId} is known. Check the class; if it was imported just now, try again in a few minutes.',
  },
  TOO_MANY_PUPILS: {
    status: status.INVALID_ARGUMENT,
    vi: 'Một lần đăng ký tối đa {most} học sinh. Hãy chia thành nhiều lần.',
    en: 'One request names {most} pupils at most. Split it.',
  },
  PLAN_ENDS_TOO_EARLY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Ngày cuối không được trước ngày đầu, {firstDay}. Hãy sửa last_day.',
    en: 'The last day must not come before the first, {firstDay}. Correct last_day.',
  },
  PLAN_OVERLAPS: {
    status: status.FAILED_PRECONDITION,
    vi: 'Học sinh {studentId} (lớp {className}) đã đăng ký ăn trùng ngày và bữa từ ngày {firstDay} (mã đăng ký {planId}). Hãy kết thúc đăng ký đó trước, hoặc bỏ học sinh này.',
    en: 'The pupil {studentId} ({className}) has a plan from {firstDay} on that holds some of these meals already ({planId}). End that plan first, or leave this pupil out.',
  },
  PLAN_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có đăng ký ăn {planId} ở trường này. Hãy kiểm tra lại mã.',
    en: 'This school has no meal plan {planId}. Check the id.',
  },
  DIET_WOULD_DROP: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chế độ ăn mới của học sinh {studentId} (lớp {className}) sẽ bỏ mất điều đã ghi: {dropped}. Hãy xem chế độ ăn hiện tại rồi ghi lại đủ, hoặc nêu rõ điều được bỏ trong cleared (chất gây dị ứng) và note_cleared (ghi chú).',
    en: 'The new diet of the pupil {studentId} ({className}) would drop what is written down: {dropped}. Look at the diet that holds and say it again, or name what may be dropped in cleared (allergens) and note_cleared (the note).',
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
    vi: 'Học sinh {studentId} (lớp {className}) đã rời trường, ngày cuối là {leftOn}. Hãy bỏ học sinh này rồi gửi lại.',
    en: 'The pupil {studentId} ({className}) has left the school; the last day was {leftOn}. Leave this pupil out and send again.',
  },
  OUTSIDE_SCHOOL_YEAR: {
    status: status.FAILED_PRECONDITION,
    vi: 'Ngày {date} không nằm trong năm học nào đã khai báo. Hãy chọn ngày khác, hoặc khai báo năm học.',
    en: 'The day {date} is in no school year that is defined. Choose another day, or define the school year.',
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
    vi: 'Chưa có giá {mealName} cho ngày {date}. Hãy nhờ kế toán khai báo giá trước.',
    en: 'No price is defined for {mealName} on {date}. Ask the accountant to define one first.',
  },
  CUTOFF_RULE_MISSING: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chưa có giờ chốt {mealName} cho ngày {date}. Hãy nhờ hiệu trưởng khai báo trước.',
    en: 'No cut-off is defined for {mealName} on {date}. Ask the principal to define one first.',
  },
  CUTOFF_PASSED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Suất {mealName} ngày {date} đã chốt lúc {cutoffAt}. Hãy gọi văn phòng nhà trường; suất đã nấu thì vẫn tính tiền.',
    en: 'The count for {mealName} on {date} closed at {cutoffAt}. Call the office of the school; a portion that is cooked is still charged.',
  },
  TOO_LONG_AGO: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chỉ sửa được suất ăn của năm học này, từ ngày {earliest}. Hãy kiểm tra lại ngày.',
    en: 'Meals of this school year can be changed, from {earliest} on. Check the day.',
  },
} as const satisfies Record<Exclude<MealsRefused['code'], 'ID_REUSED'>, RefusalRow>;
