import { inVietnamese } from './problems.ts';

// What kitchen-input.ts calls wrong, in Vietnamese; the rest is that of the other requests.
const problems: readonly (readonly [RegExp, string])[] = [
  [/^must be PASSED or FAILED$/, 'phải là PASSED (đạt) hoặc FAILED (không đạt)'],
  [/^must be FRESH or DRY_PACKAGED_ADDITIVE$/, 'phải là FRESH (tươi sống) hoặc DRY_PACKAGED_ADDITIVE (khô, bao gói sẵn, phụ gia)'],
  [/^must be SOLID or LIQUID$/, 'phải là SOLID (rắn, tính bằng gam) hoặc LIQUID (lỏng, tính bằng ml)'],
  [/^must be a book of the kitchen$/, 'phải là một sổ của bếp'],
  [/^must say why the record is put right$/, 'phải ghi lý do đính chính'],
  [/^must be empty for a first entry$/, 'phải để trống khi ghi lần đầu'],
  [/^must be more than 0$/, 'phải lớn hơn 0'],
  [/^must be at most 1000000 units$/, 'không được quá 1.000.000 đơn vị'],
  [/^must be (-?\d+) to (\d+)$/, 'phải từ $1 đến $2'],
  [/^must have at least one food$/, 'phải có ít nhất một thực phẩm'],
  [/^must have at most (\d+) foods$/, 'không được quá $1 thực phẩm'],
  [/^must have at most (\d+) dishes$/, 'không được quá $1 món'],
];

export function kitchenProblem(problem: string): string {
  const known = problems.find(([pattern]) => pattern.test(problem));
  return known ? problem.replace(known[0], known[1]) : inVietnamese(problem);
}
