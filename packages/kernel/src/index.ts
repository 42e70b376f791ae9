export { isUuid } from './id.ts';
export { equal, isPositive, isZero, lessThan, type Money, minus, plus, smaller, sum, times, vnd, zero } from './money.ts';
export { err, type Ok, ok, type Refusal, type Result } from './result.ts';
export { addDays, parseSchoolDate, type SchoolDate, schoolDateOf } from './school-date.ts';
export { unreachable } from './unreachable.ts';
