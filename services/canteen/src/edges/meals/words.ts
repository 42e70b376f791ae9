import type { Allergen } from '../../domain/meals/diet.ts';
import type { Meal } from '../../domain/meals/meal.ts';

type Words = { readonly vi: string; readonly en: string };

/** Meals as a refusal names them within a sentence. */
export const mealWords: Readonly<Record<Meal, Words>> = {
  BREAKFAST: { vi: 'bữa sáng', en: 'breakfast' },
  LUNCH: { vi: 'bữa trưa', en: 'lunch' },
  SNACK: { vi: 'bữa phụ', en: 'snack' },
};

export const allergenWords: Readonly<Record<Allergen, Words>> = {
  GLUTEN: { vi: 'gluten (lúa mì)', en: 'gluten' },
  CRUSTACEANS: { vi: 'tôm, cua', en: 'crustaceans' },
  EGGS: { vi: 'trứng', en: 'eggs' },
  FISH: { vi: 'cá, nước mắm', en: 'fish' },
  PEANUTS: { vi: 'lạc (đậu phộng)', en: 'peanuts' },
  SOYBEANS: { vi: 'đậu nành', en: 'soybeans' },
  MILK: { vi: 'sữa', en: 'milk' },
  NUTS: { vi: 'các loại hạt', en: 'nuts' },
  CELERY: { vi: 'cần tây', en: 'celery' },
  MUSTARD: { vi: 'mù tạt', en: 'mustard' },
  SESAME: { vi: 'vừng (mè)', en: 'sesame' },
  SULPHITES: { vi: 'sulfit', en: 'sulphites' },
  LUPIN: { vi: 'đậu lupin', en: 'lupin' },
  MOLLUSCS: { vi: 'mực, nghêu, ốc', en: 'molluscs' },
};
