import { createHash } from 'node:crypto';
import { type HttpApp, type Language, languageOf } from '@schoolbell/service-kit';
import { z } from 'zod';
import type { PaymentAttempt } from '../../domain/payments/payment.ts';
import type { GatewayDeps } from '../deps.ts';
import { nobody } from './gateways/gateway.ts';
import { vnpay } from './gateways/vnpay.ts';
import { readRaw, vnpayFields } from './gateways/vnpay-fields.ts';
import { queryOf } from './ipn.ts';

const html = { description: 'A page in the language of the payment', content: { 'text/html': { schema: z.string() } } };
const schema = {
  params: z.object({ schoolCode: z.string() }),
  querystring: vnpayFields,
  response: { 200: html, 400: html, 503: html },
  summary: 'Page for the payer who comes back from VNPAY; it shows what our own books say and never books',
};

/** The page to which VNPAY sends the payer back. What it says comes from our own books: the address is in the payer's hands. */
export function showReturn(app: HttpApp, { merchants, read, now, log }: GatewayDeps): void {
  app.get('/gateways/vnpay/:schoolCode/return', { schema, validatorCompiler: readRaw }, async (request, reply) => {
    const merchant = merchants.ofCode('vnpay', request.params.schoolCode) ?? nobody;
    const reading = vnpay.read(merchant, queryOf(request.raw.url ?? ''), now());
    const language = languageOf(request.headers['accept-language']);
    reply.headers(headers).type('text/html; charset=utf-8');
    if (reading.kind !== 'NOTICE') return reply.code(400).send(page('UNVERIFIED', { language }));
    const { orderRef } = reading.notice;
    try {
      const attempt = await read({ schoolId: merchant.schoolId }, (tx) => tx.attempts.findByOrder(orderRef));
      if (!attempt) return reply.send(page('CHECKING', { language, orderRef }));
      return reply.send(page(views[attempt.status], { language: attempt.language, attempt, orderRef }));
    } catch (error) {
      log.warn({ err: error }, 'the return page could not read the books');
      return reply.code(503).send(page('CHECKING', { language, orderRef }));
    }
  });
}

type View = 'PAID' | 'NOT_PAID' | 'CHECKING' | 'UNVERIFIED';

const views = {
  SUCCEEDED: 'PAID',
  FAILED: 'NOT_PAID',
  PENDING: 'CHECKING',
  EXPIRED: 'CHECKING',
  HELD: 'CHECKING',
  UNKNOWN: 'CHECKING',
} as const satisfies Record<PaymentAttempt['status'], View>;

const texts = {
  vi: {
    PAID: ['Đã nhận thanh toán', 'Nhà trường đã nhận được tiền. Bạn có thể đóng trang này.'],
    NOT_PAID: [
      'Chưa thanh toán',
      'Giao dịch không thành công và chưa có khoản tiền nào được ghi nhận. Bạn có thể thanh toán lại từ thông báo của nhà trường.',
    ],
    CHECKING: [
      'Đang kiểm tra',
      'Nhà trường đang chờ xác nhận từ cổng thanh toán. Trang này tự cập nhật; xin đừng thanh toán lại trong lúc chờ.',
    ],
    UNVERIFIED: ['Không xác minh được', 'Địa chỉ này không đúng hoặc đã bị thay đổi. Hãy mở lại từ cổng thanh toán, hoặc hỏi nhà trường.'],
    amount: 'Số tiền',
    reference: 'Mã giao dịch',
  },
  en: {
    PAID: ['Payment received', 'The school has received the money. You can close this page.'],
    NOT_PAID: ['Not paid', "The payment did not succeed and no money was recorded. You can pay again from the school's message."],
    CHECKING: [
      'Being checked',
      'The school is waiting for the gateway to confirm. This page updates itself; please do not pay again meanwhile.',
    ],
    UNVERIFIED: ['Cannot be verified', 'This address is wrong or was changed. Open it again from the payment gateway, or ask the school.'],
    amount: 'Amount',
    reference: 'Reference',
  },
} as const;

const style = `
:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f5f7; color: #1c2430; }
main { box-sizing: border-box; width: min(26rem, 100% - 2rem); padding: 2rem 1.5rem; border-radius: 1rem; background: #fff; box-shadow: 0 1px 12px #0002; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; }
.PAID h1 { color: #14713d; } .NOT_PAID h1, .UNVERIFIED h1 { color: #a32020; } .CHECKING h1 { color: #8a5a00; }
dl { margin: 1.5rem 0 0; display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; font-size: .9rem; }
dt { opacity: .7; } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { background: #14181f; color: #e8ebf0; } main { background: #1f2530; }
.PAID h1 { color: #5fd08f; } .NOT_PAID h1, .UNVERIFIED h1 { color: #ff9a9a; } .CHECKING h1 { color: #f0c060; } }
`;

const styleHash = createHash('sha256').update(style).digest('base64');
const headers = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

interface Shown {
  readonly language: Language;
  readonly attempt?: PaymentAttempt;
  readonly orderRef?: string;
}

function page(view: View, { language, attempt, orderRef }: Shown): string {
  const text = texts[language];
  const [title, detail] = text[view];
  const rows: [string, string][] = [];
  if (attempt) rows.push([text.amount, `${attempt.amount.minorUnits.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB')} đ`]);
  if (orderRef) rows.push([text.reference, orderRef]);
  const list = rows.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('');
  const refresh = view === 'CHECKING' ? '<meta http-equiv="refresh" content="5">' : '';
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>${escaped(title)}</title><style>${style}</style></head>
<body><main class="${view}"><h1>${escaped(title)}</h1><p>${escaped(detail)}</p>${list && `<dl>${list}</dl>`}</main></body></html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
