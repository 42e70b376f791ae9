import { status } from '@grpc/grpc-js';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type Language, languageOf, type WireRefusal } from './wire-refusal.ts';

/** RFC 9457. `code` is the refusal's, for programs; `detail` tells a person what to do next. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** What is wrong with the request, place by place (JSON pointers into query, params or body). */
  readonly errors?: readonly { readonly in: string; readonly pointer: string; readonly detail: string }[];
}

const httpStatusOf: Readonly<Record<number, number>> = {
  [status.INVALID_ARGUMENT]: 400,
  [status.OUT_OF_RANGE]: 400,
  [status.UNAUTHENTICATED]: 401,
  [status.PERMISSION_DENIED]: 403,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.ABORTED]: 409,
  [status.FAILED_PRECONDITION]: 409,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.UNAVAILABLE]: 503,
  [status.DEADLINE_EXCEEDED]: 504,
};

const titles: Readonly<Record<number, Readonly<Record<Language, string>>>> = {
  400: { vi: 'Yêu cầu không hợp lệ', en: 'Bad request' },
  401: { vi: 'Chưa đăng nhập', en: 'Not signed in' },
  403: { vi: 'Không được phép', en: 'Not allowed' },
  404: { vi: 'Không tìm thấy', en: 'Not found' },
  408: { vi: 'Yêu cầu gửi quá chậm', en: 'Request too slow' },
  409: { vi: 'Không làm được lúc này', en: 'Not possible as things are' },
  413: { vi: 'Nội dung quá lớn', en: 'Content too large' },
  414: { vi: 'Địa chỉ quá dài', en: 'Address too long' },
  415: { vi: 'Kiểu nội dung không được hỗ trợ', en: 'Unsupported media type' },
  429: { vi: 'Quá nhiều yêu cầu', en: 'Too many requests' },
  431: { vi: 'Phần đầu yêu cầu quá lớn', en: 'Request header fields too large' },
  500: { vi: 'Lỗi hệ thống', en: 'Internal error' },
  503: { vi: 'Tạm thời gián đoạn', en: 'Temporarily unavailable' },
  504: { vi: 'Quá thời gian', en: 'Took too long' },
};

const details = {
  REQUEST_INVALID: {
    status: 400,
    vi: 'Hãy sửa các mục nêu trong "errors" rồi gửi lại.',
    en: 'Correct what "errors" names and send it again.',
  },
  REQUEST_MALFORMED: {
    status: 400,
    vi: 'Không đọc được yêu cầu. Hãy kiểm tra chương trình gửi.',
    en: 'The request cannot be read. Check the program that sent it.',
  },
  PATH_NOT_FOUND: {
    status: 404,
    vi: 'Địa chỉ này không có ở đây. Hãy xem /openapi.json.',
    en: 'There is nothing at this address. See /openapi.json.',
  },
  REQUEST_TOO_SLOW: { status: 408, vi: 'Hãy gửi lại khi đường truyền ổn định.', en: 'Send it again over a steady line.' },
  BODY_TOO_LARGE: { status: 413, vi: 'Hãy chia nhỏ nội dung rồi gửi lại.', en: 'Split the content and send it again.' },
  ADDRESS_TOO_LONG: { status: 414, vi: 'Hãy rút ngắn địa chỉ.', en: 'Shorten the address.' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, vi: 'Hãy gửi application/json.', en: 'Send application/json.' },
  HEADERS_TOO_LARGE: { status: 431, vi: 'Hãy bớt các trường ở phần đầu yêu cầu.', en: 'Send fewer or shorter header fields.' },
} as const;

export type HttpProblemCode = keyof typeof details;

export function httpProblem(code: HttpProblemCode, language: Language): Problem {
  const row = details[code];
  return { ...head(code, row.status, language), detail: row[language], code };
}

/** The problem document of a refusal: the same code, facts and text as over gRPC. */
function problemOf(refusal: WireRefusal, language: Language): Problem {
  const found = httpStatusOf[refusal.status] ?? 500;
  const facts = Object.keys(refusal.facts).length > 0 ? { facts: refusal.facts } : {};
  return { ...head(refusal.code, found, language), detail: refusal.text[language], code: refusal.code, ...facts };
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

/** Answers a refusal in the caller's language. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: WireRefusal): FastifyReply {
  return sendProblem(reply, problemOf(refusal, languageOfRequest(request)));
}

export function languageOfRequest(request: FastifyRequest): Language {
  return languageOf(request.headers['accept-language']);
}

const frameworkCodes: Readonly<Record<string, HttpProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_MAX_PARAM_LENGTH: 'ADDRESS_TOO_LONG',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TOO_SLOW',
};

/** What the client did wrong; undefined when the error is ours. */
export function problemOfClient(error: unknown, language: Language): Problem | undefined {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'body';
    const errors = error.validation.map(({ instancePath, message }) => ({ in: where, pointer: instancePath, detail: message ?? '' }));
    return { ...httpProblem('REQUEST_INVALID', language), errors };
  }
  const { code = '', statusCode = 500 } = (error ?? {}) as Partial<FastifyError>;
  const known = frameworkCodes[code];
  if (known) return httpProblem(known, language);
  return statusCode >= 400 && statusCode < 500 ? httpProblem('REQUEST_MALFORMED', language) : undefined;
}

function head(code: string, found: number, language: Language): Pick<Problem, 'type' | 'title' | 'status'> {
  const title = titles[found]?.[language] ?? code;
  return { type: `urn:schoolbell:problem:${code.toLowerCase().replaceAll('_', '-')}`, title, status: found };
}
