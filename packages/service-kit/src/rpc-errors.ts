import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { ErrorInfo, Status } from '@schoolbell/contracts/google/rpc/error';
import type { Language, WireRefusal } from './wire-refusal.ts';

/** What a caller can know of a failed call. `code` is the refusal's, or the status name when no ErrorInfo came with it. */
export interface DecodedRefusal {
  readonly code: string;
  readonly status: status;
  readonly message: string;
  readonly facts: Readonly<Record<string, string>>;
}

const domain = 'schoolbell';
const detailsKey = 'grpc-status-details-bin';
const errorInfoUrl = 'type.googleapis.com/google.rpc.ErrorInfo';
const longestMessage = 600;

/** The gRPC status of a refusal, with google.rpc.ErrorInfo{reason, domain, metadata} in the trailer. */
export function statusOf(refusal: WireRefusal, language: Language): StatusObject {
  const details = refusal.text[language].slice(0, longestMessage);
  const info = ErrorInfo.encode({ reason: refusal.code, domain, metadata: { ...refusal.facts } }).finish();
  const rich = Status.encode({
    code: refusal.status,
    message: details,
    details: [{ typeUrl: errorInfoUrl, value: Buffer.from(info) }],
  }).finish();
  const metadata = new Metadata();
  metadata.set(detailsKey, Buffer.from(rich));
  return { code: refusal.status, details, metadata };
}

/** Reads the error of a failed call; undefined when it is no gRPC error at all. */
export function decodeRefusal(error: unknown): DecodedRefusal | undefined {
  if (!isStatus(error)) return undefined;
  const info = errorInfoOf(error);
  return { code: info?.reason ?? statusName(error.code), status: error.code, message: error.details, facts: info?.metadata ?? {} };
}

export function statusName(code: status): string {
  return status[code] ?? 'UNKNOWN';
}

export function isStatus(error: unknown): error is StatusObject {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'number' &&
    'details' in error &&
    'metadata' in error
  );
}

function errorInfoOf({ metadata }: StatusObject): ErrorInfo | undefined {
  const bytes = metadata.get(detailsKey)[0];
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    const detail = Status.decode(bytes).details.find(({ typeUrl }) => typeUrl === errorInfoUrl);
    const info = detail && ErrorInfo.decode(detail.value);
    return info?.domain === domain ? info : undefined;
  } catch {
    return undefined; // A stranger's trailer; the status itself still counts.
  }
}
