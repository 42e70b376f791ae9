import { type HttpApp, metrics } from '@schoolbell/service-kit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { askAboutNotice } from '../../usecases/payments/ask-about-notice.ts';
import type { Message } from '../../usecases/payments/keep-notice.ts';
import { keepNotice } from '../../usecases/payments/keep-notice.ts';
import { settlePayment } from '../../usecases/payments/settle-payment.ts';
import type { GatewayDeps } from '../deps.ts';
import { type Merchant, nobody, type Reading } from './gateways/gateway.ts';
import { vnpay } from './gateways/vnpay.ts';
import { readRaw, vnpayFields } from './gateways/vnpay-fields.ts';

// VNPAY does not say how long it waits. Whatever is answered too late comes again, and finds what was committed.
const answerWithinMs = 10_000;
// Only bad signatures count, so the gateway itself is never refused, however much it sends.
const badSignaturesPerMinute = 300;

const path = '/gateways/vnpay/:schoolCode/ipn';
const params = z.object({ schoolCode: z.string() });
const reply = z.object({ RspCode: z.string(), Message: z.string() });
const summary = "VNPAY's notice of a payment (PAY 2.1.0, IPN); answered in VNPAY's own dialect";
const description =
  'Always status 200 with a code, but 405 with `allow: GET` for another method, 429 in a flood of bad signatures, and 431 for an address over 16 KB.';

type Reply = z.infer<typeof reply>;

/** The door for VNPAY's notices. Always HTTP 200 with a code, but for a wrong method and for a flood of bad signatures. */
export function receiveIpn(app: HttpApp, deps: GatewayDeps): void {
  const limiter = new RateLimiterMemory({ points: badSignaturesPerMinute, duration: 60 });
  const schema = { params, querystring: vnpayFields, response: { 200: reply, 429: reply }, summary, description };
  // A HEAD route of fastify's would run the handler and book.
  app.get(path, { exposeHeadRoute: false, schema, validatorCompiler: readRaw }, async (request, answer) => {
    const raw = queryOf(request.raw.url ?? '');
    const merchant = deps.merchants.ofCode('vnpay', request.params.schoolCode);
    const reading = vnpay.read(merchant ?? nobody, raw, deps.now());
    const told = await answerTo(reading, { raw, merchant, deps });
    metrics.requests.inc({ edge: 'gateway', method: 'vnpay ipn', code: told.RspCode });
    answer.header('cache-control', 'no-store');
    if (reading.kind !== 'BAD_SIGNATURE') return told;
    if (await isFlood(limiter, request.ip)) return answer.code(429).send(told);
    deps.log.warn({ gateway: 'vnpay', school: merchant?.schoolCode, why: reading.why }, 'a notice with a bad signature was refused');
    return told;
  });
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'],
    url: path,
    schema: { hide: true },
    // Answered before the body is read, whatever it is and however large.
    onRequest: async (_, answer) => answer.code(405).header('allow', 'GET').send(vnpay.reply('OUR_FAULT')),
    handler: () => undefined,
  });
}

interface Heard {
  readonly raw: string;
  readonly merchant: Merchant | undefined;
  readonly deps: GatewayDeps;
}

async function answerTo(reading: Reading, heard: Heard): Promise<Reply> {
  const { log } = heard.deps;
  switch (reading.kind) {
    case 'NO_INPUT':
      return vnpay.reply('OUR_FAULT');
    case 'BAD_SIGNATURE':
      return vnpay.reply('BAD_SIGNATURE');
    case 'OTHER_MERCHANT':
      log.warn(
        { gateway: 'vnpay', school: heard.merchant?.schoolCode, secretId: reading.secretId },
        "another merchant's notice was refused",
      );
      return vnpay.reply('BAD_SIGNATURE');
    case 'INCOMPLETE':
    case 'NOTICE':
      return book(reading, heard).catch((error: unknown) => {
        log.error({ err: error, gateway: 'vnpay' }, 'a notice could not be settled and will be again');
        return vnpay.reply('OUR_FAULT');
      });
  }
}

type Verified = Extract<Reading, { kind: 'NOTICE' | 'INCOMPLETE' }>;

/** Kept first, then settled, each committed: what happens in between loses nothing. */
async function book(reading: Verified, { raw, merchant, deps }: Heard): Promise<Reply> {
  if (!merchant) throw new Error('A notice was verified for nobody');
  const { transact, log, now } = deps;
  const scope = { schoolId: merchant.schoolId, deadline: new Date(now().getTime() + answerWithinMs) };
  const { keptAt } = await transact(scope, async (tx) => {
    const kept = await keepNotice(tx, messageOf(reading, raw));
    if (reading.kind === 'INCOMPLETE' && reading.doubt) await askAboutNotice(tx, { notice: reading.doubt, ...kept });
    return kept;
  });
  if (reading.kind === 'INCOMPLETE') {
    log.error(
      { gateway: 'vnpay', noticeId: reading.noticeId, missing: reading.missing },
      'a signed notice lacks what it takes; it is kept for a person',
    );
    return vnpay.reply('OUR_FAULT');
  }
  const { notice, secretId } = reading;
  const answer = await transact(scope, (tx) => settlePayment(tx, { notice, keptAt }));
  log.info(
    { gateway: 'vnpay', noticeId: notice.id, orderRef: notice.orderRef, outcome: notice.outcome, answer, secretId },
    'a notice was settled',
  );
  return vnpay.reply(answer);
}

function messageOf(reading: Verified, raw: string): Message {
  return reading.kind === 'NOTICE' ? { raw, notice: reading.notice } : { raw, unreadable: { id: reading.noticeId, gateway: 'vnpay' } };
}

async function isFlood(limiter: RateLimiterMemory, ip: string): Promise<boolean> {
  try {
    await limiter.consume(ip);
    return false;
  } catch {
    return true;
  }
}

/** The query as received: its bytes are what was signed. */
export function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}
