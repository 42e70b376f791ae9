import type { Command } from 'commander';
import type { Act, Shell } from './session.ts';

/** Adds the commands of one file. */
type Add = (program: Command, act: Act, shell: Shell) => void;

/**
 * What may follow `schoolbell`, and the file that knows it. A file is loaded when one of its nouns is asked for: loading them all takes
 * longer than most of them work.
 */
const files: readonly { readonly nouns: readonly string[]; readonly load: () => Promise<Add> }[] = [
  { nouns: ['status'], load: async () => (await import('./nouns/status.ts')).addStatus },
  { nouns: ['call'], load: async () => (await import('./nouns/call.ts')).addCall },
  { nouns: ['roster'], load: async () => (await import('./nouns/roster.ts')).addRosterNoun },
  { nouns: ['class', 'pupil', 'guardian'], load: async () => (await import('./nouns/registry.ts')).addRegistryNouns },
  { nouns: ['rollcall'], load: async () => (await import('./nouns/rollcalls.ts')).addRollCallNoun },
  { nouns: ['leave'], load: async () => (await import('./nouns/leave.ts')).addLeaveNoun },
  { nouns: ['scan'], load: async () => (await import('./nouns/scans.ts')).addScan },
  { nouns: ['year'], load: async () => (await import('./nouns/years.ts')).addYearNoun },
  { nouns: ['teacher'], load: async () => (await import('./nouns/teachers.ts')).addTeacherNoun },
  { nouns: ['kitchen'], load: async () => (await import('./nouns/kitchen.ts')).addKitchenNoun },
  { nouns: ['absence'], load: async () => (await import('./nouns/absences.ts')).addAbsenceNoun },
  { nouns: ['fee'], load: async () => (await import('./nouns/fees.ts')).addFeeNoun },
  { nouns: ['invoice'], load: async () => (await import('./nouns/invoices.ts')).addInvoiceNoun },
  { nouns: ['payment', 'ledger', 'suspense'], load: async () => (await import('./nouns/payments.ts')).addPaymentNouns },
  {
    nouns: ['meals', 'support', 'refund'],
    load: async () => {
      const [{ addMealsNoun }, { addMealMoneyNouns }] = await Promise.all([import('./nouns/meals.ts'), import('./nouns/meal-money.ts')]);
      return (program, act) => addMealMoneyNouns(program, addMealsNoun(program, act), act);
    },
  },
  { nouns: ['menu'], load: async () => (await import('./nouns/menus.ts')).addMenuNoun },
  { nouns: ['diet'], load: async () => (await import('./nouns/diets.ts')).addDietNoun },
  { nouns: ['delivery'], load: async () => (await import('./nouns/deliveries.ts')).addDeliveryNoun },
  { nouns: ['demo'], load: async () => (await import('./nouns/demo.ts')).addDemoNoun },
  { nouns: ['events'], load: async () => (await import('./nouns/events.ts')).addEventsNoun },
  { nouns: ['parked'], load: async () => (await import('./nouns/parked.ts')).addParkedNoun },
];

/** Adds the nouns that are named among these words; all of them where none is, for the help. */
export async function addNouns(program: Command, words: readonly string[], act: Act, shell: Shell): Promise<void> {
  const named = files.filter(({ nouns }) => nouns.some((noun) => words.includes(noun)));
  for (const { load } of named.length > 0 ? named : files) (await load())(program, act, shell);
}
