import type { Booking, KitchenView, LateChange } from '../meals/booking.ts';
import { sameDiet } from '../meals/diet.ts';

type BookingFacts = Pick<Booking, 'state' | 'diet' | 'cutoffAt' | 'extra' | 'kitchen'>;

/**
 * What the kitchen sees of a booking. A change before the cut-off moves both figures, a change after it only the one of now,
 * so the count freezes by itself: no clock has to run at the cut-off, and a service that is down at that minute changes nothing.
 * `reportedAt` is when the school was told of what changed.
 */
export function kitchenSees(
  before: BookingFacts | undefined,
  after: Omit<BookingFacts, 'kitchen'>,
  { now, reportedAt }: { readonly now: Date; readonly reportedAt: Date },
): KitchenView {
  const { state, diet, cutoffAt } = after;
  const portion = state.status !== 'CANCELLED';
  if (now < cutoffAt) return { portion, portionAtCutoff: portion, dietAtCutoff: diet.kind, lateChanges: [] };
  const known = before?.kitchen ?? { portionAtCutoff: false, dietAtCutoff: diet.kind, lateChanges: [] };
  const { portionAtCutoff, dietAtCutoff } = known;
  const kinds = lateKinds(after, { portion, portionAtCutoff });
  if (before && (!sameDiet(before.diet, diet) || known.lateChanges.some(({ kind }) => kind === 'DIET_CHANGED'))) kinds.push('DIET_CHANGED');
  const dietIsNews = before !== undefined && !sameDiet(before.diet, diet);
  const lateChanges = kinds.map((kind): LateChange => {
    const earlier = known.lateChanges.find((change) => change.kind === kind);
    if (earlier && !(kind === 'DIET_CHANGED' && dietIsNews)) return earlier;
    return { kind, reportedAt: reportedWhen(kind, after) ?? reportedAt, heardAt: now };
  });
  return { portion, portionAtCutoff, dietAtCutoff, lateChanges };
}

type Portions = { readonly portion: boolean; readonly portionAtCutoff: boolean };

function lateKinds({ state, extra }: Omit<BookingFacts, 'kitchen'>, { portion, portionAtCutoff }: Portions): LateChange['kind'][] {
  const kinds: LateChange['kind'][] = [];
  if (portion && !portionAtCutoff) kinds.push(extra ? 'EXTRA' : 'RESTORED');
  if (!portion && portionAtCutoff) kinds.push('CUT_HEARD_LATE');
  if (state.status === 'CUT_LATE') kinds.push('CUT_LATE');
  if (state.status === 'CANCELLED' && state.hereSince) kinds.push('HERE_WITHOUT_PORTION');
  return kinds;
}

function reportedWhen(kind: LateChange['kind'], { state }: Omit<BookingFacts, 'kitchen'>): Date | undefined {
  if (state.status === 'BOOKED') return undefined;
  if (kind === 'HERE_WITHOUT_PORTION') return state.status === 'CANCELLED' ? state.hereSince : undefined;
  return kind === 'CUT_LATE' || kind === 'CUT_HEARD_LATE' ? state.reportedAt : undefined;
}
