import { fields } from '@schoolbell/service-kit';
import { z } from 'zod';

export const balancesInput = z.object({ page: fields.page, prefix: z.string().max(100) });
