import { stored } from '@schoolbell/service-kit';

const { dong, list, number, part, text } = stored;

export const lines = list(part({ feeItemId: text, code: text, name: text, quantity: number, unitPrice: dong, amount: dong }));
