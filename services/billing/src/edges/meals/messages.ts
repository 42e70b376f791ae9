import {
  type MealPortion,
  MealPortionStatus,
  type LunchSupport as SupportMessage,
  SupportSource,
} from '@schoolbell/contracts/school/billing/v1/billing';
import { zero } from '@schoolbell/kernel';
import { chargedFor, type Portion } from '../../domain/meals/portion.ts';
import type { LunchSupport } from '../../domain/meals/support.ts';
import { moneyMessage } from '../../events.ts';

export function portionMessage(portion: Portion): MealPortion {
  const { bookingId, date, meal, status, price, credited, supported, charges } = portion;
  return {
    ...{ bookingId, date, meal, status: MealPortionStatus[status], price: moneyMessage(price) },
    charged: moneyMessage(chargedFor(portion)),
    credited: moneyMessage(credited),
    supported: moneyMessage(supported?.amount ?? zero),
    invoiceIds: charges.map(({ invoiceId }) => invoiceId),
  };
}

export function supportMessage({ id: grantId, amountPerDay, effectiveUntil, source, ...right }: LunchSupport): SupportMessage {
  const { studentId, effectiveFrom, citation } = right;
  const span = { effectiveFrom, effectiveUntil: effectiveUntil ?? '' };
  return { grantId, studentId, amountPerDay: moneyMessage(amountPerDay), ...span, source: SupportSource[source], citation };
}
