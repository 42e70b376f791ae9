export { ok } from './result.ts';
