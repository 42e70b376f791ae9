// bites: no-cycles
import { one } from './ring-one.ts';

export const two = (): unknown => one();
