export { type TestDatabase, testDatabase } from './engines.ts';
