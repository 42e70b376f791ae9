import { ok } from '../../../../packages/kernel/src/index.ts';

export const pupil = ok;
