// What input.ts calls wrong, in Vietnamese. Whatever is missing here is of the wrong type or size, and no person's form can send it.
const problems: readonly (readonly [RegExp, string])[] = [
  [/^must not be empty$/, 'không được để trống'],
  [/^must be given$/, 'bắt buộc phải có'],
  [/^must be a UUID in lower case$/, 'phải là UUID viết thường'],
  [/^must be at most (\d+) characters$/, 'không được dài quá $1 ký tự'],
  [/^must be one line of plain text$/, 'phải là một dòng chữ thường, không có ký tự điều khiển'],
  [/^must be a day like (\S+)$/, 'phải là một ngày có thật, ví dụ $1'],
  [/^must be MORNING or AFTERNOON$/, 'phải là MORNING (sáng) hoặc AFTERNOON (chiều)'],
  [/^must be NOT_NEEDED or NEEDED$/, 'phải là NOT_NEEDED (không cần xác nhận) hoặc NEEDED (cần xác nhận)'],
  [/^must have at most (\d+) pupils$/, 'không được quá $1 học sinh'],
  [/^must be 1 to 500$/, 'phải từ 1 đến 500'],
];

/** The problem of an input field as a Vietnamese reader is told it. */
export function inVietnamese(problem: string): string {
  const known = problems.find(([pattern]) => pattern.test(problem));
  return known ? problem.replace(known[0], known[1]) : 'giá trị không đúng kiểu hoặc vượt giới hạn';
}
