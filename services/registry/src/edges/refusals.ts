import { status } from '@grpc/grpc-js';
import { refusals } from '@schoolbell/service-kit';
import type { PlanRefused } from '../usecases/plan-import.ts';
import type { StartImportRefused } from '../usecases/start-import.ts';
import type { ReadingRefused } from './files/file-reader.ts';

export type RegistryRefused =
  | ReadingRefused
  | PlanRefused
  | StartImportRefused
  | { readonly code: 'PUPIL_NOT_FOUND' }
  | { readonly code: 'GUARDIAN_NOT_FOUND' }
  | { readonly code: 'SCHOOL_NOT_YOURS' }
  | { readonly code: 'CODES_MISSING' };

/** Each refusal as its caller reads it. */
export const refused = refusals<RegistryRefused>({
  FILE_EMPTY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Tệp rỗng. Hãy chọn lại tệp có danh sách.',
    en: 'The file is empty. Choose the file that holds the list.',
  },
  FILE_TOO_LARGE: {
    status: status.INVALID_ARGUMENT,
    vi: 'Tệp lớn hơn 16 MB. Hãy xóa hình ảnh và các trang không cần rồi lưu lại.',
    en: 'The file is larger than 16 MB. Delete pictures and sheets that are not needed, and save it again.',
  },
  NOT_A_WORKBOOK: {
    status: status.INVALID_ARGUMENT,
    vi: 'Tệp này không phải là bảng tính Excel (.xlsx) hoặc đã bị hỏng. Hãy tải lại từ cơ sở dữ liệu ngành, hoặc mở bằng Excel và lưu thành .xlsx.',
    en: 'This file is no Excel workbook (.xlsx), or it is damaged. Download it again from the sector database, or open it in Excel and save it as .xlsx.',
  },
  OLD_OR_LOCKED_WORKBOOK: {
    status: status.INVALID_ARGUMENT,
    vi: 'Tệp này có mật khẩu hoặc thuộc loại Excel cũ (.xls). Hãy mở bằng Excel, bỏ mật khẩu và lưu thành .xlsx.',
    en: 'This file has a password, or it is of the old Excel kind (.xls). Open it in Excel, remove the password and save it as .xlsx.',
  },
  UNPACKS_TOO_LARGE: {
    status: status.INVALID_ARGUMENT,
    vi: 'Nội dung bên trong tệp quá lớn. Hãy chép danh sách sang một bảng tính mới rồi gửi lại.',
    en: 'What is inside the file is too large. Copy the list into a new workbook and send that.',
  },
  READING_TOO_LONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Đọc tệp quá lâu. Hãy chép danh sách sang một bảng tính mới rồi gửi lại.',
    en: 'Reading the file takes too long. Copy the list into a new workbook and send that.',
  },
  READING_TOO_MUCH_MEMORY: {
    status: status.INVALID_ARGUMENT,
    vi: 'Đọc tệp cần quá nhiều bộ nhớ. Hãy chép danh sách sang một bảng tính mới rồi gửi lại.',
    en: 'Reading the file takes too much memory. Copy the list into a new workbook and send that.',
  },
  READER_BUSY: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Đang có nhiều tệp được đọc. Hãy gửi lại sau ít phút.',
    en: 'Many files are being read at the moment. Send it again in a few minutes.',
  },
  NOT_A_CONTACT_LIST: {
    status: status.INVALID_ARGUMENT,
    vi: 'Tệp này không phải là danh sách CSV đọc được. Trong Excel, hãy lưu thành "CSV UTF-8".',
    en: 'This file is no CSV list that can be read. In Excel, save it as "CSV UTF-8".',
  },
  COLUMNS_MISSING: {
    status: status.INVALID_ARGUMENT,
    vi: 'Không tìm thấy cột: {columns}. Hãy kiểm tra dòng tiêu đề, hoặc dùng đúng mẫu.',
    en: 'Columns were not found: {columns}. Check the line of headings, or use the right template.',
  },
  ROWS_MISSING: {
    status: status.INVALID_ARGUMENT,
    vi: 'Dưới dòng tiêu đề không có dòng nào có nội dung. Hãy chọn tệp đã điền danh sách.',
    en: 'No line below the headings holds anything. Choose the file in which the list is filled in.',
  },
  TOO_MANY_LINES: {
    status: status.INVALID_ARGUMENT,
    vi: 'Trang tính có hơn 50.000 dòng. Hãy xóa các dòng trống bên dưới danh sách rồi lưu lại.',
    en: 'The sheet has more than 50,000 lines. Delete the empty lines below the list and save it again.',
  },
  TOO_MANY_ROWS: {
    status: status.INVALID_ARGUMENT,
    vi: 'Danh sách có hơn 20.000 dòng. Hãy chia thành nhiều tệp.',
    en: 'The list has more than 20,000 rows. Split it into several files.',
  },
  FORMULA_WITHOUT_VALUE: {
    status: status.INVALID_ARGUMENT,
    vi: 'Dòng {row}, cột "{column}" là công thức chưa có kết quả. Hãy mở bằng Excel, đợi tính xong và lưu lại, hoặc dán dưới dạng giá trị.',
    en: 'Row {row}, column "{column}" is a formula without its result. Open the file in Excel, let it calculate and save it, or paste the values.',
  },
  ID_REUSED: {
    status: status.ALREADY_EXISTS,
    vi: 'Mã này đã dùng cho một tệp khác. Hãy tạo mã mới cho tệp này.',
    en: 'This id was used for another file. Make a new id for this one.',
  },
  IMPORT_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không có lần nhập nào với mã này ở trường. Hãy đọc tệp trước.',
    en: 'The school has no import with this id. Read the file first.',
  },
  IMPORT_EXPIRED: {
    status: status.FAILED_PRECONDITION,
    vi: 'Lần đọc này đã quá 7 ngày. Hãy đọc lại tệp với một mã mới.',
    en: 'The file was read more than 7 days ago. Read it again under a new id.',
  },
  OTHER_IMPORT_RUNNING: {
    status: status.FAILED_PRECONDITION,
    vi: 'Trường đang nhập một tệp khác. Hãy đợi xong rồi gửi lại.',
    en: 'Another import of the school is being taken over. Wait until it is done and send this again.',
  },
  PUPIL_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không tìm thấy học sinh ở trường. Hãy kiểm tra lại mã học sinh.',
    en: 'The school has no such pupil. Check the pupil code.',
  },
  GUARDIAN_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Không tìm thấy người giám hộ ở trường. Hãy kiểm tra lại mã.',
    en: 'The school has no such guardian. Check the id.',
  },
  SCHOOL_NOT_YOURS: {
    status: status.PERMISSION_DENIED,
    vi: 'Mã trường khác với trường trong phiên đăng nhập. Hãy đăng nhập bằng tài khoản của trường đó.',
    en: 'The school_id is not the school of your sign-in. Sign in with an account of that school.',
  },
  CODES_MISSING: {
    status: status.INVALID_ARGUMENT,
    vi: 'Chưa nêu mã học sinh nào. Hãy nêu ít nhất một mã.',
    en: 'No pupil is named. Name at least one code.',
  },
});
