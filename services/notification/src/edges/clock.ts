import { type Deps, due, type Tick } from '@schoolbell/service-kit';
import type { NotificationConfig } from '../config.ts';
import type { NotificationTx } from '../tx.ts';
import { releaseDueAbsences } from '../usecases/absences/release-due-absences.ts';
import { composeWaitingAlerts } from '../usecases/alerts/compose-waiting-alerts.ts';
import { giveUpOldDeliveries } from '../usecases/deliveries/give-up-old-deliveries.ts';
import { composeMealLetters } from '../usecases/meals/compose-meal-letters.ts';
import { openEmailChannel } from './channels/email.ts';
import { openCourier } from './courier.ts';

type NotificationDeps = Deps<NotificationConfig, NotificationTx>;

const portion = 100;
// The commands and events that leave work for a job wake it; the pause is for what falls due by itself.
const often = { everyMs: 1_000, limit: portion, together: portion };

/** What happens in notification without anyone asking. */
export function clock(deps: NotificationDeps): Tick[] {
  const { transact, wake } = deps;
  return [
    { name: 'deliveries', everyMs: 1_000, run: courierOf(deps) },
    due(deps, {
      name: 'due absences',
      ...often,
      find: (tx, limit) => tx.absences.dueOfEachSchool(limit),
      work: async (items) => {
        const ids = items.map(({ id }) => id);
        const { value } = await transact(items[0], (tx) => releaseDueAbsences(tx, { limit: portion, ids }));
        // What became of the meals of those who are away waited for it.
        if (value.released > 0) for (const woken of ['deliveries', 'meal letters']) wake(woken);
      },
      putOff: (tx, { id }, { until }) => tx.absences.putOff(id, until),
    }),
    due(deps, {
      name: 'meal letters',
      ...often,
      find: (tx, limit) => tx.alerts.mealsDueOfEachSchool(limit),
      work: async (items) => {
        const ofPupils = items.map(({ studentId }) => studentId);
        const { value } = await transact(items[0], (tx) => composeMealLetters(tx, { limit: portion, ofPupils }));
        if (value.composed > 0) wake('deliveries');
        return value.looked === portion;
      },
      putOff: (tx, { studentId }, { until }) => tx.alerts.putOffMeals(studentId, until),
    }),
    due(deps, {
      name: 'waiting alerts',
      ...often,
      find: (tx, limit) => tx.alerts.dueOfEachSchool(limit),
      work: async (items) => {
        const ids = items.map(({ id }) => id);
        const { value } = await transact(items[0], (tx) => composeWaitingAlerts(tx, { limit: portion, ids }));
        if (value.composed > 0) wake('deliveries');
      },
      putOff: (tx, { id }, { until }) => tx.alerts.putOff(id, until),
    }),
    due(deps, {
      name: 'old deliveries',
      everyMs: 60_000,
      limit: Number.POSITIVE_INFINITY,
      find: async (tx) => (await tx.deliveries.schoolsOpen()).map((schoolId) => ({ schoolId })),
      work: async ([school]) => (await transact(school, (tx) => giveUpOldDeliveries(tx, { limit: portion }))).value.givenUp === portion,
    }),
  ];
}

function courierOf({ transact, read, config, log }: NotificationDeps): Tick['run'] {
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
  return openCourier({ transact, read, channel, connections, timeoutMs, leaseMs: config.SCHOOLBELL_DELIVERY_LEASE_MS, log });
}
