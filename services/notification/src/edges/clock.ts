import { type Deps, everySchool, type Tick } from '@schoolbell/service-kit';
import type { NotificationConfig } from '../config.ts';
import type { NotificationTx } from '../tx.ts';
import { releaseDueAbsences } from '../usecases/absences/release-due-absences.ts';
import { composeWaitingAlerts } from '../usecases/alerts/compose-waiting-alerts.ts';
import { findSchoolsWithWork, type Work } from '../usecases/deliveries/find-schools-with-work.ts';
import { giveUpOldDeliveries } from '../usecases/deliveries/give-up-old-deliveries.ts';
import { composeMealLetters } from '../usecases/meals/compose-meal-letters.ts';
import { openEmailChannel } from './channels/email.ts';
import { openCourier } from './courier.ts';

type NotificationDeps = Deps<NotificationConfig, NotificationTx>;

const portion = 100;

/** Which use case runs when. */
export function ticks(deps: NotificationDeps): Tick[] {
  const { transact, read, config, log, wake } = deps;
  const connections = config.SCHOOLBELL_SMTP_CONNECTIONS;
  const timeoutMs = config.SCHOOLBELL_SMTP_TIMEOUT_MS;
  const channel = openEmailChannel({
    url: config.SCHOOLBELL_SMTP_URL,
    from: config.SCHOOLBELL_MAIL_FROM,
    connections,
    timeoutMs,
    dataTimeoutMs: config.SCHOOLBELL_SMTP_DATA_TIMEOUT_MS,
    breakerResetMs: config.SCHOOLBELL_SMTP_BREAKER_RESET_MS,
  });
  const deliver = openCourier({ transact, read, channel, connections, timeoutMs, leaseMs: config.SCHOOLBELL_DELIVERY_LEASE_MS, log });
  return [
    // Whoever makes letters wakes it; the pause is for those of a sibling, and for tries that fall due.
    { name: 'deliveries', everyMs: 1_000, run: deliver },
    {
      name: 'due absences',
      everyMs: 1_000,
      run: async () => {
        let released = 0;
        const more = await forSchools(deps, 'DUE_ABSENCES', async (tx) => {
          const { value } = await releaseDueAbsences(tx, { limit: portion });
          released += value.released;
          return value.looked === portion;
        });
        // What became of the meals of those who are away waited for it.
        if (released > 0) for (const woken of ['deliveries', 'waiting alerts']) wake(woken);
        return more;
      },
    },
    {
      name: 'waiting alerts',
      everyMs: 1_000,
      run: async () => {
        let composed = 0;
        const more = await forSchools(deps, 'WAITING_ALERTS', async (tx) => {
          const meals = (await composeMealLetters(tx, { limit: portion })).value;
          const others = (await composeWaitingAlerts(tx, { limit: portion })).value;
          composed += meals.composed + others.composed;
          return meals.looked === portion || others.looked === portion;
        });
        if (composed > 0) wake('deliveries');
        return more;
      },
    },
    {
      name: 'old deliveries',
      everyMs: 60_000,
      run: () =>
        forSchools(deps, 'OPEN_DELIVERIES', async (tx) => (await giveUpOldDeliveries(tx, { limit: portion })).value.givenUp === portion),
    },
  ];
}

/**
 * One portion for each school that has work of this kind. True when one of them has more. One school's broken document must not hold up
 * the others: they are served first, and then the tick fails, so that it backs off.
 */
async function forSchools(
  { transact, read, log }: NotificationDeps,
  work: Work,
  useCase: (tx: NotificationTx) => Promise<boolean>,
): Promise<boolean> {
  let more = false;
  const errors: unknown[] = [];
  for (const schoolId of await read({ schoolId: everySchool }, (tx) => findSchoolsWithWork(tx, work))) {
    try {
      more = (await transact({ schoolId }, useCase)) || more;
    } catch (error) {
      errors.push(error);
      log.warn({ err: error, schoolId, work }, 'Work of a school failed; the others go on');
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, `Work of ${errors.length} schools failed`);
  return more;
}
