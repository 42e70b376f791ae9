// bites: nobody-imports-the-bench
import { floor } from '../load/main.ts';

console.log(floor);
