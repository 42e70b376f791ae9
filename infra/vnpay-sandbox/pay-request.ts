import { err, ok, type Result } from '@schoolbell/kernel';
import { fromGatewayTime } from './clock.ts';
import type { Merchant } from './merchants.ts';
import { isSigned, type Parameters } from './signature.ts';

/** A pay URL that was checked. */
export interface PayRequest {
  readonly merchant: Merchant;
  readonly txnRef: string;
  /** Đồng × 100, as on the wire: "35000000". */
  readonly amount: string;
  readonly orderInfo: string;
  readonly locale: 'vn' | 'en';
  readonly bankCode: string;
  readonly returnUrl: string;
  readonly expiresAt: Date;
  /** Tells one pay URL from another with the same reference. */
  readonly secureHash: string;
}

/** The codes of VNPAY's own error page, as far as they are known. `field` names the parameter for a developer. */
export type PayRefused =
  | { readonly code: 'WRONG_FORMAT'; readonly field: string }
  | { readonly code: 'UNKNOWN_MERCHANT' }
  | { readonly code: 'WRONG_SIGNATURE' }
  | { readonly code: 'EXPIRED' };

const shapes: Readonly<Record<string, RegExp>> = {
  vnp_Version: /^2\.1\.0$/,
  vnp_Command: /^pay$/,
  vnp_Amount: /^[1-9]\d{0,9}00$/,
  vnp_CreateDate: /^\d{14}$/,
  vnp_CurrCode: /^VND$/,
  vnp_IpAddr: /^[0-9A-Fa-f.:]{3,45}$/,
  vnp_Locale: /^(vn|en)$/,
  vnp_OrderInfo: /^[\x20-\x7e]{1,255}$/,
  vnp_OrderType: /^.{1,100}$/,
  vnp_ReturnUrl: /^https?:\/\/.{3,248}$/,
  vnp_ExpireDate: /^\d{14}$/,
  vnp_TxnRef: /^[\x21-\x7e]{1,100}$/,
};

/** Without `now` the expiry is not looked at. */
export function readPayRequest(
  query: URLSearchParams,
  merchantOf: (tmnCode: string) => Merchant | undefined,
  now: Date | undefined,
): Result<PayRequest, PayRefused> {
  const twice = [...query.keys()].find((name, index, names) => names.indexOf(name) !== index);
  if (twice !== undefined) return err({ code: 'WRONG_FORMAT', field: twice });
  const parameters: Parameters = Object.fromEntries(query);

  const merchant = merchantOf(parameters.vnp_TmnCode ?? '');
  if (!merchant) return err({ code: 'UNKNOWN_MERCHANT' });
  if (!isSigned(parameters, merchant.hashSecret)) return err({ code: 'WRONG_SIGNATURE' });

  const wrong = Object.entries(shapes).find(([name, shape]) => !shape.test(parameters[name] ?? ''));
  if (wrong) return err({ code: 'WRONG_FORMAT', field: wrong[0] });
  const createdAt = fromGatewayTime(parameters.vnp_CreateDate ?? '');
  if (!createdAt) return err({ code: 'WRONG_FORMAT', field: 'vnp_CreateDate' });
  const expiresAt = fromGatewayTime(parameters.vnp_ExpireDate ?? '');
  if (!expiresAt || expiresAt <= createdAt) return err({ code: 'WRONG_FORMAT', field: 'vnp_ExpireDate' });
  const returnUrl = parameters.vnp_ReturnUrl ?? '';
  if (!URL.canParse(returnUrl)) return err({ code: 'WRONG_FORMAT', field: 'vnp_ReturnUrl' });
  if (now && now >= expiresAt) return err({ code: 'EXPIRED' });

  return ok({
    merchant,
    txnRef: parameters.vnp_TxnRef ?? '',
    amount: parameters.vnp_Amount ?? '',
    orderInfo: parameters.vnp_OrderInfo ?? '',
    locale: parameters.vnp_Locale === 'en' ? 'en' : 'vn',
    bankCode: parameters.vnp_BankCode ?? '',
    returnUrl,
    expiresAt,
    secureHash: parameters.vnp_SecureHash ?? '',
  });
}
