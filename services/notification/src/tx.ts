import type { OutboxEvent, Session } from '@schoolbell/service-kit';
import { type AbsenceAlerts, absenceAlertDocuments, openAbsenceAlerts } from './store/absences/absence-alerts.ts';
import { type AbsencePolicies, openAbsencePolicies, policyDocuments } from './store/absences/absence-policies.ts';
import { type Alerts, alertDocuments, openAlerts } from './store/alerts/alerts.ts';
import { type Deliveries, deliveryDocuments, openDeliveries } from './store/deliveries/deliveries.ts';
import { type ClassTeachers, classTeacherDocuments, openClassTeachers } from './store/roster/class-teachers.ts';
import { type Guardians, guardianDocuments, openGuardians } from './store/roster/guardians.ts';
import { openSchools, type Schools, schoolDocuments } from './store/roster/schools.ts';
import { openStudents, type Students, studentDocuments } from './store/roster/students.ts';

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

export const collections = [
  schoolDocuments,
  studentDocuments,
  guardianDocuments,
  classTeacherDocuments,
  policyDocuments,
  absenceAlertDocuments,
  alertDocuments,
  deliveryDocuments,
];

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
