import type { PaymentNotice } from '../../domain/payments/payment.ts';
import type { BillingTx } from '../../tx.ts';

/** A verified message as it came, with what was read from it; or only its id, where it lacks what it takes. */
export type Message =
  | { readonly raw: string; readonly notice: PaymentNotice }
  | { readonly raw: string; readonly unreadable: { id: string; gateway: string } };

/** Committed before anything is decided, so that a refusal or a crash can be examined and made good. */
export async function keepNotice(tx: BillingTx, message: Message): Promise<{ keptAt: Date }> {
  if ('notice' in message) tx.notices.keep(message.notice, message.raw);
  else tx.notices.keepUnreadable(message.unreadable, message.raw);
  return { keptAt: tx.now };
}
