import { collection, rowsOf, type Session, stored } from '@schoolbell/service-kit';

const { id, number, text } = stored;

export const schools = collection('schools', { id, name: text }, { beside: { version: number } });

/** The school as registry announced it. */
export function schoolStore(session: Session) {
  const rows = rowsOf(session, schools);
  return {
    /** Undefined until registry's event has come. */
    name: async (): Promise<string | undefined> => (await rows.one({}))?.name,
    follow: (school: { readonly id: string; readonly name: string }, version: number) => rows.follow(school, { version }),
  };
}
