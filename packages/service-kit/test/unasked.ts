import { err } from '@schoolbell/kernel';
import { kitRefusal } from '../src/kit-refusals.ts';

const refuse = async () => err(kitRefusal({ code: 'ROLE_NOT_ALLOWED' }));

/** Methods of the borrowed contract that no test of the kit calls. */
export const unasked = {
  listAbsenceAlerts: refuse,
  confirmAbsenceAlerts: refuse,
  holdAbsenceAlert: refuse,
  setAbsenceAlertPolicy: refuse,
  getAbsenceAlertPolicy: refuse,
};
