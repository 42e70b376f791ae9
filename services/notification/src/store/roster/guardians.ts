import { collection, type DocumentOf, index, onceRead, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Guardian } from '../../domain/roster/roster.ts';

const { day, flag, id, instant, list, maybe, number, oneOf, optional, part, text } = stored;

const guardianship = part({ studentId: text, from: day, until: optional(day) });
const guardian = { id, wantsNotices: flag, guardianships: list(guardianship), changedAt: optional(instant) };

export const guardianDocuments = collection('guardians', guardian, {
  // Name, address and language only of somebody who asked for notices.
  beside: { version: number, name: maybe(text), email: maybe(text), language: maybe(oneOf('vi', 'en')) },
  indexes: [index({ schoolId: 1, 'guardianships.studentId': 1 })],
});

export interface Guardians {
  find(ids: readonly string[]): Promise<Guardian[]>;
  /** Whoever is or was answerable for one of these pupils. */
  ofStudents(studentIds: readonly string[]): Promise<Guardian[]>;
  follow(guardian: Guardian, version: number): void;
}

export function openGuardians(session: Session): Guardians {
  const rows = rowsOf(session, guardianDocuments);
  const ofStudents = onceRead<Guardian>(async (ids) => {
    const found = (await rows.documents.find({ 'guardianships.studentId': { $in: [...ids] } })).map(fromDocument);
    const answerable = Map.groupBy(
      found.flatMap((guardian) => [...new Set(guardian.guardianships.map(({ studentId }) => studentId))].map((id) => ({ id, guardian }))),
      ({ id }) => id,
    );
    return ids.flatMap((id) => (answerable.get(id) ?? []).map(({ guardian }) => [id, guardian] as const));
  });
  return {
    find: async (ids) => (await rows.documents.find({ _id: { $in: [...ids] } })).map(fromDocument),
    // Whoever is answerable for two of them is one.
    ofStudents: async (ids) => [...new Map((await ofStudents.all(ids)).map((guardian) => [guardian.id, guardian])).values()],
    follow: (guardian, version) => {
      ofStudents.forget();
      const contact = guardian.wantsNotices && { name: guardian.name, email: guardian.email, language: guardian.language };
      rows.follow(guardian, { version, ...contact });
    },
  };
}

function fromDocument(document: DocumentOf<typeof guardianDocuments>): Guardian {
  const { name = '', email = '', language = 'vi' } = document;
  const { wantsNotices, ...known } = guardianDocuments.read(document);
  return wantsNotices ? { ...known, wantsNotices, name, email, language } : { ...known, wantsNotices };
}
