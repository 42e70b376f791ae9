import { onTestFinished } from 'vitest';

export const closeAfterTest = onTestFinished;
