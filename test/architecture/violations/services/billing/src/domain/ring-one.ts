// bites: no-cycles
import { two } from './ring-two.ts';

export const one = () => two();
