// What input.ts calls wrong, in Vietnamese. Whatever is missing here is of the wrong type or size, and no person's form can send it.
const problems: readonly (readonly [RegExp, string])[] = [
  [/^must not be empty$/, 'không được để trống'],
  [/^must be given$/, 'bắt buộc phải có'],
  [/^must be a UUID in lower case$/, 'phải là UUID viết thường'],
  [/^must be at most (\d+) characters$/, 'không được dài quá $1 ký tự'],
  [/^must be one line of plain text$/, 'phải là một dòng chữ thường, không có ký tự điều khiển'],
  [/^must be a day like (\S+)$/, 'phải là một ngày có thật, ví dụ $1'],
  [/^must be a time of the day like (\S+)$/, 'phải là giờ trong ngày, ví dụ $1'],
  [/^must be a time$/, 'phải là một thời điểm'],
  [/^must be MORNING or AFTERNOON$/, 'phải là MORNING (sáng) hoặc AFTERNOON (chiều)'],
  [/^must be a kind of mark$/, 'phải là có mặt, đi muộn, vắng có phép hoặc vắng không phép'],
  [/^must have at least one mark$/, 'phải có ít nhất một học sinh'],
  [/^must have at most (\d+) marks$/, 'không được quá $1 học sinh'],
  [/^must have at least one scan$/, 'phải có ít nhất một lượt quét'],
  [/^must have at most (\d+) scans$/, 'không được quá $1 lượt quét'],
  [/^must have at most (\d+) holidays$/, 'không được quá $1 kỳ nghỉ'],
  [/^must be 1 to 7$/, 'phải từ 1 (thứ Hai) đến 7 (Chủ nhật)'],
  [/^must be 1 to 500(, or 0 for 100)?$/, 'phải từ 1 đến 500'],
  [/^is not a token of this list$/, 'không phải mã trang của danh sách này'],
];

/** The problem of an input field as a Vietnamese reader is told it. */
export function inVietnamese(problem: string): string {
  const known = problems.find(([pattern]) => pattern.test(problem));
  return known ? problem.replace(known[0], known[1]) : 'giá trị không đúng kiểu hoặc vượt giới hạn';
}
