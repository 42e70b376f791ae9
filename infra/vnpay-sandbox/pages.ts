import type { OpenRefused } from './desk.ts';
import type { PayRequest } from './pay-request.ts';

/** What the pages can refuse. */
export type Refusal = OpenRefused | { readonly code: 'NO_SUCH_OUTCOME' };

export const style = `
:root { color-scheme: light; --blue: #005baa; --red: #ed1c24; --line: #dfe4ea; --soft: #5b6673; }
* { box-sizing: border-box; }
body { margin: 0; background: #f2f5f9; color: #14202e; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 27rem; margin: 0 auto; padding: 1rem; }
.card { background: #fff; border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem; }
.note { background: #fff7e0; border: 1px solid #f2dc9b; border-radius: .75rem; padding: .5rem .75rem; font-size: .875rem; margin: 0 0 1rem; }
h1 { font-size: 1.125rem; margin: 0 0 .25rem; color: var(--blue); }
.amount { font-size: 2rem; font-weight: 700; margin: .25rem 0 1rem; }
dl { margin: 0 0 1.25rem; } dt { color: var(--soft); font-size: .875rem; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
button { display: block; width: 100%; font: inherit; font-weight: 600; padding: .8rem; margin-top: .6rem; border-radius: .75rem; border: 1px solid var(--line); background: #fff; color: inherit; }
button.pay { background: var(--blue); border-color: var(--blue); color: #fff; }
button.fail { color: var(--red); }
button:focus-visible, a:focus-visible { outline: 3px solid #7fb5ea; outline-offset: 2px; }
`;

const texts = {
  vn: {
    lang: 'vi',
    notReal: 'Trang mô phỏng cổng VNPAY để phát triển phần mềm. Không có tiền thật.',
    title: 'Thanh toán qua VNPAY',
    amount: 'Số tiền',
    to: 'Đơn vị nhận',
    about: 'Nội dung',
    order: 'Mã đơn hàng',
    until: 'Thanh toán trước',
    pay: 'Thanh toán',
    cancel: 'Hủy giao dịch',
    fail: 'Thử trường hợp thất bại (không đủ số dư)',
    done: 'Giao dịch này đã được xử lý.',
    back: 'Quay lại trang của trường',
  },
  en: {
    lang: 'en',
    notReal: 'A stand-in for the VNPAY gateway, for software development. No real money.',
    title: 'Pay with VNPAY',
    amount: 'Amount',
    to: 'Paid to',
    about: 'For',
    order: 'Order',
    until: 'Pay before',
    pay: 'Pay',
    cancel: 'Cancel',
    fail: 'Try a failure (insufficient funds)',
    done: 'This transaction has already been processed.',
    back: "Back to the school's page",
  },
} as const;

export function payPage(request: PayRequest): string {
  const text = texts[request.locale];
  return page(
    text,
    `<p>${text.amount}</p><p class="amount">${dong(request.amount)}</p>
<dl>
<dt>${text.to}</dt><dd>${escaped(request.merchant.name)}</dd>
<dt>${text.about}</dt><dd>${escaped(request.orderInfo)}</dd>
<dt>${text.order}</dt><dd>${escaped(request.txnRef)}</dd>
<dt>${text.until}</dt><dd>${vietnamClock(request.expiresAt)}</dd>
</dl>
<form method="post">
<button class="pay" name="outcome" value="pay">${text.pay}</button>
<button name="outcome" value="cancel">${text.cancel}</button>
<button class="fail" name="outcome" value="fail">${text.fail}</button>
</form>`,
  );
}

export function donePage(request: PayRequest, returnUrl: string): string {
  const text = texts[request.locale];
  return page(text, `<p>${text.done}</p><p><a href="${escaped(returnUrl)}">${text.back}</a></p>`);
}

/** VNPAY's error codes; the wording here also tells a developer what to look at. */
const refusals: Record<Refusal['code'], { code: string; vi: string; en: string }> = {
  WRONG_FORMAT: { code: '03', vi: 'Dữ liệu gửi sang không đúng định dạng', en: 'A parameter is missing, malformed or given twice' },
  UNKNOWN_MERCHANT: { code: '72', vi: 'Không tìm thấy website', en: 'No merchant has this vnp_TmnCode' },
  WRONG_SIGNATURE: { code: '70', vi: 'Sai chữ ký', en: 'The signature is wrong' },
  EXPIRED: { code: '15', vi: 'Giao dịch đã quá thời gian chờ thanh toán', en: 'The time to pay has run out' },
  REFERENCE_TWICE: { code: '01', vi: 'Mã đơn hàng đã được dùng', en: 'This vnp_TxnRef was used for another order' },
  NO_SUCH_OUTCOME: { code: '03', vi: 'Không có lựa chọn này', en: 'The form asks for an outcome that does not exist' },
};

export function refusedPage(refusal: Refusal, locale: string | null): string {
  const { code, vi, en } = refusals[refusal.code];
  const field = 'field' in refusal ? ` (${refusal.field})` : '';
  return page(texts[locale === 'en' ? 'en' : 'vn'], `<p>${vi}${escaped(field)}</p><p>${en}${escaped(field)}</p><p>Code ${code}</p>`);
}

function page(text: (typeof texts)['vn' | 'en'], body: string): string {
  return `<!doctype html>
<html lang="${text.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title}</title><link rel="stylesheet" href="/style.css"></head>
<body><main><p class="note">${text.notReal}</p><section class="card"><h1>${text.title}</h1>${body}</section></main></body></html>`;
}

function dong(amountTimes100: string): string {
  return `${(BigInt(amountTimes100) / 100n).toString().replace(/\B(?=(\d{3})+$)/g, '.')} ₫`;
}

function vietnamClock(instant: Date): string {
  return instant.toLocaleString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'short' });
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
