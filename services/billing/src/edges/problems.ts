// What input.ts calls wrong, in Vietnamese. Whatever is missing here is of the wrong type or size, and no person's form can send it.
const problems: readonly (readonly [RegExp, string])[] = [
  [/^must not be empty$/, 'không được để trống'],
  [/^must be given$/, 'bắt buộc phải có'],
  [/^must be a UUID in lower case$/, 'phải là UUID viết thường'],
  [/^must be at most (\d+) characters$/, 'không được dài quá $1 ký tự'],
  [/^must be at most (\d+) classes$/, 'không được quá $1 lớp'],
  [/^must be one line of plain text$/, 'phải là một dòng chữ thường, không có ký tự điều khiển'],
  [/^must be a day like (\S+)$/, 'phải là một ngày có thật, ví dụ $1'],
  [/^must be a month like (\S+)$/, 'phải là một tháng có thật, ví dụ $1'],
  [/^must be HCMC, HANOI or OTHER$/, 'phải là HCMC, HANOI hoặc OTHER'],
  [/^must be VND$/, 'phải là VND'],
  [/^must be more than (\d+)$/, 'phải lớn hơn $1'],
  [/^must be at most (\d+)$/, 'không được lớn hơn $1'],
  [/^must be at least (\d+)$/, 'không được nhỏ hơn $1'],
  [/^must have at least one line$/, 'phải có ít nhất một dòng'],
  [/^must have at most (\d+) lines$/, 'không được quá $1 dòng'],
  [/^must be FEES or WALLET_TOP_UP$/, 'phải là FEES hoặc WALLET_TOP_UP'],
  [/^must be capitals, digits and _, at most (\d+)$/, 'chỉ gồm chữ in hoa không dấu, chữ số và dấu _, không quá $1 ký tự'],
  [/^must be an IP address$/, 'phải là địa chỉ IP'],
  [/^must be vi or en$/, 'phải là vi hoặc en'],
  [/^must be 1 to 500(, or 0 for 100)?$/, 'phải từ 1 đến 500'],
  [/^is not a token of this list$/, 'không phải mã trang của danh sách này'],
  [/^must be a status of an invoice$/, 'phải là một trạng thái của hóa đơn'],
];

/** The problem of an input field as a Vietnamese reader is told it. */
export function inVietnamese(problem: string): string {
  const known = problems.find(([pattern]) => pattern.test(problem));
  return known ? problem.replace(known[0], known[1]) : 'giá trị không đúng kiểu hoặc vượt giới hạn';
}
