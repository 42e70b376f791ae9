import * as attendance from '@schoolbell/contracts/school/attendance/v1/attendance';
import * as billing from '@schoolbell/contracts/school/billing/v1/billing';
import * as canteen from '@schoolbell/contracts/school/canteen/v1/canteen';
import * as kitchen from '@schoolbell/contracts/school/canteen/v1/kitchen';
import * as notification from '@schoolbell/contracts/school/notification/v1/notification';
import * as registry from '@schoolbell/contracts/school/registry/v1/registry';

/**
 * A message as JSON with every field in it, for scripts. The generated toJSON leaves out what is zero or empty, as proto3 may;
 * here a zero is 0, "0", "" or the name of the enum's zero, an empty list is [], and a message or time that is not there is null.
 */
export function toJson<T extends object>(type: { toJSON(message: T): unknown }, message: T): unknown {
  // A zero of an enum and a zero of a number look the same in a message; as JSON, a one of an enum is a name.
  return filled(message, type.toJSON(message), type.toJSON(withOnes(message)));
}

function filled(value: unknown, plain: unknown, ones: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map((each: unknown, index) => filled(each, field(plain, index), field(ones, index)));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, field(plain, key), field(ones, key))]));
  if (plain !== undefined) return plain;
  if (typeof value === 'number' && typeof ones === 'string') return zeroNames.get(ones) ?? 'UNSPECIFIED';
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? '' : value;
}

function withOnes<V>(value: V): V {
  if (value === 0) return 1 as V;
  if (Array.isArray(value)) return value.map(withOnes) as V;
  return isRecord(value) ? (Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withOnes(each)])) as V) : value;
}

function field(of: unknown, key: string | number): unknown {
  return typeof of === 'object' && of !== null ? (of as Record<string | number, unknown>)[key] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array);
}

/** "SEX_UNSPECIFIED" under "SEX_MALE": of each enum, the name of 0 under the name of 1. */
const zeroNames = new Map(
  [
    attendance.daySessionToJSON,
    attendance.markKindToJSON,
    attendance.markSourceToJSON,
    attendance.leaveStatusToJSON,
    attendance.countingPlanToJSON,
    billing.invoicePurposeToJSON,
    billing.invoiceStatusToJSON,
    billing.invoiceRunStatusToJSON,
    billing.paymentAttemptStatusToJSON,
    billing.suspenseReasonToJSON,
    canteen.mealToJSON,
    canteen.bookingStatusToJSON,
    canteen.cancelReasonToJSON,
    canteen.restoreReasonToJSON,
    canteen.halfDayRuleToJSON,
    canteen.dietToJSON,
    canteen.allergenToJSON,
    canteen.lateChangeKindToJSON,
    canteen.planWaitsToJSON,
    kitchen.servingStatusToJSON,
    kitchen.foodCategoryToJSON,
    kitchen.checkOutcomeToJSON,
    kitchen.sampleFormToJSON,
    kitchen.missingKindToJSON,
    notification.channelToJSON,
    notification.deliveryStatusToJSON,
    notification.absenceAlertStatusToJSON,
    notification.suppressionReasonToJSON,
    notification.confirmationToJSON,
    registry.enrolmentStatusToJSON,
    registry.sexToJSON,
    registry.relationToJSON,
    registry.findingLevelToJSON,
    registry.importKindToJSON,
    registry.importStatusToJSON,
  ].map((nameOf) => [nameOf(1), nameOf(0)]),
);
