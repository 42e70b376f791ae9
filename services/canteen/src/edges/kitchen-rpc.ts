import type { CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { ok, type Result } from '@schoolbell/kernel';
import type { Handlers, WireRefusal } from '@schoolbell/service-kit';
import { cookingMessage, ingredientMessage, portioningMessage, sampleMessage, servingMessage } from '../events.ts';
import { changeDishes } from '../usecases/kitchen/change-dishes.ts';
import { checkCooking } from '../usecases/kitchen/check-cooking.ts';
import { checkIngredients } from '../usecases/kitchen/check-ingredients.ts';
import { checkPortioning } from '../usecases/kitchen/check-portioning.ts';
import { destroySample } from '../usecases/kitchen/destroy-sample.ts';
import { getServing } from '../usecases/kitchen/get-serving.ts';
import { holdSamples } from '../usecases/kitchen/hold-samples.ts';
import { listSamples } from '../usecases/kitchen/list-samples.ts';
import { openServing } from '../usecases/kitchen/open-serving.ts';
import { planServing } from '../usecases/kitchen/plan-serving.ts';
import { releaseSamples } from '../usecases/kitchen/release-samples.ts';
import { takeSample } from '../usecases/kitchen/take-sample.ts';
import { bookPrinting } from './books/book-printing.ts';
import { type CanteenDeps, scopeOf } from './calls.ts';
import {
  changeInput,
  cookingInput,
  destructionInput,
  holdInput,
  ingredientsInput,
  openInput,
  planInput,
  portioningInput,
  releaseInput,
  sampleInput,
  samplesInput,
  servingInput,
} from './kitchen-input.ts';
import { listedMessage, servingFoundMessage } from './kitchen-messages.ts';
import type { KitchenRefused } from './kitchen-refusal-texts.ts';
import { refusedKitchen } from './kitchen-refusals.ts';
import { read as readInput, toToken } from './scalars.ts';

type CanteenHandlers = Handlers<typeof CanteenServiceService>;
type ServingHandlers = Pick<
  CanteenHandlers,
  'planServing' | 'changeDishes' | 'openServing' | 'getServing' | 'holdSamples' | 'releaseSamples'
>;
type CheckHandlers = Pick<
  CanteenHandlers,
  'checkIngredients' | 'checkCooking' | 'checkPortioning' | 'takeSample' | 'destroySample' | 'listSamples'
>;
type KitchenHandlers = ServingHandlers & CheckHandlers & Pick<CanteenHandlers, 'printBook'>;

/** The kitchen's part of canteen's gRPC face. */
export function kitchenHandlers(deps: CanteenDeps): KitchenHandlers {
  return { ...servingHandlers(deps), ...checkHandlers(deps), printBook: bookPrinting(deps) };
}

function servingHandlers({ transact, read }: CanteenDeps): ServingHandlers {
  return {
    planServing: (request, call) =>
      withInput(readInput(planInput, request), async (wanted) => {
        const planned = await transact(scopeOf(call), (tx) => planServing(tx, { wanted, by: call.caller.subject }));
        return answer(planned, (serving) => ({ serving: servingMessage(serving) }));
      }),
    changeDishes: (request, call) =>
      withInput(readInput(changeInput, request), async (order) => {
        const changed = await transact(scopeOf(call), (tx) => changeDishes(tx, { ...order, by: call.caller.subject }));
        return answer(changed, (serving) => ({ serving: servingMessage(serving) }));
      }),
    openServing: (request, call) =>
      withInput(readInput(openInput, request), async ({ servingId }) => {
        const opened = await transact(scopeOf(call), (tx) => openServing(tx, { servingId, by: call.caller.subject }));
        return answer(opened, (serving) => ({ serving: servingMessage(serving) }));
      }),
    getServing: (request, call) =>
      withInput(readInput(servingInput, request), async (question) =>
        answer(await read(scopeOf(call), (tx) => getServing(tx, question)), servingFoundMessage),
      ),
    holdSamples: (request, call) =>
      withInput(readInput(holdInput, request), async (order) => {
        const held = await transact(scopeOf(call), (tx) => holdSamples(tx, { ...order, by: call.caller.subject }));
        return answer(held, (serving) => ({ serving: servingMessage(serving) }));
      }),
    releaseSamples: (request, call) =>
      withInput(readInput(releaseInput, request), async (order) => {
        const released = await transact(scopeOf(call), (tx) => releaseSamples(tx, { ...order, by: call.caller.subject }));
        return answer(released, (serving) => ({ serving: servingMessage(serving) }));
      }),
  };
}

function checkHandlers({ transact, read }: CanteenDeps): CheckHandlers {
  return {
    checkIngredients: (request, call) =>
      withInput(readInput(ingredientsInput, request), async (order) => {
        const checked = await transact(scopeOf(call), (tx) => checkIngredients(tx, { ...order, by: call.caller.subject }));
        return answer(checked, (checks) => ({ checks: checks.map(ingredientMessage) }));
      }),
    checkCooking: (request, call) =>
      withInput(readInput(cookingInput, request), async (said) => {
        const checked = await transact(scopeOf(call), (tx) => checkCooking(tx, { said, by: call.caller.subject }));
        return answer(checked, (check) => ({ check: cookingMessage(check) }));
      }),
    checkPortioning: (request, call) =>
      withInput(readInput(portioningInput, request), async (said) => {
        const checked = await transact(scopeOf(call), (tx) => checkPortioning(tx, { said, by: call.caller.subject }));
        return answer(checked, (check) => ({ check: portioningMessage(check) }));
      }),
    takeSample: (request, call) =>
      withInput(readInput(sampleInput, request), async (said) => {
        const taken = await transact(scopeOf(call), (tx) => takeSample(tx, { said, by: call.caller.subject }));
        return answer(taken, (sample) => ({ sample: sampleMessage(sample) }));
      }),
    destroySample: (request, call) =>
      withInput(readInput(destructionInput, request), async ({ sampleId, destruction: said }) => {
        const destroyed = await transact(scopeOf(call), (tx) => destroySample(tx, { sampleId, said, by: call.caller.subject }));
        return answer(destroyed, (sample) => ({ sample: sampleMessage(sample) }));
      }),
    listSamples: (request, call) =>
      withInput(readInput(samplesInput, request), async (question) => {
        const found = await read(scopeOf(call), (tx) => listSamples(tx, question));
        return answer(found, ({ rows, next }) => ({ samples: rows.map(listedMessage), page: { nextToken: toToken(next) } }));
      }),
  };
}

async function withInput<I, M>(
  input: Result<I, KitchenRefused>,
  work: (input: I) => Promise<Result<M, WireRefusal>>,
): Promise<Result<M, WireRefusal>> {
  return input.ok ? work(input.value) : refusedKitchen(input.refusal);
}

function answer<T, M>(result: Result<T, KitchenRefused>, message: (value: T) => M): Result<M, WireRefusal> {
  return result.ok ? ok(message(result.value)) : refusedKitchen(result.refusal);
}
