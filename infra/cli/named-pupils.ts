import type { Clients } from '../start/clients.ts';
import { failureOf, withHint } from './failure.ts';

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** A name is a help, not worth a long wait. */
const lookMs = 3_000;

/** Services name pupils by their ids, since their texts are logged on their way; a teacher with forty marks needs to know who it is. */
export async function withPupilNames(error: unknown, clients: Clients): Promise<unknown> {
  const ids = [...new Set(failureOf(error).text.match(uuids))].slice(0, 200);
  if (ids.length === 0) return error;
  const names = await namesOf(clients, ids);
  return names.length === 0 ? error : withHint(error, names.join('\n'), {});
}

async function namesOf(clients: Clients, codes: string[]): Promise<string[]> {
  try {
    const { pupils } = await clients.registry.findPupils({ codes }, { deadlineMs: lookMs });
    return pupils.map(
      ({ studentId, fullName, code, className }) => `${studentId} is ${fullName} (${code || 'no code yet'}), ${className}.`,
    );
  } catch {
    return [];
  }
}
