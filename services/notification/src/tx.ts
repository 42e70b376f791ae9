import type { OutboxEvent, Session } from '@schoolbell/service-kit';
import { type AbsenceAlerts, openAbsenceAlerts } from './store/absences/absence-alerts.ts';
import { type AbsencePolicies, openAbsencePolicies } from './store/absences/absence-policies.ts';
import { type Alerts, openAlerts } from './store/alerts/alerts.ts';
import { type Deliveries, openDeliveries } from './store/deliveries/deliveries.ts';
import { type ClassTeachers, openClassTeachers } from './store/roster/class-teachers.ts';
import { type Guardians, openGuardians } from './store/roster/guardians.ts';
import { openSchools, type Schools } from './store/roster/schools.ts';
import { openStudents, type Students } from './store/roster/students.ts';

export type { Page, PageRequest } from '@schoolbell/service-kit';

/** All a use case may hold. */
export interface NotificationTx {
  readonly now: Date;
  newId(): string;
  emit(event: OutboxEvent): void;
  readonly schools: Schools;
  readonly students: Students;
  readonly guardians: Guardians;
  readonly classTeachers: ClassTeachers;
  readonly absences: AbsenceAlerts;
  readonly policies: AbsencePolicies;
  readonly alerts: Alerts;
  readonly deliveries: Deliveries;
}

export function notificationTx(session: Session): NotificationTx {
  return {
    now: session.now,
    newId: session.newId,
    emit: session.emit,
    schools: openSchools(session),
    students: openStudents(session),
    guardians: openGuardians(session),
    classTeachers: openClassTeachers(session),
    absences: openAbsenceAlerts(session),
    policies: openAbsencePolicies(session),
    alerts: openAlerts(session),
    deliveries: openDeliveries(session),
  };
}
