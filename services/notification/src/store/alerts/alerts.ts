import { defineCollection, ofEachSchool, onceRead, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { About, Alert, OpenAlert, SettledAlert, ToldAlert, WaitingAlert } from '../../domain/alerts/alert.ts';
import type { Fact, MealFact } from '../../domain/alerts/fact.ts';
import { isWaitingMeal, type KnownMeal, type WaitingMeal } from '../../domain/meals/meal-alert.ts';
import { isMealFact, mealKey, mealKinds } from '../../domain/meals/meals.ts';
import { type FactDocument, factDocument, factFrom, factSchema, kinds } from './facts.ts';

/** `_id` is the event's id. The fact, which names a pupil, is gone once the alert is settled: ten minutes after it was told. */
interface AlertDocument extends Stored {
  status: Alert['status'];
  studentId: string;
  kind: Fact['kind'];
  occurredAt?: Date;
  announcedAt?: Date;
  traceparent?: string;
  fact?: FactDocument;
  heardAt?: Date;
  lookAgainAt?: Date;
  toldAt?: Date;
  deliveries?: number;
  settledAt?: Date;
  /** It waits for what becomes of an absence, and not for the roster. */
  held?: true;
  /** Which meal of which pupil, and how new. */
  about?: string;
  version?: number;
  toldWith?: string;
  standing?: number;
}

// Not $exists: only a range lets MongoDB answer from the index alone. Who asks for a range of its own says this lower end too, or the
// index is not taken.
const everLooking = { lookAgainAt: { $gt: new Date(0) } };
// As above: a range, and said by whoever asks.
const aboutMeals = { about: { $gt: '' } };
const text = { type: String, required: true };
const kind = { type: String, required: true, enum: kinds };
const schema = new mongoose.Schema({
  status: { type: String, required: true, enum: ['WAITING', 'TOLD', 'COMPOSED', 'EXPIRED', 'WITHDRAWN'] },
  studentId: text,
  kind,
  occurredAt: Date,
  announcedAt: Date,
  traceparent: String,
  fact: factSchema,
  heardAt: Date,
  lookAgainAt: Date,
  toldAt: Date,
  deliveries: Number,
  settledAt: Date,
  held: Boolean,
  about: String,
  version: Number,
  toldWith: String,
  standing: Number,
});
schema.index({ schoolId: 1, lookAgainAt: 1 }, { partialFilterExpression: everLooking });
// Those that still wait for anybody at all are few; without it they would be counted among all that were told in the last minutes.
schema.index({ schoolId: 1, studentId: 1 }, { partialFilterExpression: { status: 'WAITING' } });
schema.index({ schoolId: 1, about: 1 }, { partialFilterExpression: aboutMeals });
export const alertDocuments = defineCollection<AlertDocument>('alerts', schema);

const aboutMealsOnly = { status: 'WAITING' as const, kind: { $in: [...mealKinds] } };
const aboutOthers = { $or: [{ status: 'TOLD' as const }, { kind: { $nin: [...mealKinds] } }] };

export interface Alerts {
  /** Those of the events that have an alert. */
  known(eventIds: readonly string[]): Promise<string[]>;
  /** The alert of this event while somebody may still be told of it. */
  findOpen(eventId: string): Promise<OpenAlert | undefined>;
  /** Open or settled. */
  find(eventIds: readonly string[]): Promise<Alert[]>;
  /** Facts about meals of these pupils that nobody has heard of, of whole pupils as far as `most` allows. */
  waitingMeals(studentIds: readonly string[], most: number): Promise<WaitingMeal[]>;
  /** What is known about these meals, told or not. */
  ofMeals(meals: readonly string[]): Promise<KnownMeal[]>;
  /** What was put off because of an absence of one of these pupils is looked at now. */
  lookNow(studentIds: readonly string[]): void;
  insert(alert: Alert): void;
  /** Facts about meals whose time has come, of these pupils or of any, the longest due first. */
  mealsToLookAt(limit: number, studentIds?: readonly string[]): Promise<WaitingMeal[]>;
  /** Other alerts whose turn to look at the roster has come, of these ids or of any, the longest due first. */
  toLookAgain(limit: number, ids?: readonly string[]): Promise<OpenAlert[]>;
  postpone(alert: OpenAlert, lookAgainAt: Date, why?: 'HELD'): void;
  tell(before: Pick<Alert, 'status'>, after: ToldAlert): void;
  settle(before: Pick<Alert, 'status'>, after: SettledAlert): void;
  /** Those that wait for their first guardian. */
  countWaiting(): Promise<number>;
  /** Across schools: up to `limit` alerts of each whose turn has come; of those about meals, their pupils. */
  dueOfEachSchool(limit: number): Promise<{ readonly schoolId: string; readonly id: string }[]>;
  mealsDueOfEachSchool(limit: number): Promise<{ readonly schoolId: string; readonly studentId: string }[]>;
  /** Not before `until`, whatever is wrong with them. */
  putOff(id: string, until: Date): void;
  putOffMeals(studentId: string, until: Date): void;
}

export function openAlerts(session: Session): Alerts {
  const collection = session.collection(alertDocuments);
  const known = onceRead<string>(async (ids) =>
    (await collection.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } })).map(({ _id }) => [_id, _id]),
  );
  const ofMeals = onceRead<KnownMeal>(async (meals) =>
    (await collection.find({ about: { $in: [...meals], ...aboutMeals.about } }, { projection: { fact: 0 } })).flatMap(knownMeal),
  );
  const forget = ({ about }: Pick<Alert, 'about'>): void => {
    if (about) ofMeals.forget(about.meal);
  };
  const lookAgainAt = { $gt: new Date(0), $lte: session.now };
  const oldestFirst = { sort: { lookAgainAt: 1 } } as const;
  const dueNow = async (which: object, limit: number): Promise<OpenAlert[]> =>
    (await collection.find({ ...which, lookAgainAt }, { ...oldestFirst, limit })).map(fromDocument);
  return {
    known: known.all,
    find: async (eventIds) => (await collection.find({ _id: { $in: [...eventIds] } })).map(anyFromDocument),
    waitingMeals: async (studentIds, most) => {
      const filter = { status: 'WAITING' as const, studentId: { $in: [...studentIds] }, kind: { $in: [...mealKinds] } };
      const found = (await collection.find(filter, { sort: { studentId: 1 }, limit: most })).map(fromDocument).filter(isWaitingMeal);
      const last = found.at(-1)?.origin.studentId;
      const whole = found.length < most ? found : found.filter(({ origin }) => origin.studentId !== last);
      return whole.length > 0 ? whole : found;
    },
    ofMeals: ofMeals.all,
    lookNow: (studentIds) =>
      collection.updateMany(
        { status: 'WAITING', studentId: { $in: [...studentIds] }, held: true },
        { $set: { lookAgainAt: session.now }, $unset: { held: '' } },
      ),

    findOpen: async (eventId) => {
      const found = await collection.findOne({ _id: eventId, ...everLooking });
      return found && fromDocument(found);
    },
    insert: (alert) => {
      const document = documentOf(alert);
      known.forget(document._id);
      forget(alert);
      collection.insert(document);
    },
    mealsToLookAt: async (limit, studentIds) =>
      (await dueNow({ ...aboutMealsOnly, ...(studentIds && { studentId: { $in: [...studentIds] } }) }, limit)).filter(isWaitingMeal),
    toLookAgain: (limit, ids) => dueNow({ ...aboutOthers, ...(ids && { _id: { $in: [...ids] } }) }, limit),
    postpone: ({ origin, status }, lookAgainAt, why) =>
      collection.update(
        { _id: origin.eventId, status },
        why ? { $set: { lookAgainAt, held: true } } : { $set: { lookAgainAt }, $unset: { held: '' } },
      ),
    tell: (before, after) => {
      forget(after);
      collection.replace(openDocument(after), { status: before.status });
    },
    settle: (before, after) => {
      forget(after);
      collection.replace(settledDocument(after), { status: before.status });
    },
    countWaiting: () => collection.count({ status: 'WAITING', held: { $ne: true } }),
    dueOfEachSchool: async (limit) => {
      const due = await ofEachSchool(collection, { due: { lookAgainAt }, which: aboutOthers, ...oldestFirst, limit });
      return due.map(({ _id, schoolId }) => ({ schoolId, id: _id }));
    },
    mealsDueOfEachSchool: async (limit) => {
      const due = await ofEachSchool(collection, {
        ...{ due: { lookAgainAt }, which: aboutMealsOnly, fields: ['studentId'] },
        ...oldestFirst,
        limit,
      });
      return [...new Map(due.map(({ schoolId, studentId }) => [studentId, { schoolId, studentId }])).values()];
    },
    putOff: (id, until) => collection.update({ _id: id, lookAgainAt }, { $set: { lookAgainAt: until } }, { optional: true }),
    putOffMeals: (studentId, until) =>
      collection.updateMany({ ...aboutMealsOnly, studentId, lookAgainAt }, { $set: { lookAgainAt: until } }),
  };
}

