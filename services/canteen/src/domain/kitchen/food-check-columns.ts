/** A column of a printed book; columns of one `group` have a common head. */
export type Column = { readonly title: string; readonly group?: string };

const supplier: readonly Column[] = [
  { title: 'Tên cơ sở', group: 'Nơi cung cấp' },
  { title: 'Địa chỉ, điện thoại', group: 'Nơi cung cấp' },
  { title: 'Người giao hàng', group: 'Nơi cung cấp' },
];

const outcome = (group: string): Column[] => [
  { title: 'Đạt', group },
  { title: 'Không đạt', group },
];

const action: Column = { title: 'Biện pháp xử lý, ghi\u00a0chú' };

/**
 * Form 1 of QĐ 1246/QĐ-BYT. Its two parts have 13 columns each, 26 together: the outcome of a check is a word in one column, where
 * the form has a pair to tick, and the maker and address of packaged food share one.
 */
export const freshColumns: readonly Column[] = [
  { title: 'TT' },
  { title: 'Tên thực phẩm' },
  { title: 'Thời gian nhập (giờ, ngày)' },
  { title: 'Khối lượng (kg, lít…)' },
  ...supplier,
  { title: 'Chứng từ, hóa đơn' },
  { title: 'Giấy ĐK với thú\u00a0y' },
  { title: 'Giấy kiểm dịch' },
  { title: 'Kiểm tra cảm quan (màu, mùi vị, trạng thái…)' },
  { title: 'Xét nghiệm nhanh (nếu\u00a0có)' },
  action,
];

export const dryColumns: readonly Column[] = [
  { title: 'TT' },
  { title: 'Tên thực phẩm' },
  { title: 'Cơ sở sản xuất (tên, địa chỉ)' },
  { title: 'Thời gian nhập (giờ, ngày)' },
  { title: 'Khối lượng (kg, lít…)' },
  ...supplier,
  { title: 'Hạn sử dụng' },
  { title: 'Điều kiện bảo quản' },
  { title: 'Chứng từ, hóa đơn' },
  { title: 'Kiểm tra cảm quan (nhãn, bao bì, bảo quản…)' },
  action,
];

/** Form 2: 16 columns, each of the four checks as the pair to tick. */
export const cookingColumns: readonly Column[] = [
  { title: 'TT' },
  { title: 'Ca, bữa ăn' },
  { title: 'Tên món ăn' },
  { title: 'Nguyên liệu chính để chế biến (tên, số lượng)' },
  { title: 'Số suất ăn' },
  { title: 'Sơ chế xong (giờ)' },
  { title: 'Chế biến xong (giờ)' },
  ...outcome('Người tham gia chế biến'),
  ...outcome('Trang thiết bị, dụng cụ'),
  ...outcome('Khu vực chế biến, phụ trợ'),
  ...outcome('Cảm quan thức ăn'),
  action,
];

/** Form 3: 14 columns; its ten, the cleanness of the containers as a pair to tick, who checked, and when it was recorded. */
export const portioningColumns: readonly Column[] = [
  { title: 'TT' },
  { title: 'Ca, bữa ăn' },
  { title: 'Tên món ăn' },
  { title: 'Số suất ăn' },
  { title: 'Chia xong (giờ)' },
  { title: 'Bắt đầu ăn (giờ)' },
  { title: 'Dụng cụ chia, chứa đựng, che đậy, bảo quản' },
  ...outcome('Vệ sinh dụng cụ'),
  ...outcome('Cảm quan món ăn'),
  action,
  { title: 'Người kiểm tra' },
  { title: 'Ghi sổ lúc' },
];

/** Form 5, with the end of the 24 hours and the witness. */
export const sampleColumns: readonly Column[] = [
  { title: 'TT' },
  { title: 'Tên mẫu thức ăn' },
  { title: 'Bữa ăn' },
  { title: 'Số suất ăn' },
  { title: 'Khối lượng, thể tích mẫu' },
  { title: 'Dụng cụ chứa mẫu' },
  { title: 'Nhiệt độ bảo quản (°C)' },
  { title: 'Lấy mẫu lúc (giờ, ngày)' },
  { title: 'Người lấy mẫu' },
  { title: 'Được hủy từ (giờ, ngày)' },
  { title: 'Hủy mẫu lúc (giờ, ngày)' },
  { title: 'Người hủy mẫu', group: 'Hủy mẫu' },
  { title: 'Người chứng kiến', group: 'Hủy mẫu' },
  { title: 'Ghi chú' },
];
