import { err, ok, type Result } from '@schoolbell/kernel';
import type { EdgeCall } from '@schoolbell/service-kit';
import type { z } from 'zod';
import type { PaymentAttempt } from '../../domain/payments/payment.ts';
import type { BillingTx } from '../../tx.ts';
import { type StartPaymentRefused, startPayment } from '../../usecases/payments/start-payment.ts';
import type { GatewayDeps } from '../deps.ts';
import { type Gateway, type Merchant, validSecrets } from './gateways/gateway.ts';
import { vnpay } from './gateways/vnpay.ts';
import type { paymentInput } from './input.ts';

export type GatewayRefused =
  | { readonly code: 'GATEWAY_UNKNOWN'; readonly gateway: string; readonly known: readonly string[] }
  | { readonly code: 'GATEWAY_NOT_CONFIGURED'; readonly gateway: string };

type Payable = { readonly attempt: PaymentAttempt; readonly url: string };
type Order = z.output<typeof paymentInput>;

const gateways = new Map<string, Gateway>([[vnpay.name, vnpay]]);

/** Starts an attempt on the terms of the school and its gateway, and adds the gateway's page for it. */
export function startPayable({ merchants, config, now }: GatewayDeps) {
  const expiresAfterMs = config.SCHOOLBELL_PAYMENT_MINUTES * 60_000;
  return async (tx: BillingTx, order: Order, { schoolId }: EdgeCall): Promise<Result<Payable, GatewayRefused | StartPaymentRefused>> => {
    const account = accountFor(merchants.ofSchool(order.gateway, schoolId), { name: order.gateway, now: now() });
    if (!account.ok) return account;
    const { gateway, merchant } = account.value;
    const terms = { schoolCode: merchant.schoolCode, amountLimit: gateway.amountLimit, expiresAfterMs };
    const started = await startPayment(tx, { ...order, ...terms });
    return started.ok ? ok({ attempt: started.value, url: gateway.payUrl(merchant, started.value, now()) }) : started;
  };
}

function accountFor(
  merchant: Merchant | undefined,
  { name, now }: { name: string; now: Date },
): Result<{ gateway: Gateway; merchant: Merchant }, GatewayRefused> {
  const gateway = gateways.get(name);
  if (!gateway) return err({ code: 'GATEWAY_UNKNOWN', gateway: name, known: [...gateways.keys()] });
  if (!merchant || validSecrets(merchant, now).length === 0) return err({ code: 'GATEWAY_NOT_CONFIGURED', gateway: name });
  return ok({ gateway, merchant });
}
