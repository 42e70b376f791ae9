// bites: packages-below-services
import { invoice } from '../../../services/billing/src/domain/invoice.ts';

export const known = invoice;
