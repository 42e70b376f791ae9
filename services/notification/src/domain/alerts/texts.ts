import { en } from './texts-en.ts';
import { vi } from './texts-vi.ts';

/** Every word a guardian reads. Facts stand in {{…}}; both languages have the same keys, which a test sees to. */
export const texts = { vi, en } as const;
