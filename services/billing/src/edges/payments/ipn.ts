import { createTurns, type HttpApp, type InTurn, metrics } from '@schoolbell/service-kit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import type { PaymentNotice } from '../../domain/payments/payment.ts';
import type { Answer } from '../../domain/payments/settlement.ts';
import { answerCopy } from '../../usecases/payments/answer-copy.ts';
import { askAboutNotice } from '../../usecases/payments/ask-about-notice.ts';
import { keepNotice } from '../../usecases/payments/keep-notice.ts';
import { settlePayment } from '../../usecases/payments/settle-payment.ts';
import type { GatewayDeps } from '../deps.ts';
import { type Fault, type Merchant, nobody, type Reading } from './gateways/gateway.ts';
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
  const inTurn = createTurns();
  const limiter = new RateLimiterMemory({ points: badSignaturesPerMinute, duration: 60 });
  const schema = { params, querystring: vnpayFields, response: { 200: reply, 429: reply }, summary, description };
  // A HEAD route of fastify's would run the handler and book.
  app.get(path, { exposeHeadRoute: false, schema, validatorCompiler: readRaw }, async (request, answer) => {
    const raw = queryOf(request.raw.url ?? '');
    const merchant = deps.merchants.ofCode('vnpay', request.params.schoolCode);
    const reading = vnpay.read(merchant ?? nobody, raw, deps.now());
    const told = await answerTo(reading, { raw, merchant, deps, inTurn });
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
  readonly inTurn: InTurn;
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
      return vnpay.reply(
        await takeInTurn(reading, heard).catch((error: unknown) => {
          log.error({ err: error, gateway: 'vnpay' }, 'a notice could not be settled and will be again');
          return 'OUR_FAULT' as const;
        }),
      );
  }
}

type Notice = Extract<Reading, { kind: 'NOTICE' }>;
type Incomplete = Extract<Reading, { kind: 'INCOMPLETE' }>;

interface Scope {
  readonly schoolId: string;
  readonly deadline: Date;
}

/** Notices of one order change the same rows, so they take turns. The time that a notice waits is its request's. */
async function takeInTurn(reading: Notice | Incomplete, heard: Heard): Promise<Answer | Fault> {
  const { merchant, deps, inTurn } = heard;
  if (!merchant) throw new Error('A notice was verified for nobody');
  const { schoolId } = merchant;
  const scope = { schoolId, deadline: new Date(deps.now().getTime() + answerWithinMs) };
  if (reading.kind === 'NOTICE')
    return inTurn(`${schoolId} ${reading.notice.orderRef}`, async (waited) => {
      const known = waited ? await answerIfKnown(reading, heard, scope) : undefined;
      return known ?? settle(reading, heard, scope);
    });
  return inTurn(`${schoolId} ${reading.doubt?.orderRef ?? reading.noticeId}`, () => keepForPerson(reading, heard, scope));
}

/**
 * A notice that waited is most often a copy of the one before it, and a query answers it. One that did not wait is most often new:
 * a look would only cost each payment a round trip, and a copy that comes alone finds nothing left to write.
 */
async function answerIfKnown({ notice, secretId }: Notice, { deps }: Heard, scope: Scope): Promise<Answer | undefined> {
  // Where the look fails, the notice is kept and settled, since a transaction has more patience with the database.
  const answer = await deps.read(scope, (tx) => answerCopy(tx, notice)).catch(() => undefined);
  if (answer) deps.log.info({ ...namesOf(notice), answer, secretId }, 'a settled notice came again');
  return answer;
}

/** Kept first, then settled, each committed: what happens in between loses nothing. */
async function settle({ notice, secretId }: Notice, { raw, deps }: Heard, scope: Scope): Promise<Answer> {
  const { transact, log } = deps;
  const { keptAt } = await transact(scope, (tx) => keepNotice(tx, { raw, notice }));
  const answer = await transact(scope, (tx) => settlePayment(tx, { notice, keptAt }));
  log.info({ ...namesOf(notice), answer, secretId }, 'a notice was settled');
  return answer;
}

function namesOf({ id: noticeId, gateway, orderRef, outcome }: PaymentNotice) {
  return { gateway, noticeId, orderRef, outcome };
}

async function keepForPerson(reading: Incomplete, { raw, deps }: Heard, scope: Scope): Promise<Fault> {
  const { noticeId, missing, doubt } = reading;
  await deps.transact(scope, async (tx) => {
    const kept = await keepNotice(tx, { raw, unreadable: { id: noticeId, gateway: 'vnpay' } });
    if (doubt) await askAboutNotice(tx, { notice: doubt, ...kept });
  });
  deps.log.error({ gateway: 'vnpay', noticeId, missing }, 'a signed notice lacks what it takes; it is kept for a person');
  return 'OUR_FAULT';
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
