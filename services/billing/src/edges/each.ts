import { isInfrastructure, type Logger } from '@schoolbell/service-kit';

export const inSchool = (schoolId: string) => ({ schoolId });

/**
 * One school's broken document must not hold up the others: the rest is done first, it is put off where it can be, and then the
 * tick fails, so that it backs off. Where MongoDB was away nothing speaks against the item: it comes with the next run of the tick.
 */
export async function each<I extends { readonly schoolId: string }>(
  items: readonly I[],
  log: Logger,
  work: (item: I) => Promise<void>,
  putOff?: (item: I) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      errors.push(error);
      log.warn({ err: error, schoolId: item.schoolId }, 'One item of a tick failed; the others go on');
      if (!isInfrastructure(error)) await putOff?.(item).catch((fault: unknown) => errors.push(fault));
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, `${errors.length} items of a tick failed`);
}
