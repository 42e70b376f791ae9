import type { NotificationTx } from '../../tx.ts';

export type Work = 'DUE_DELIVERIES' | 'URGENT_DELIVERIES' | 'OPEN_DELIVERIES' | 'WAITING_ALERTS' | 'DUE_ABSENCES';

/** Timer, across schools: who has work of this kind now. Reads only. */
export async function findSchoolsWithWork(tx: NotificationTx, work: Work): Promise<string[]> {
  switch (work) {
    case 'DUE_DELIVERIES':
      return tx.deliveries.schoolsDue();
    case 'URGENT_DELIVERIES':
      return tx.deliveries.schoolsDue('URGENT');
    case 'OPEN_DELIVERIES':
      return tx.deliveries.schoolsOpen();
    case 'WAITING_ALERTS':
      return tx.alerts.schoolsToLook();
    case 'DUE_ABSENCES':
      return tx.absences.schoolsDue();
  }
}