function documentOf(alert: Alert): Omit<AlertDocument, 'schoolId'> {
  return alert.status === 'WAITING' || alert.status === 'TOLD' ? openDocument(alert) : settledDocument(alert);
}

function settledDocument(alert: SettledAlert): Omit<AlertDocument, 'schoolId'> {
  const { eventId, status, studentId, kind, deliveries, settledAt, toldWith } = alert;
  const document = { _id: eventId, status, studentId, kind, deliveries, settledAt, ...ofMeal(alert) };
  return toldWith === undefined ? document : { ...document, toldWith };
}

function ofMeal({ about, standing }: { about?: About; standing?: number }) {
  return { ...(about ? { about: about.meal, version: about.version } : {}), ...(standing === undefined ? {} : { standing }) };
}

function openDocument(alert: OpenAlert): Omit<AlertDocument, 'schoolId'> {
  const { origin, fact, heardAt, lookAgainAt } = alert;
  const { eventId, studentId, occurredAt, announcedAt, traceparent } = origin;
  const document = {
    _id: eventId,
    status: alert.status,
    studentId,
    kind: fact.kind,
    occurredAt,
    announcedAt,
    fact: factDocument(fact),
    heardAt,
    lookAgainAt,
    ...(alert.status === 'TOLD' ? { toldAt: alert.toldAt, deliveries: alert.deliveries } : {}),
    ...ofMeal(alert),
  };
  return traceparent === undefined ? document : { ...document, traceparent };
}

