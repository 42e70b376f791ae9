import { z } from 'zod';

const code = z.string().regex(/^\d{2}$/);

/**
 * What VNPAY puts into the query of a notice and of a return (PAY 2.1.0). The fields that are not optional are those without which a
 * notice cannot be settled; how a wrong one is answered is VNPAY's dialect, so the doors read the raw query and refuse nothing by this.
 */
export const vnpayFields = z.looseObject({
  vnp_TmnCode: z.string().min(1).describe('Terminal code of the school, as VNPAY gave it'),
  vnp_TxnRef: z.string().min(1).max(100).describe('Order reference: <school code>-<attempt id>'),
  vnp_Amount: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .describe('Amount in đồng × 100, for example 70000000 for 700.000 đ'),
  vnp_ResponseCode: code.describe('00 = success, with vnp_TransactionStatus 00; 07 = debited but suspected'),
  vnp_TransactionStatus: code.describe('00 = success, with vnp_ResponseCode 00; 04 = debited at the bank only; 07 = suspected'),
  vnp_TransactionNo: z
    .string()
    .regex(/^[0-9A-Za-z-]{1,40}$/)
    .optional()
    .describe("VNPAY's own number of the transaction; 0 where nothing was paid"),
  vnp_PayDate: z
    .string()
    .regex(/^\d{14}$/)
    .optional()
    .describe('When it was paid: yyyyMMddHHmmss in GMT+7'),
  vnp_BankCode: z.string().optional().describe('Bank or wallet of the payer'),
  vnp_BankTranNo: z.string().optional().describe("The bank's number of the transaction"),
  vnp_CardType: z.string().optional().describe('ATM or QRCODE'),
  vnp_OrderInfo: z.string().optional().describe('What the payer was shown, as we sent it'),
  vnp_SecureHashType: z.string().optional().describe('Not signed and not read'),
  vnp_SecureHash: z
    .string()
    .regex(/^[0-9a-fA-F]{128}$/)
    .describe('HMAC-SHA512 in hex over all other vnp_ fields that are not empty, by name'),
});

/** Fields without which a signed notice cannot be settled. */
export const neededFields: readonly string[] = Object.entries(vnpayFields.shape)
  .filter(([name, type]) => name !== 'vnp_SecureHash' && !(type instanceof z.ZodOptional))
  .map(([name]) => name);

/** For the doors that answer in VNPAY's dialect: the schema is the document, and nothing is refused by it. */
export const readRaw = () => (value: unknown) => ({ value });
