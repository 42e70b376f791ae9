import { file, serviceSchema } from '@schoolbell/service-kit';
import { z } from 'zod';

export const billingSchema = serviceSchema('billing').extend({
  /** The schools' merchant accounts with their secrets; read again when it changes. Without it no school can be paid through a gateway. */
  SCHOOLBELL_GATEWAYS_FILE: file('/etc/schoolbell/gateways.json').optional(),
  /** How long a pay URL may be used. Money that comes later is still taken. */
  SCHOOLBELL_PAYMENT_MINUTES: z.coerce.number('is not a number').int().min(5).max(1_440).prefault('15').meta({ example: '15' }),
});

export type BillingConfig = z.output<typeof billingSchema>;
