import { status } from '@grpc/grpc-js';
import type { RefusalRow } from '@schoolbell/service-kit';
import type { DestroyRefused, SampleUnknown } from '../../domain/kitchen/sample.ts';
import type { ChangeRefused, HoldRefused, NoServing, PlanRefused, ServingUnknown } from '../../domain/kitchen/serving.ts';
import type { OpenRefused } from '../../domain/kitchen/serving-gate.ts';
import type { RecordRefused } from '../../domain/kitchen/serving-record.ts';
import type { BookRefused } from '../../usecases/kitchen/read-book.ts';
import type { PrintRefused } from './books/printer.ts';

export type KitchenRefused =
  | PlanRefused
  | ChangeRefused
  | RecordRefused
  | DestroyRefused
  | SampleUnknown
  | HoldRefused
  | OpenRefused
  | ServingUnknown
  | NoServing
  | BookRefused
  | PrintRefused
  | { readonly code: 'BOOK_TOO_LONG'; readonly rows: number; readonly most: number };

/** What each refusal of the kitchen says, and what to do next. Rows that both aisles need stand with the meals. */
export const kitchenRefusals = {
  SERVING_UNKNOWN: {
    status: status.NOT_FOUND,
    vi: 'Không có bữa ăn {servingId} ở trường này. Hãy kiểm tra lại mã.',
    en: 'This school has no serving {servingId}. Check the id.',
  },
  NO_SERVING: {
    status: status.NOT_FOUND,
    vi: 'Ngày {date} chưa lập bữa ăn này. Hãy lập bữa ăn trước.',
    en: 'This meal of {date} is not planned. Plan it first.',
  },
  SERVING_EXISTS: {
    status: status.ALREADY_EXISTS,
    vi: 'Bữa này của ngày {date} đã được lập, mã {servingId}. Hãy dùng bữa đó.',
    en: 'This meal of {date} is planned already, as {servingId}. Use that one.',
  },
  SERVING_OPEN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Bữa ăn đã được phát từ {since}, không đổi món được nữa. Nếu bản ghi sai, hãy đính chính bản ghi.',
    en: 'The meal is open since {since}: its dishes can be changed no more. If a record is wrong, put the record right.',
  },
  MENU_PUBLISHED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Bữa này của ngày {date} đã có thực đơn. Hãy để trống các món; cần đổi thì đổi món sau, kèm lý do.',
    en: 'This meal of {date} has a menu. Leave the dishes out; what must change is changed afterwards, with a reason.',
  },
  NO_DISHES: {
    status: status.FAILED_PRECONDITION,
    vi: 'Bữa ăn ngày {date} chưa có món nào. Hãy công bố thực đơn, hoặc nêu các món.',
    en: 'The meal of {date} has no dish. Publish its menu, or name the dishes.',
  },
  NO_PORTIONS: {
    status: status.FAILED_PRECONDITION,
    vi: 'Ngày {date} chưa có suất ăn nào được đặt cho bữa này. Hãy nêu số suất.',
    en: 'Nobody has booked this meal of {date}. Say how many portions it has.',
  },
  DISH_TWICE: {
    status: status.INVALID_ARGUMENT,
    vi: 'Món {dish} được nêu hai lần. Hãy bỏ một.',
    en: 'The dish {dish} is named twice. Remove one.',
  },
  DISH_NOT_ON_MENU: {
    status: status.FAILED_PRECONDITION,
    vi: 'Món {dishId} không có trong bữa này. Hãy kiểm tra mã, hoặc thêm món vào bữa ăn.',
    en: 'The dish {dishId} is not on this meal. Check the id, or add the dish to the meal.',
  },
  NOT_OF_THE_DAY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Thời điểm {at} không thuộc ngày của bữa ăn, {date}. Hãy sửa lại giờ ngày.',
    en: 'The time {at} is not on the day of the meal, {date}. Correct it.',
  },
  ACTION_MISSING: {
    status: status.FAILED_PRECONDITION,
    vi: '{what} không đạt nhưng chưa ghi biện pháp xử lý. Hãy ghi đã làm gì: trả lại, thay, nấu lại, vệ sinh lại…',
    en: '{what} failed, and nothing says what was done. Say it: returned, replaced, cooked again, cleaned again…',
  },
  EXPIRY_MISSING: {
    status: status.FAILED_PRECONDITION,
    vi: '{food} là thực phẩm khô, bao gói sẵn hoặc phụ gia: phải ghi hạn sử dụng.',
    en: '{food} is dry, packaged or an additive: say until when it may be eaten.',
  },
  EXPIRED: {
    status: status.FAILED_PRECONDITION,
    vi: '{food} hết hạn ngày {expiresOn}, trước bữa ăn ngày {date}. Không được dùng: hãy ghi là không đạt kèm biện pháp xử lý.',
    en: '{food} expired on {expiresOn}, before the meal of {date}. It may not be used: record that it failed and what was done with it.',
  },
  RECEIVED_TOO_EARLY: {
    status: status.FAILED_PRECONDITION,
    vi: '{food} nhập lúc {at}, sớm hơn ngày được phép ({earliest}). Hãy kiểm tra giờ nhập và loại thực phẩm.',
    en: '{food} came in at {at}, before {earliest}. Check the time, and which kind of food it is.',
  },
  INGREDIENT_UNKNOWN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Món {dish} dùng thực phẩm {id} chưa có ở bước 1. Hãy ghi bước 1 trước.',
    en: '{dish} is made of {id}, of which step 1 knows nothing. Record step 1 first.',
  },
  INGREDIENT_FAILED: {
    status: status.FAILED_PRECONDITION,
    vi: '{food} không đạt ở bước 1 nên không được dùng cho món {dish}. Hãy chọn thực phẩm khác.',
    en: '{food} failed in step 1 and may not be used for {dish}. Choose another food.',
  },
  PREPARED_BEFORE_RECEIVED: {
    status: status.FAILED_PRECONDITION,
    vi: '{dish}: sơ chế xong lúc {preparedAt}, trước khi {food} được nhập ({receivedAt}). Hãy sửa giờ sai.',
    en: '{dish} was prepared at {preparedAt}, before {food} came in ({receivedAt}). Correct the time that is wrong.',
  },
  COOKED_BEFORE_PREPARED: {
    status: status.FAILED_PRECONDITION,
    vi: '{dish}: chế biến xong lúc {cookedAt}, trước khi sơ chế xong ({preparedAt}). Hãy sửa giờ sai.',
    en: '{dish} was cooked at {cookedAt}, before it was prepared ({preparedAt}). Correct the time that is wrong.',
  },
  NOT_COOKED_YET: {
    status: status.FAILED_PRECONDITION,
    vi: 'Món {dish} chưa có bước 2. Hãy ghi bước 2 trước.',
    en: '{dish} has no step 2 yet. Record step 2 first.',
  },
  PORTIONED_BEFORE_COOKED: {
    status: status.FAILED_PRECONDITION,
    vi: '{dish}: chia xong lúc {portionedAt}, trước khi chế biến xong ({cookedAt}). Hãy sửa giờ sai.',
    en: '{dish} was portioned at {portionedAt}, before it was cooked ({cookedAt}). Correct the time that is wrong.',
  },
  EATEN_BEFORE_PORTIONED: {
    status: status.FAILED_PRECONDITION,
    vi: '{dish}: bắt đầu ăn lúc {eatingAt}, trước khi chia xong ({portionedAt}). Hãy sửa giờ sai.',
    en: '{dish} was eaten from {eatingAt} on, before it was portioned ({portionedAt}). Correct the time that is wrong.',
  },
  SAMPLED_BEFORE_COOKED: {
    status: status.FAILED_PRECONDITION,
    vi: '{dish}: lấy mẫu lúc {takenAt}, trước khi chế biến xong ({cookedAt}). Hãy sửa giờ sai.',
    en: '{dish} was sampled at {takenAt}, before it was cooked ({cookedAt}). Correct the time that is wrong.',
  },
  SAMPLED_AFTER_EATING: {
    status: status.FAILED_PRECONDITION,
    vi: '{dish}: lấy mẫu lúc {takenAt}, khi đã bắt đầu ăn ({eatingAt}). Mẫu phải lấy trước khi ăn; hãy sửa giờ sai.',
    en: '{dish} was sampled at {takenAt}, when eating had begun ({eatingAt}). A sample is taken before; correct the time that is wrong.',
  },
  SAMPLE_TOO_SMALL: {
    status: status.FAILED_PRECONDITION,
    vi: 'Mẫu món {dish} phải có ít nhất {least} {unit} ({citation}). Hãy lấy thêm.',
    en: 'The sample of {dish} must have at least {least} {unit} ({citation}). Take more.',
  },
  SAMPLE_TOO_WARM: {
    status: status.FAILED_PRECONDITION,
    vi: 'Mẫu món {dish} phải được giữ ở {coldest}-{warmest} °C. Hãy đặt vào tủ lưu mẫu rồi ghi nhiệt độ đọc được.',
    en: 'The sample of {dish} must be kept at {coldest} to {warmest} °C. Put it into the fridge and record what it shows.',
  },
  ALREADY_RECORDED: {
    status: status.FAILED_PRECONDITION,
    vi: '{what} đã có bản ghi {id}. Nếu bản ghi đó sai, hãy đính chính nó.',
    en: '{what} has the record {id} already. If that one is wrong, put it right.',
  },
  REPLACED_UNKNOWN: {
    status: status.FAILED_PRECONDITION,
    vi: 'Không có bản ghi {id} để đính chính. Hãy kiểm tra lại mã.',
    en: 'There is no record {id} to put right. Check the id.',
  },
  REPLACED_ALREADY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Bản ghi {id} đã được đính chính bởi {by}. Hãy đính chính bản ghi mới nhất.',
    en: 'The record {id} was put right by {by}. Put that one right.',
  },
  REPLACES_ANOTHER_DISH: {
    status: status.FAILED_PRECONDITION,
    vi: 'Bản ghi {id} thuộc món khác. Chỉ đính chính được bản ghi của cùng một món.',
    en: 'The record {id} is of another dish. A record is put right by one of the same dish.',
  },
  RECORD_FULL: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Bữa ăn này đã có {most} bản ghi. Hãy kiểm tra thiết bị đang gửi lặp lại.',
    en: 'This meal has {most} records already. Look for a device that sends again and again.',
  },
  SAMPLE_GONE: {
    status: status.FAILED_PRECONDITION,
    vi: 'Mẫu {id} đã hủy nên không đính chính được nữa.',
    en: 'The sample {id} is destroyed and can be put right no more.',
  },
  SAMPLE_UNKNOWN: {
    status: status.NOT_FOUND,
    vi: 'Không có mẫu lưu {sampleId} ở trường này. Hãy kiểm tra lại mã.',
    en: 'This school has no sample {sampleId}. Check the id.',
  },
  SAMPLE_ALREADY_DESTROYED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Mẫu này đã được hủy lúc {at} bởi {by}.',
    en: 'This sample was destroyed at {at} by {by}.',
  },
  SAMPLE_REPLACED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Bản ghi mẫu này đã được đính chính bởi {id}. Hãy hủy theo bản ghi đó.',
    en: 'This record was put right by {id}. Destroy the sample by that one.',
  },
  SAMPLE_TOO_YOUNG: {
    status: status.FAILED_PRECONDITION,
    vi: 'Mẫu phải lưu đến {destroyableFrom}. Hãy đợi đến lúc đó.',
    en: 'The sample must be kept until {destroyableFrom}. Wait until then.',
  },
  SAMPLE_HELD: {
    status: status.FAILED_PRECONDITION,
    vi: 'Mẫu đang bị giữ từ {since}. Chỉ được hủy khi cơ quan có thẩm quyền cho phép và nhà trường đã ghi văn bản.',
    en: 'The sample is held since {since}. It may be destroyed once the authority allows it and its paper is recorded.',
  },
  WITNESS_IS_DESTROYER: {
    status: status.INVALID_ARGUMENT,
    vi: 'Người chứng kiến phải khác người hủy mẫu ({name}). Hãy ghi tên người khác.',
    en: 'The witness must be somebody else than {name}, who destroyed the sample. Name another person.',
  },
  HOLD_UNKNOWN: {
    status: status.NOT_FOUND,
    vi: 'Bữa ăn này không có lệnh giữ mẫu {holdId}. Hãy kiểm tra lại mã.',
    en: 'This meal has no hold {holdId}. Check the id.',
  },
  HOLD_RELEASED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Lệnh giữ mẫu {holdId} đã hết hiệu lực theo {document}.',
    en: 'The hold {holdId} has ended already, by {document}.',
  },
  SERVING_NOT_READY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Chưa được phát suất ăn. Còn thiếu: {missing}. Hãy ghi đủ rồi mở lại.',
    en: 'The meal may not be served yet. Missing: {missing}. Record it, then open the meal again.',
  },
  NOT_THE_DAY: {
    status: status.FAILED_PRECONDITION,
    vi: 'Bữa ăn này của ngày {date}; chỉ mở được trong ngày đó.',
    en: 'This is a meal of {date}; it can be opened on that day only.',
  },
  BOOK_ENDS_TOO_EARLY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Ngày cuối không được trước ngày đầu, {from}. Hãy sửa until.',
    en: 'The last day must not come before the first, {from}. Correct until.',
  },
  BOOK_SPAN_TOO_LONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Mỗi lần in tối đa {mostDays} ngày. Hãy chia thành nhiều lần in.',
    en: 'One print holds {mostDays} days at most. Print it in parts.',
  },
  BOOK_EMPTY: {
    status: status.NOT_FOUND,
    vi: 'Từ {from} đến {until} không có bữa ăn nào. Hãy chọn ngày khác.',
    en: 'There is no meal from {from} to {until}. Choose other days.',
  },
  BOOK_TOO_LONG: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Sổ có {rows} dòng, mỗi lần in tối đa {most} dòng. Hãy chọn ít ngày hơn.',
    en: 'The book has {rows} rows; one print holds {most} at most. Choose fewer days.',
  },
  BOOK_TOO_LARGE: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Sổ in ra {bytes} byte, tối đa {most}. Hãy chọn ít ngày hơn.',
    en: 'The printed book has {bytes} bytes; {most} are allowed. Choose fewer days.',
  },
  PRINTER_BUSY: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Đang in nhiều sổ cùng lúc. Hãy thử lại sau ít phút.',
    en: 'Many books are being printed. Try again in a few minutes.',
  },
  PRINTING_TOO_LONG: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'In sổ mất quá nhiều thời gian. Hãy chọn ít ngày hơn, hoặc thử lại sau.',
    en: 'Printing took too long. Choose fewer days, or try again later.',
  },
} as const satisfies Record<Exclude<KitchenRefused['code'], 'ID_REUSED' | 'CLOCK_AHEAD'>, RefusalRow>;
