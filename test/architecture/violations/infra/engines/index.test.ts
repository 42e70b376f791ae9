import { closeAfterTest } from './fixtures.ts';

console.log(closeAfterTest);
