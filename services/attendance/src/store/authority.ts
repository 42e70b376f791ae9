import type { Session } from '@schoolbell/service-kit';
import type { Actor, Authority } from '../domain/rights.ts';
import { guardianStore } from './guardians.ts';
import { teacherStore } from './teachers.ts';

/** What gives an actor the right to act; the office needs nothing. */
export function authorityStore(session: Session) {
  const [teachers, guardians] = [teacherStore(session), guardianStore(session)];
  return {
    async of(actor: Actor): Promise<Authority> {
      const { scope, subject } = actor;
      const assignments = scope === 'CLASSES' ? await teachers.ofSubject(subject) : [];
      const guardian = scope === 'CHILDREN' ? await guardians.find(subject) : undefined;
      return { actor, assignments, guardian };
    },
  };
}
