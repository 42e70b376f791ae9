import { z } from 'zod';

const times = z.int().positive().optional();

/**
 * What the mail server does with the next messages. `times` counts the messages until it behaves again; without it, it
 * goes on until told otherwise. `drop` with `kept: true` takes the message in and cuts the line before it says so: the
 * sender cannot know, and a careless one sends twice.
 */
export const behaviourShape = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('accept') }),
  z.strictObject({
    do: z.literal('refuse'),
    code: z.int().min(400).max(599),
    at: z.enum(['recipient', 'message']).default('recipient'),
    times,
  }),
  z.strictObject({ do: z.literal('hang'), times }),
  z.strictObject({ do: z.literal('drop'), kept: z.boolean().default(false), times }),
]);

export type Behaviour = z.output<typeof behaviourShape>;
export type BehaviourWish = z.input<typeof behaviourShape>;

export interface Temper {
  current(): Behaviour;
  set(wish: BehaviourWish): void;
  /** The behaviour for one message at one stage of it; counts it down only where it acts at that stage. */
  next(stage: 'recipient' | 'message'): Behaviour;
}

const good: Behaviour = { do: 'accept' };

export function createTemper(): Temper {
  let behaviour = good;
  let left = Number.POSITIVE_INFINITY;
  return {
    current: () => behaviour,
    set(wish) {
      behaviour = behaviourShape.parse(wish);
      left = behaviour.do === 'accept' ? Number.POSITIVE_INFINITY : (behaviour.times ?? Number.POSITIVE_INFINITY);
    },
    next(stage) {
      if (stageOf(behaviour) !== stage) return good;
      const now = behaviour;
      left -= 1;
      if (left <= 0) behaviour = good;
      return now;
    },
  };
}

function stageOf(behaviour: Behaviour): 'recipient' | 'message' {
  return behaviour.do === 'refuse' ? behaviour.at : 'message';
}
