import { serviceSchema } from '@schoolbell/service-kit';

/** Registry reads what every service reads. */
export const registrySchema = serviceSchema('registry');
