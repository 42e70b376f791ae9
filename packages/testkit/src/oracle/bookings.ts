import { type Booking, BookingStatus } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { CanteenEvent, MealsBooked } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { atMost, type Broken, type Evidence, type Told } from './evidence.ts';
import { marksOf } from './traffic.ts';

type Heard = Required<Pick<Evidence, 'canteen' | 'billing'>>;
type Saying = { readonly version: number; readonly price: bigint; readonly status: string | undefined };

/** I4: billing keeps each booking as canteen announced it last: of standing and price the newest each, whatever was parked left out. */
export function bookingsAreFollowed({ canteen, billing }: Heard): Broken {
  const parked = new Set(marksOf(billing.inbox, 'billing.canteen').flatMap((mark) => (mark.parked === undefined ? [] : [mark.eventId])));
  const said = new Map<string, Saying[]>();
  for (const told of canteen.told) {
    if (parked.has(told._id)) continue;
    for (const [bookingId, saying] of sayingsOf(told)) said.set(bookingId, [...(said.get(bookingId) ?? []), saying]);
  }
  const kept = new Map(billing.mealMonths.flatMap(({ portions }) => portions.map((portion) => [portion.bookingId, portion] as const)));
  const broken: Broken = [];
  for (const [bookingId, sayings] of said) {
    const inOrder = sayings.sort((a, b) => a.version - b.version);
    const { price } = inOrder.at(-1) ?? { price: 0n };
    const status = inOrder.findLast((saying) => saying.status !== undefined)?.status;
    const has = kept.get(bookingId);
    if (!has) broken.push(`I4: billing.canteen does not keep meal ${bookingId}`);
    else if (has.price !== price || (status !== undefined && has.status !== status))
      broken.push(
        `I4: billing.canteen keeps meal ${bookingId} as ${has.status} for ${has.price} and canteen said ${status} for ${price} last`,
      );
  }
  return atMost(broken);
}

function sayingsOf({ event, version }: Told<CanteenEvent['event']>): [bookingId: string, Saying][] {
  const each = (meals: MealsBooked['meals'], status: string | undefined): [string, Saying][] =>
    meals.map(({ bookingId, price }) => [bookingId, { version, price: price?.minorUnits ?? 0n, status }]);
  const one = (booking: Booking | undefined): [string, Saying][] => (booking ? each([booking], statuses.get(booking.status)) : []);
  switch (event?.$case) {
    case 'mealsBooked':
      return each(event.value.meals, 'BOOKED');
    case 'mealsRepriced':
      return each(event.value.meals, undefined);
    case 'mealCancelled':
    case 'mealCutLate':
    case 'mealRestored':
      return one(event.value.booking);
    default:
      return [];
  }
}

const statuses = new Map<BookingStatus, string>([
  [BookingStatus.BOOKED, 'BOOKED'],
  [BookingStatus.CANCELLED, 'CANCELLED'],
  [BookingStatus.CUT_LATE, 'CUT_LATE'],
]);
