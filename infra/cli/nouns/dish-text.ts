import { Allergen, type Dish } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { InvalidArgumentError } from 'commander';
import { enumChoices } from '../wording.ts';
import { enumFrom } from './meal-options.ts';

type Ingredient = Dish['ingredients'][number];

/**
 * "Thịt kho trứng: thịt lợn, trứng gà [eggs], nước mắm [fish]". Whatever is not understood is refused with what to write instead:
 * an allergen that is passed over would be served to the child who must not eat it.
 */
export function readDish(text: string): Dish {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0)).trim();
  if (name === '') throw wrong(`"${text.trim()}" needs a name, a colon and its ingredients.`);
  if (/[[\]]/.test(name)) throw wrong(`Allergens stand behind an ingredient, after the colon: "${name}" is the name of the dish.`);
  const rest = text.slice(colon + 1);
  refuseStrangeSigns(name, rest);
  return { name, ingredients: ingredientTexts(name, rest).map(readIngredient) };
}

/** The same for a dish that comes onto a meal; "Trứng chiên: ?" is one of which nobody knows what it holds. */
export function readCookedDish(text: string): Dish {
  const [, name = ''] = /^([^:[\]]+):\s*\?\s*$/u.exec(text) ?? [];
  if (name.trim() !== '') return { name: name.trim(), ingredients: [] };
  if (!text.includes(':'))
    throw wrong(
      `Say what "${text.trim()}" is made of; "${text.trim()}: ?" where nobody knows, which asks care for all who avoid anything.`,
    );
  return readDish(text);
}

const like = 'Write it like "Thịt kho trứng: thịt lợn, trứng gà [eggs], nước mắm [fish]".';

function wrong(text: string): InvalidArgumentError {
  return new InvalidArgumentError(`${text} ${like}`);
}

function refuseStrangeSigns(name: string, rest: string): void {
  if (rest.includes(':')) throw wrong(`"${name}" has a second colon: give every dish its own --dish.`);
  const [sign] = /[;；，、|{}［］【】\n]/.exec(rest) ?? [];
  if (sign !== undefined) throw wrong(`"${sign}" in "${name}" means nothing here: commas part ingredients, [ ] hold allergens.`);
}

/** Cut at the commas outside of brackets. */
function ingredientTexts(name: string, rest: string): string[] {
  const texts = [''];
  let open = false;
  for (const sign of rest) {
    if (sign === '[' && open) throw wrong(`"${name}" has a "[" inside of brackets: close the first with "]".`);
    if (sign === ']' && !open) throw wrong(`"${name}" has a "]" without a "[" before it.`);
    if (sign === '[') open = true;
    if (sign === ']') open = false;
    if (sign === ',' && !open) texts.push('');
    else texts[texts.length - 1] += sign;
  }
  if (open) throw wrong(`"${name}" has a "[" that is not closed with "]".`);
  return texts;
}

function readIngredient(text: string): Ingredient {
  const [, words = '', inside, after = ''] = /^([^[]*)(?:\[([^\]]*)\])?(.*)$/su.exec(text) ?? [];
  const name = words.trim();
  if (name === '' && inside === undefined) throw wrong('An ingredient is missing between or behind two commas, or behind the colon.');
  if (name === '') throw wrong(`"[${inside}]" needs the ingredient that holds it before it.`);
  if (after.trim() !== '')
    throw wrong(`"${after.trim()}" stands behind the allergens of "${name}": put a comma before it or move it there.`);
  refuseRoundBrackets(name);
  return { name, allergens: inside === undefined ? [] : allergensOf(name, inside) };
}

function allergensOf(ingredient: string, inside: string): Allergen[] {
  const allergens = inside.split(',').map((word) => {
    if (word.trim() === '') throw wrong(`The brackets of "${ingredient}" lack an allergen; without any, leave them out.`);
    return allergenFrom(word.trim());
  });
  return [...new Set(allergens)];
}

/** "lạc (peanuts)" is an ingredient without an allergen to a reader of signs, and one with it to every person. */
function refuseRoundBrackets(name: string): void {
  for (const [, inside = ''] of name.matchAll(/\(([^)]*)\)?/gu)) {
    const known = inside.split(/[,/]/).find((word) => knownAllergen(word.trim()) !== undefined);
    if (known !== undefined) throw wrong(`Allergens stand in square brackets: write "[${known.trim()}]" in "${name}".`);
  }
}

/** An allergen by its English name: "peanuts". */
export function allergenFrom(word: string): Allergen {
  const known = knownAllergen(word);
  if (known === undefined) throw new InvalidArgumentError(`"${word}" is none of ${enumChoices(Allergen).join(', ')}.`);
  return known;
}

function knownAllergen(word: string): Allergen | undefined {
  const known = enumFrom(Allergen, word.toLowerCase());
  return known === 0 ? undefined : (known as Allergen);
}
