// bites: contracts-import-only-protobuf
import { ok } from '../../kernel/src/index.ts';

export const business = ok;
