import { vnd } from '@schoolbell/kernel';
import mongoose from 'mongoose';
import type { InvoiceLine } from '../../domain/invoices/fees.ts';

export interface LineDoc {
  feeItemId: string;
  code: string;
  name: string;
  quantity: number;
  unitPrice: bigint;
  amount: bigint;
}

export const lineSchema = new mongoose.Schema(
  {
    feeItemId: { type: String, required: true },
    code: { type: String, required: true },
    name: { type: String, required: true },
    quantity: { type: Number, required: true },
    unitPrice: { type: BigInt, required: true },
    amount: { type: BigInt, required: true },
  },
  { _id: false },
);

export function toLineDoc({ unitPrice, amount, ...same }: InvoiceLine): LineDoc {
  return { ...same, unitPrice: unitPrice.minorUnits, amount: amount.minorUnits };
}

export function toLine({ feeItemId, code, name, quantity, unitPrice, amount }: LineDoc): InvoiceLine {
  return { feeItemId, code, name, quantity, unitPrice: vnd(unitPrice), amount: vnd(amount) };
}
