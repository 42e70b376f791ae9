import { serviceSchema } from '@schoolbell/service-kit';
import type { z } from 'zod';

/** Canteen reads what every service reads. */
export const canteenSchema = serviceSchema('canteen');

export type CanteenConfig = z.output<typeof canteenSchema>;
