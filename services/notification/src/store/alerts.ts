import { defineCollection, onceRead, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Alert, OpenAlert, SettledAlert, ToldAlert } from '../domain/alert.ts';
import type { Fact } from '../domain/fact.ts';
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
}

// Not $exists: only a range lets MongoDB answer from the index alone. Who asks for a range of its own says this lower end too, or the
// index is not taken.
const everLooking = { lookAgainAt: { $gt: new Date(0) } };
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
});
schema.index({ schoolId: 1, lookAgainAt: 1 }, { partialFilterExpression: everLooking });
// Those that still wait for anybody at all are few; without it they would be counted among all that were told in the last minutes.
schema.index({ schoolId: 1 }, { partialFilterExpression: { status: 'WAITING' } });
export const alertDocuments = defineCollection<AlertDocument>('alerts', schema);

export interface Alerts {
  /** Those of the events that have an alert. */
  known(eventIds: readonly string[]): Promise<string[]>;
  /** The alert of this event while somebody may still be told of it. */
  findOpen(eventId: string): Promise<OpenAlert | undefined>;
  insert(alert: Alert): void;
  /** Alerts whose turn to look at the roster has come, the longest due first. */
  toLookAgain(limit: number): Promise<OpenAlert[]>;
  postpone(alert: OpenAlert, lookAgainAt: Date): void;
  tell(before: OpenAlert, after: ToldAlert): void;
  settle(before: OpenAlert, after: SettledAlert): void;
  /** Those that wait for their first guardian. */
  countWaiting(): Promise<number>;
  /** Across schools: those with an alert whose turn has come. */
  schoolsToLook(): Promise<string[]>;
}

export function openAlerts(session: Session): Alerts {
  const collection = session.collection(alertDocuments);
  const known = onceRead<string>(async (ids) =>
    (await collection.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } })).map(({ _id }) => [_id, _id]),
  );
  return {
    known: known.all,
    findOpen: async (eventId) => {
      const found = await collection.findOne({ _id: eventId, ...everLooking });
      return found && fromDocument(found);
    },
    insert: (alert) => {
      const document = documentOf(alert);
      known.forget(document._id);
      collection.insert(document);
    },
    toLookAgain: async (limit) =>
      (await collection.find({ lookAgainAt: { $gt: new Date(0), $lte: session.now } }, { sort: { lookAgainAt: 1 }, limit })).map(
        fromDocument,
      ),
    postpone: ({ origin, status }, lookAgainAt) => collection.update({ _id: origin.eventId, status }, { $set: { lookAgainAt } }),
    tell: (before, after) => collection.replace(openDocument(after), { status: before.status }),
    settle: (before, after) => collection.replace(settledDocument(after), { status: before.status }),
    countWaiting: () => collection.count({ status: 'WAITING' }),
    schoolsToLook: async () => {
      const due = await collection.aggregate<{ _id: string }>([
        { $match: { schoolId: { $gt: '' }, lookAgainAt: { $gt: new Date(0), $lte: session.now } } },
        { $group: { _id: '$schoolId' } },
      ]);
      return due.map(({ _id }) => _id);
    },
  };
}

function documentOf(alert: Alert): Omit<AlertDocument, 'schoolId'> {
  return alert.status === 'WAITING' || alert.status === 'TOLD' ? openDocument(alert) : settledDocument(alert);
}

function settledDocument({ eventId, status, studentId, kind, deliveries, settledAt }: SettledAlert): Omit<AlertDocument, 'schoolId'> {
  return { _id: eventId, status, studentId, kind, deliveries, settledAt };
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
  };
  return traceparent === undefined ? document : { ...document, traceparent };
}

function fromDocument(document: AlertDocument): OpenAlert {
  const { _id, status, studentId, occurredAt, announcedAt, traceparent, fact, heardAt, lookAgainAt, toldAt, deliveries = 0 } = document;
  if (!fact || !occurredAt || !announcedAt || !heardAt || !lookAgainAt) throw new Error(`Alert ${_id} waits without a fact`);
  const origin = { eventId: _id, studentId, occurredAt, announcedAt };
  const open = { origin: traceparent === undefined ? origin : { ...origin, traceparent }, fact: factFrom(fact), heardAt, lookAgainAt };
  return status === 'TOLD' && toldAt ? { ...open, status, toldAt, deliveries } : { ...open, status: 'WAITING' };
}
