import { err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { isAhead, type Recorded } from './food-check.ts';
import { foodCitationOn, foodRulesOn } from './food-check-rules.ts';

export type SampleForm = 'SOLID' | 'LIQUID';

/** A portion of one dish that is kept in case somebody falls ill (lưu mẫu). */
export type Sample = Recorded & {
  readonly dishId: string;
  readonly form: SampleForm;
  /** Grams of a solid, millilitres of a liquid. */
  readonly amount: number;
  readonly container: string;
  /** Tenths of a degree Celsius: 45 is 4.5 °C. */
  readonly celsiusTenths: number;
  readonly takenAt: Date;
  /** When it may be destroyed at the earliest, by the rule of the day it was taken on. */
  readonly destroyableFrom: Date;
  readonly destroyed: Destruction | undefined;
};

/** The signed record that a sample is gone. */
export type Destruction = {
  readonly destroyedAt: Date;
  readonly destroyedBy: string;
  readonly witness: string;
  readonly note: string;
  readonly recordedAt: Date;
  readonly recordedBy: string;
};

export type NewSample = Omit<Sample, 'recordedAt' | 'recordedBy' | 'destroyableFrom' | 'destroyed'>;
export type NewDestruction = Omit<Destruction, 'recordedAt' | 'recordedBy'>;

/** Samples of a meal that nobody may destroy before the authority says so: somebody may have been poisoned, or the authority asked. */
export type Hold = {
  readonly id: string;
  readonly reason: string;
  readonly heldAt: Date;
  readonly heldBy: string;
  readonly release: Release | undefined;
};

export type Release = {
  /** The paper by which the authority allows it: "Công văn 45/TTYT ngày 25-11-2026". */
  readonly document: string;
  readonly releasedAt: Date;
  readonly releasedBy: string;
};

export type SampleRefused =
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date }
  | { readonly code: 'NOT_OF_THE_DAY'; readonly at: Date; readonly date: SchoolDate }
  | {
      readonly code: 'SAMPLE_TOO_SMALL';
      readonly dish: string;
      readonly least: number;
      readonly unit: 'g' | 'ml';
      readonly citation: string;
    }
  | { readonly code: 'SAMPLE_TOO_WARM'; readonly dish: string; readonly coldest: string; readonly warmest: string };

export type SampleUnknown = { readonly code: 'SAMPLE_UNKNOWN'; readonly sampleId: string };

export type DestroyRefused =
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date }
  | { readonly code: 'SAMPLE_ALREADY_DESTROYED'; readonly at: Date; readonly by: string }
  | { readonly code: 'SAMPLE_REPLACED'; readonly id: string }
  | { readonly code: 'SAMPLE_TOO_YOUNG'; readonly destroyableFrom: Date }
  | { readonly code: 'SAMPLE_HELD'; readonly since: Date }
  | { readonly code: 'WITNESS_IS_DESTROYER'; readonly name: string };

type Taking = { readonly date: SchoolDate; readonly now: Date; readonly by: string };

/** Judges one sample by itself; the order of times is judged with the whole meal. */
export function takeSample(input: NewSample, dish: string, { date, now, by }: Taking): Result<Sample, SampleRefused> {
  const rules = foodRulesOn(date);
  const { form, amount, celsiusTenths, takenAt } = input;
  if (isAhead(takenAt, now)) return err({ code: 'CLOCK_AHEAD', at: takenAt, now });
  if (schoolDateOf(takenAt) !== date) return err({ code: 'NOT_OF_THE_DAY', at: takenAt, date });
  const [least, unit, rule] =
    form === 'SOLID'
      ? ([rules.leastSolidGrams, 'g', 'leastSolidGrams'] as const)
      : ([rules.leastLiquidMillilitres, 'ml', 'leastLiquidMillilitres'] as const);
  if (amount < least) return err({ code: 'SAMPLE_TOO_SMALL', dish, least, unit, citation: foodCitationOn(rule, date) });
  if (celsiusTenths < rules.coldestTenths || celsiusTenths > rules.warmestTenths) {
    return err({ code: 'SAMPLE_TOO_WARM', dish, coldest: degrees(rules.coldestTenths), warmest: degrees(rules.warmestTenths) });
  }
  const destroyableFrom = new Date(takenAt.getTime() + rules.keepSampleHours * 3_600_000);
  return ok({ ...input, destroyableFrom, recordedAt: now, recordedBy: by, destroyed: undefined });
}

type Destroying = { readonly holds: readonly Hold[]; readonly replacedBy: string | undefined; readonly now: Date; readonly by: string };

export function destroySample(
  sample: Sample,
  input: NewDestruction,
  { holds, replacedBy, now, by }: Destroying,
): Result<Sample, DestroyRefused> {
  const { destroyedAt, destroyedBy, witness } = input;
  if (sample.destroyed) {
    if (isSame(sample.destroyed, input)) return ok(sample);
    return err({ code: 'SAMPLE_ALREADY_DESTROYED', at: sample.destroyed.destroyedAt, by: sample.destroyed.destroyedBy });
  }
  if (replacedBy !== undefined) return err({ code: 'SAMPLE_REPLACED', id: replacedBy });
  if (isAhead(destroyedAt, now)) return err({ code: 'CLOCK_AHEAD', at: destroyedAt, now });
  if (destroyedAt < sample.destroyableFrom) return err({ code: 'SAMPLE_TOO_YOUNG', destroyableFrom: sample.destroyableFrom });
  // While the hold lasts it refuses an earlier time as well: nobody could tell it from one that was backdated.
  const hold = holds.find(({ heldAt, release }) => !release || (heldAt <= destroyedAt && destroyedAt < release.releasedAt));
  if (hold) return err({ code: 'SAMPLE_HELD', since: hold.heldAt });
  if (destroyedBy.toLowerCase() === witness.toLowerCase()) return err({ code: 'WITNESS_IS_DESTROYER', name: witness });
  return ok({ ...sample, destroyed: { ...input, recordedAt: now, recordedBy: by } });
}

export function isHeld(holds: readonly Hold[]): boolean {
  return holds.some(({ release }) => !release);
}

/** "4,5" for 45, as a Vietnamese book writes it. */
export function degrees(tenths: number): string {
  return (tenths / 10).toLocaleString('vi-VN');
}

function isSame(destruction: Destruction, input: NewDestruction): boolean {
  const { destroyedAt, destroyedBy, witness, note } = input;
  return (
    destruction.destroyedAt.getTime() === destroyedAt.getTime() &&
    destruction.destroyedBy === destroyedBy &&
    destruction.witness === witness &&
    destruction.note === note
  );
}
