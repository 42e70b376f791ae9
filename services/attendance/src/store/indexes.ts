import { absences } from './absences.ts';
import { guardians } from './guardians.ts';
import { leaves } from './leaves.ts';
import { rollCalls } from './roll-calls.ts';
import { students } from './students.ts';
import { teachers } from './teachers.ts';
import { walks } from './walks.ts';
import { years } from './years.ts';

/** Every collection of attendance with its indexes, which are made before traffic and asserted at start. */
export const collections = [students, guardians, teachers, years, walks, rollCalls, leaves, absences];
