import { setTimeout as sleep } from 'node:timers/promises';

/** One call of the merchant's IPN URL and what came back. */
export interface IpnCall {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly tookMs: number;
  readonly httpStatus?: number;
  readonly rspCode?: string;
  /** The merchant's Message, or why there was no answer. */
  readonly message: string;
}

export interface RetryRule {
  readonly mostCalls: number;
  readonly everyMs: number;
  /** How long one answer may take. */
  readonly answerLimitMs: number;
}

/** VNPAY's own: 00 and 02 end it; 01, 04, 97, 99 or no answer, and it calls again, 10 times at most, 5 minutes apart. */
export const vnpayRule: RetryRule = { mostCalls: 10, everyMs: 5 * 60_000, answerLimitMs: 15_000 };

const final = new Set(['00', '02']);

export interface Notice {
  readonly url: string;
  /** W3C trace context of the payer's click, where it had one: the merchant's work then belongs to the same trace. */
  readonly traceparent: string | undefined;
}

/** Calls until the merchant has taken the notice or the rule is used up; true where it was taken. */
export async function notify(notice: Notice, rule: RetryRule, onCall: (call: IpnCall) => void, stop: AbortSignal): Promise<boolean> {
  for (let count = 1; !stop.aborted; count++) {
    const call = await callOnce(notice, rule.answerLimitMs, stop);
    onCall(call);
    if (final.has(call.rspCode ?? '')) return true;
    if (count >= rule.mostCalls) return false;
    await sleep(rule.everyMs, undefined, { signal: stop, ref: false }).catch(() => {});
  }
  return false;
}

async function callOnce({ url, traceparent }: Notice, limitMs: number, stop: AbortSignal): Promise<IpnCall> {
  const started = new Date();
  const facts = () => ({ at: started.toISOString(), tookMs: Date.now() - started.getTime() });
  try {
    const headers = traceparent === undefined ? {} : { traceparent };
    const signal = AbortSignal.any([stop, AbortSignal.timeout(limitMs)]);
    const response = await fetch(url, { headers, redirect: 'manual', signal });
    const body = await response.text();
    return { ...facts(), httpStatus: response.status, ...(response.status === 200 ? reply(body) : { message: 'not HTTP 200' }) };
  } catch (error) {
    return { ...facts(), message: reasonOf(error) };
  }
}

function reply(body: string): { rspCode?: string; message: string } {
  try {
    const { RspCode, Message } = JSON.parse(body) as { RspCode?: unknown; Message?: unknown };
    return { rspCode: String(RspCode), message: String(Message).slice(0, 200) };
  } catch {
    return { message: 'not JSON' };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
