import type { Session } from '@schoolbell/service-kit';
import type { Actor, Authority } from '../../domain/rights.ts';
import { guardianStore } from './guardians.ts';

/** What gives an actor the right to act; the office needs nothing. */
export function authorityStore(session: Session) {
  const guardians = guardianStore(session);
  return {
    async of(actor: Actor): Promise<Authority> {
      return { actor, guardian: actor.scope === 'CHILDREN' ? await guardians.find(actor.subject) : undefined };
    },
  };
}
