import type { Booking, KitchenView, LateChange } from '../meals/booking.ts';
import { sameDiet } from '../meals/diet.ts';

type Seen = Pick<Booking, 'standing' | 'diet' | 'cutoffAt' | 'extra' | 'kitchen'>;

/**
 * What the kitchen sees of a booking. What is written before the cut-off moves both figures, what is written after it only the one of now,
 * so the count freezes by itself: no clock has to run at the cut-off, and a service that is down at that minute changes nothing.
 * `reportedAt` is when the school was told of what changed.
 */
export function kitchenSees(
  before: Seen | undefined,
  after: Omit<Seen, 'kitchen'>,
  { now, reportedAt }: { readonly now: Date; readonly reportedAt: Date },
): KitchenView {
  const { standing, diet, cutoffAt } = after;
  const portion = standing.status !== 'CANCELLED';
  if (now < cutoffAt) return { portion, toldPortion: portion, toldDiet: diet.kind, lateChanges: [] };
  const known = before?.kitchen ?? { toldPortion: false, toldDiet: diet.kind, lateChanges: [] };
  const { toldPortion, toldDiet } = known;
  const kinds = lateKinds(after, { portion, toldPortion });
  if (before && (!sameDiet(before.diet, diet) || known.lateChanges.some(({ kind }) => kind === 'DIET_CHANGED'))) kinds.push('DIET_CHANGED');
  const dietIsNews = before !== undefined && !sameDiet(before.diet, diet);
  const lateChanges = kinds.map((kind): LateChange => {
    const earlier = known.lateChanges.find((change) => change.kind === kind);
    if (earlier && !(kind === 'DIET_CHANGED' && dietIsNews)) return earlier;
    return { kind, reportedAt: toldWhen(kind, after) ?? reportedAt, heardAt: now };
  });
  return { portion, toldPortion, toldDiet, lateChanges };
}

type Portions = { readonly portion: boolean; readonly toldPortion: boolean };

function lateKinds({ standing, extra }: Omit<Seen, 'kitchen'>, { portion, toldPortion }: Portions): LateChange['kind'][] {
  const kinds: LateChange['kind'][] = [];
  if (portion && !toldPortion) kinds.push(extra ? 'EXTRA' : 'RESTORED');
  if (!portion && toldPortion) kinds.push('CUT_HEARD_LATE');
  if (standing.status === 'CUT_LATE') kinds.push('CUT_LATE');
  if (standing.status === 'CANCELLED' && standing.hereSince) kinds.push('HERE_WITHOUT_PORTION');
  return kinds;
}

function toldWhen(kind: LateChange['kind'], { standing }: Omit<Seen, 'kitchen'>): Date | undefined {
  if (standing.status === 'BOOKED') return undefined;
  if (kind === 'HERE_WITHOUT_PORTION') return standing.status === 'CANCELLED' ? standing.hereSince : undefined;
  return kind === 'CUT_LATE' || kind === 'CUT_HEARD_LATE' ? standing.reportedAt : undefined;
}
