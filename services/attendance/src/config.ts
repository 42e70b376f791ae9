import { serviceSchema } from '@schoolbell/service-kit';
import type { z } from 'zod';

/** Attendance reads what every service reads. */
export const attendanceSchema = serviceSchema('attendance');

export type AttendanceConfig = z.output<typeof attendanceSchema>;
