import { absenceAlertDocuments } from './absences/absence-alerts.ts';
import { policyDocuments } from './absences/absence-policies.ts';
import { alertDocuments } from './alerts/alerts.ts';
import { deliveryDocuments } from './deliveries/deliveries.ts';
import { classTeacherDocuments } from './roster/class-teachers.ts';
import { guardianDocuments } from './roster/guardians.ts';
import { schoolDocuments } from './roster/schools.ts';
import { studentDocuments } from './roster/students.ts';

/** Every collection of notification with its indexes, which are made before traffic and asserted at start. */
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
