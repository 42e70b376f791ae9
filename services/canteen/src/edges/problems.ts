// What scalars.ts and input.ts call wrong, in Vietnamese. Whatever is missing here is of the wrong type or size, and no person's form can send it.
const problems: readonly (readonly [RegExp, string])[] = [
  [/^must not be empty$/, 'không được để trống'],
  [/^must be given$/, 'bắt buộc phải có'],
  [/^must be a UUID in lower case$/, 'phải là UUID viết thường'],
  [/^must be at most (\d+) characters$/, 'không được dài quá $1 ký tự'],
  [/^must be one line of plain text$/, 'phải là một dòng chữ thường, không có ký tự điều khiển'],
  [/^must be a day like (\S+)$/, 'phải là một ngày có thật, ví dụ $1'],
  [/^must be a time of the day like (\S+)$/, 'phải là giờ trong ngày, ví dụ $1'],
  [/^must be a time$/, 'phải là một thời điểm'],
  [/^must be VND$/, 'phải là VND'],
  [/^must be (\d+) to (\d+) đồng$/, 'phải từ $1 đến $2 đồng'],
  [/^must be BREAKFAST, LUNCH or SNACK$/, 'phải là BREAKFAST (bữa sáng), LUNCH (bữa trưa) hoặc SNACK (bữa phụ)'],
  [
    /^must be WHOLE_DAY, MORNING, AFTERNOON or ANY_HALF$/,
    'phải là WHOLE_DAY (cả ngày), MORNING (buổi sáng), AFTERNOON (buổi chiều) hoặc ANY_HALF (một buổi bất kỳ)',
  ],
  [/^must be 0 to 31$/, 'phải từ 0 đến 31'],
  [/^must be 1 to 7$/, 'phải từ 1 (thứ Hai) đến 7 (Chủ nhật)'],
  [/^must be a month like (\S+)$/, 'phải là một tháng, ví dụ $1'],
  [/^must be a diet$/, 'phải là một chế độ ăn đã biết'],
  [/^must be an allergen$/, 'phải là một chất gây dị ứng đã biết'],
  [/^must have at most (\d+) allergens$/, 'không được quá $1 chất gây dị ứng'],
  [/^must have at most (\d+) ingredients$/, 'không được quá $1 nguyên liệu'],
  [/^must have at least one dish$/, 'phải có ít nhất một món'],
  [/^must have at most (\d+) dishes$/, 'không được quá $1 món'],
  [/^must have at least one weekday$/, 'phải có ít nhất một ngày trong tuần'],
  [/^must have at most (\d+) weekdays$/, 'không được quá $1 ngày trong tuần'],
  [/^must name each once$/, 'mỗi mục chỉ được nêu một lần'],
  [/^must be given, or class_id, and not both$/, 'phải có, hoặc class_id, không được cả hai'],
  [/^must have at least one pupil$/, 'phải có ít nhất một học sinh'],
  [/^must have at most (\d+) pupils$/, 'không được quá $1 học sinh'],
  [/^must have at least one meal$/, 'phải có ít nhất một bữa ăn'],
  [/^must have at most (\d+) meals$/, 'không được quá $1 bữa ăn'],
  [/^must be 1 to 500(, or 0 for 100)?$/, 'phải từ 1 đến 500'],
  [/^is not a token of this list$/, 'không phải mã trang của danh sách này'],
];

/** The problem of an input field as a Vietnamese reader is told it. */
export function inVietnamese(problem: string): string {
  const known = problems.find(([pattern]) => pattern.test(problem));
  return known ? problem.replace(known[0], known[1]) : 'giá trị không đúng kiểu hoặc vượt giới hạn';
}
