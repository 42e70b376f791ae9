import { refusals, type WireRefusal, type Words } from '@schoolbell/service-kit';
import { missingWords } from './kitchen/missing-words.ts';
import { type KitchenRefused, kitchenRefusals } from './kitchen/refusals.ts';
import { type MealsRefused, mealsRefusals } from './meals/refusals.ts';
import { mealWords } from './meals/words.ts';

type CanteenRefused = MealsRefused | KitchenRefused;
type NotReady = CanteenRefused & { readonly code: 'SERVING_NOT_READY' };
type Worded = Exclude<CanteenRefused, NotReady> | { readonly code: 'SERVING_NOT_READY'; readonly missing: Words };

const inBothLanguages = refusals<Worded>({ ...mealsRefusals, ...kitchenRefusals });
type Common = Exclude<Parameters<typeof inBothLanguages>[0], Worded>;

/** Each refusal as its caller reads it. */
export function refused(refusal: CanteenRefused | Common): WireRefusal {
  return inBothLanguages(worded(refusal));
}

/** Adds the words for people beside the codes, which programs read as facts. */
function worded(refusal: CanteenRefused | Common): Worded | Common {
  switch (refusal.code) {
    case 'SERVING_NOT_READY':
      return { code: refusal.code, ...missingWords(refusal.missing) };
    case 'DIET_WOULD_DROP':
      return { ...refusal, ...{ dropped: droppedWords(refusal) } };
    default:
      return 'meal' in refusal ? { ...refusal, ...{ mealName: mealWords[refusal.meal] } } : refusal;
  }
}

/** How much, but not what: the text may be logged on its way. */
function droppedWords({ allergens, note }: { readonly allergens: number; readonly note: boolean }): Words {
  const both = (allergy: string, text: string) => [allergens > 0 && allergy, note && text].filter(Boolean).join(', ');
  return { vi: both(`${allergens} chất gây dị ứng`, 'ghi chú'), en: both(`allergens (${allergens})`, 'the note') };
}
