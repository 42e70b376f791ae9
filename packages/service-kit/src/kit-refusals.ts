import { status } from '@grpc/grpc-js';
import { type RefusalRow, type WireRefusal, wireRefusal } from './wire-refusal.ts';

type KitRefused =
  | {
      readonly code:
        | 'UNAUTHENTICATED'
        | 'ROLE_NOT_ALLOWED'
        | 'MESSAGE_UNREADABLE'
        | 'METADATA_WRONG'
        | 'DEADLINE_PASSED'
        | 'ID_TAKEN'
        | 'TEMPORARILY_UNAVAILABLE';
    }
  | { readonly code: 'REQUEST_TOO_LARGE' | 'RESPONSE_TOO_LARGE'; readonly limitBytes: number }
  | { readonly code: 'METHOD_UNKNOWN'; readonly method: string }
  | { readonly code: 'INTERNAL'; readonly errorId: string };

const table: { readonly [C in KitRefused['code']]: RefusalRow } = {
  UNAUTHENTICATED: {
    status: status.UNAUTHENTICATED,
    vi: 'Bạn chưa đăng nhập hoặc phiên đăng nhập không còn hiệu lực. Hãy đăng nhập lại.',
    en: 'You are not signed in, or your sign-in is no longer valid. Sign in again.',
  },
  ROLE_NOT_ALLOWED: {
    status: status.PERMISSION_DENIED,
    vi: 'Vai trò của bạn không được làm việc này. Hãy hỏi người quản lý của trường.',
    en: 'Your role may not do this. Ask the manager of your school.',
  },
  MESSAGE_UNREADABLE: {
    status: status.INVALID_ARGUMENT,
    vi: 'Không đọc được nội dung yêu cầu. Hãy kiểm tra phiên bản của chương trình gửi.',
    en: 'The request cannot be read. Check the version of the program that sent it.',
  },
  METADATA_WRONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Khóa idempotency-key không hợp lệ: cần từ 1 đến 200 ký tự ASCII in được.',
    en: 'The idempotency-key is not valid: 1 to 200 printable ASCII characters are needed.',
  },
  REQUEST_TOO_LARGE: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Yêu cầu lớn hơn {limitBytes} byte. Hãy chia nhỏ rồi gửi từng phần.',
    en: 'The request is larger than {limitBytes} bytes. Split it and send the parts.',
  },
  RESPONSE_TOO_LARGE: {
    status: status.RESOURCE_EXHAUSTED,
    vi: 'Câu trả lời lớn hơn {limitBytes} byte. Hãy hỏi ít dòng hơn mỗi lần.',
    en: 'The answer is larger than {limitBytes} bytes. Ask for fewer rows at a time.',
  },
  METHOD_UNKNOWN: {
    status: status.UNIMPLEMENTED,
    vi: 'Dịch vụ này không có {method}. Hãy kiểm tra địa chỉ và phiên bản của chương trình gửi.',
    en: 'There is no {method} at this service. Check the address, and the version of the program that sent the request.',
  },
  DEADLINE_PASSED: {
    status: status.DEADLINE_EXCEEDED,
    vi: 'Yêu cầu chưa xong trong thời gian cho phép. Hãy gửi lại với cùng mã số; việc đã làm sẽ không bị lặp.',
    en: 'The request did not finish in time. Send it again with the same id; nothing is done twice.',
  },
  ID_TAKEN: {
    status: status.ALREADY_EXISTS,
    vi: 'Mã số này đã được dùng. Hãy tạo một mã số mới rồi gửi lại.',
    en: 'This id is taken. Make a new id and send it again.',
  },
  TEMPORARILY_UNAVAILABLE: {
    status: status.UNAVAILABLE,
    vi: 'Hệ thống tạm thời gián đoạn. Hãy gửi lại với cùng mã số sau ít phút; việc đã làm sẽ không bị lặp.',
    en: 'The system is interrupted for the moment. Send it again with the same id in a few minutes; nothing is done twice.',
  },
  INTERNAL: {
    status: status.INTERNAL,
    vi: 'Có lỗi ngoài dự kiến. Hãy thử lại; nếu vẫn lỗi, hãy báo mã {errorId} cho bộ phận hỗ trợ.',
    en: 'Something unexpected went wrong. Try again; if it stays, tell support the code {errorId}.',
  },
};

/** What the kit itself refuses, at any edge. */
export function kitRefusal(refusal: KitRefused): WireRefusal {
  return wireRefusal(table, refusal);
}
