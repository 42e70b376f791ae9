import type { Command } from 'commander';
import type { Shell } from './session.ts';

/** Gives the command of a noun its verbs and options. */
export type Fill = (command: Command, shell: Shell) => void;

interface Noun {
  readonly what: string;
  readonly load: () => Promise<Fill>;
}

/** What may follow `schoolbell`. A noun is loaded when it is asked for: loading them all takes longer than most of them work. */
export const nouns: Readonly<Record<string, Noun>> = {
  status: {
    what: 'whether Schoolbell runs here, and how each service is',
    load: async () => (await import('./nouns/status.ts')).fillStatus,
  },
  call: { what: 'calls any RPC of any service, with fields as JSON', load: async () => (await import('./nouns/call.ts')).fillCall },
  roster: { what: "the school's pupils and guardians from files", load: async () => (await import('./nouns/roster.ts')).fillRoster },
  pupil: { what: 'pupils by class, and whom codes mean', load: async () => (await import('./nouns/pupils.ts')).fillPupil },
  rollcall: {
    what: 'who is here: roll calls of a class and half-day',
    load: async () => (await import('./nouns/rollcalls.ts')).fillRollCall,
  },
  meals: { what: "the kitchen's count, and monthly bills", load: async () => (await import('./nouns/meals.ts')).fillMeals },
  kitchen: {
    what: 'food safety: how a meal stands, and the books to print',
    load: async () => (await import('./nouns/kitchen.ts')).fillKitchen,
  },
  invoice: { what: 'invoices of one pupil or of the whole school', load: async () => (await import('./nouns/invoices.ts')).fillInvoice },
  payment: { what: 'paying through a gateway', load: async () => (await import('./nouns/payments.ts')).fillPayment },
  suspense: {
    what: 'verified money and notices that wait for a person',
    load: async () => (await import('./nouns/suspense.ts')).fillSuspense,
  },
  demo: { what: 'things to try on the demo school', load: async () => (await import('./nouns/demo.ts')).fillDemo },
  events: {
    what: 'what services announce; for operators, reads Kafka itself',
    load: async () => (await import('./nouns/events.ts')).fillEvents,
  },
  parked: {
    what: 'events that a group of a service could not apply; for operators, speaks to Kafka itself',
    load: async () => (await import('./nouns/parked.ts')).fillParked,
  },
  completion: {
    what: 'completes words of this command in a shell',
    load: async () => (await import('./nouns/completion.ts')).fillCompletion,
  },
};
