import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { readState } from '../engines/state.ts';
import { writePrivate } from './run-file.ts';

/** What a state directory keeps from one start to the next: who the demo school is, and its account with VNPAY's stand-in. */
export interface Identity {
  readonly school: { readonly id: string; readonly code: string; readonly name: string };
  readonly vnpay: { readonly tmnCode: string; readonly hashSecret: string };
}

export function openIdentity(stateDir: string): Identity {
  const file = join(stateDir, 'identity.json');
  const known = readState<Identity>(file);
  if (known) return known;
  const made: Identity = {
    school: { id: uuidv7(), code: '79000701', name: 'Trường Tiểu học Hoa Phượng' },
    vnpay: { tmnCode: 'HOAPHG01', hashSecret: randomBytes(24).toString('base64url') },
  };
  writePrivate(file, JSON.stringify(made));
  return made;
}