function fromDocument(document: AlertDocument): OpenAlert {
  const { _id, status, studentId, occurredAt, announcedAt, traceparent, fact, heardAt, lookAgainAt, toldAt, deliveries = 0 } = document;
  if (!fact || !occurredAt || !announcedAt || !heardAt || !lookAgainAt) throw new Error(`Alert ${_id} waits without a fact`);
  const origin = { eventId: _id, studentId, occurredAt, announcedAt, ...(traceparent === undefined ? {} : { traceparent }) };
  const { standing } = document;
  const about = aboutOf(document) ?? firstMeal(studentId, factFrom(fact));
  const open = { origin, fact: factFrom(fact), heardAt, lookAgainAt, ...(about ? { about } : {}) };
  if (status !== 'TOLD' || !toldAt) return { ...open, status: 'WAITING' } satisfies WaitingAlert;
  return { ...open, status, toldAt, deliveries, ...(standing === undefined ? {} : { standing }) };
}

function anyFromDocument(document: AlertDocument): Alert {
  const { _id: eventId, status, studentId, kind, deliveries = 0, settledAt, toldWith, standing } = document;
  if (status === 'WAITING' || status === 'TOLD') return fromDocument(document);
  if (!settledAt) throw new Error(`Alert ${eventId} is settled at no time`);
  const about = aboutOf(document);
  return {
    ...{ eventId, status, studentId, kind, deliveries, settledAt },
    ...(about ? { about } : {}),
    ...(toldWith === undefined ? {} : { toldWith }),
    ...(standing === undefined ? {} : { standing }),
  };
}

function aboutOf({ about, version = 0 }: AlertDocument): About | undefined {
  return about === undefined ? undefined : { meal: about, version };
}

// Of those that were kept before meals had keys.
function firstMeal(studentId: string, fact: Fact): About | undefined {
  return isMealFact(fact) ? { meal: mealKey(studentId, fact.meals[0]), version: 0 } : undefined;
}

function knownMeal(document: AlertDocument): [string, KnownMeal][] {
  const { _id: eventId, kind, status, toldWith } = document;
  const about = aboutOf(document);
  if (!about || !isMealKind(kind)) return [];
  return [[about.meal, { eventId, kind, about, status, ...(toldWith === undefined ? {} : { toldWith }) }]];
}

function isMealKind(kind: Fact['kind']): kind is MealFact['kind'] {
  return mealKinds.some((each) => each === kind);
}
