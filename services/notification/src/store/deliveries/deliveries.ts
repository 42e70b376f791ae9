import {
  collection,
  type DocumentOf,
  index,
  type Page,
  type PageRequest,
  type Session,
  stored,
  toPage,
  unique,
} from '@schoolbell/service-kit';
import type { Fact, Lane } from '../../domain/alerts/fact.ts';
import type { Message } from '../../domain/alerts/message.ts';
import type { Channel, Delivery, FailureReason, OpenDelivery, PendingDelivery, SendingDelivery } from '../../domain/deliveries/delivery.ts';
import type { Language } from '../../domain/roster/roster.ts';

const { id, instant, maybe, number, oneOf, optional, part, since, states, text, textOf, yes } = stored;

// Not $exists: only a range lets MongoDB answer from the index alone.
const everDue = { dueAt: { $gt: new Date(0) } };
// What is due, and when a lease ends, is for the server's clock to say: a worker whose own clock is an hour ahead would take what others hold.
const dueNow = { ...everDue, $expr: { $lte: ['$dueAt', '$$NOW'] } };
const delivery = {
  ...{ id, eventId: text, guardianId: text, studentId: text, channel: oneOf<Channel>('EMAIL'), language: oneOf<Language>('vi', 'en') },
  ...{ kind: textOf<Fact['kind']>(), lane: since(oneOf<Lane>('URGENT', 'BULK'), 'BULK'), invoiceId: text, retracts: optional(text) },
  ...{ attempts: number, strikes: number, unknowns: optional(number), lastError: text },
  ...{ occurredAt: instant, announcedAt: instant, queuedAt: instant, traceparent: optional(text) },
  status: states({
    PENDING: { dueAt: instant },
    SENDING: { dueAt: instant, claim: text, withdrawn: optional(yes) },
    SENT: { sentAt: instant },
    FAILED: { failedAt: instant, reason: textOf<FailureReason>() },
  }),
};

/** The letter is gone once the delivery ended; the address is never here, it is the roster's. */
export const deliveryDocuments = collection('deliveries', delivery, {
  beside: { message: maybe(part({ from: text, to: text, subject: text, text, html: text })) },
  indexes: [
    // One message per event, guardian and channel, ever.
    unique({ schoolId: 1, eventId: 1, guardianId: 1, channel: 1 }),
    index({ schoolId: 1, dueAt: 1 }, everDue),
    // Few and seldom: what is urgent is found at once, however many others are due.
    index({ lane: 1, schoolId: 1, dueAt: 1 }, { lane: 'URGENT', ...everDue }),
    index({ schoolId: 1, status: 1, _id: 1 }),
    index({ schoolId: 1, invoiceId: 1, _id: 1 }),
    index({ schoolId: 1, studentId: 1, _id: 1 }),
  ],
});
type DeliveryDocument = DocumentOf<typeof deliveryDocuments>;

// The range over schoolId, which every one fulfils, lets MongoDB leap in the index from school to school.
const firstOfEachSchool = (lane: { readonly lane?: Lane }) => [
  { $match: { ...lane, schoolId: { $gt: '' }, ...everDue } },
  { $sort: { schoolId: 1, dueAt: 1 } },
  { $group: { _id: '$schoolId', dueAt: { $first: '$dueAt' } } },
];

export type DeliveryFilter = {
  readonly invoiceId?: string | undefined;
  readonly studentId?: string | undefined;
  readonly status?: Delivery['status'] | undefined;
};

export interface DueDeliveries {
  readonly due: { readonly delivery: OpenDelivery; readonly message: Message }[];
  /** Ids of those that are stored as no delivery can be. */
  readonly unreadable: readonly string[];
}

export interface Deliveries {
  insert(delivery: PendingDelivery, message: Message): void;
  find(id: string): Promise<Delivery | undefined>;
  findSome(ids: readonly string[]): Promise<Delivery[]>;
  /** Who has a delivery for one of these events. */
  toldOf(eventIds: readonly string[]): Promise<{ eventId: string; guardianId: string }[]>;
  /** Every delivery for one of these events. */
  ofEvents(eventIds: readonly string[]): Promise<Delivery[]>;
  /** What may be tried now, of one lane or of all, the longest due first, with its letter. */
  due(limit: number, lane?: Lane): Promise<DueDeliveries>;
  /** Not before `until`, whatever is wrong with it. */
  putOff(id: string, until: Date): void;
  /** Those that wait longest to be sent. */
  oldestPending(limit: number): Promise<OpenDelivery[]>;
  /** As `save`, for a lease that is prolonged: nothing happens where the claim was lost meanwhile. */
  prolong(held: SendingDelivery): void;
  /** What a worker has in hand is not to be tried again. */
  markWithdrawn(held: SendingDelivery): void;
  /** Writes what became of an open delivery; somebody else's change meanwhile makes the transaction run again. */
  save(before: OpenDelivery, after: Delivery): void;
  /** Newest first. */
  page(filter: DeliveryFilter, page: PageRequest): Promise<Page<Delivery>>;
  countByStatus(): Promise<Readonly<Record<Delivery['status'], number>>>;
  /** Across schools: those with a delivery, of one lane or of any, that may be tried. */
  schoolsDue(lane?: Lane): Promise<string[]>;
  /** Across schools: those with a delivery that has not ended. */
  schoolsOpen(): Promise<string[]>;
}

const withoutLetter = { projection: { message: 0 } } as const;

export function openDeliveries(session: Session): Deliveries {
  const collection = session.collection(deliveryDocuments);
  // Due times are reckoned from the worker's clock by the domain; what is stored is the same distance from the server's.
  const onServer = (dueAt: Date) => ({ $add: ['$$NOW', dueAt.getTime() - session.now.getTime()] });
  const schoolsWith = async (earliest: object, lane: { readonly lane?: Lane } = {}): Promise<string[]> => {
    const found = await collection.aggregate<{ _id: string }>([...firstOfEachSchool(lane), { $match: earliest }]);
    return found.map(({ _id }) => _id);
  };
  return {
    insert: (delivery, message) => {
      const document = { ...deliveryDocuments.write(delivery, { message }), schoolId: session.schoolId };
      deliveryDocuments.check(document);
      // An upsert of a new id, because an insert cannot name the server's time. $literal: a name that begins with "$" is a name, not a path.
      const fresh = { $mergeObjects: [{ $literal: document }, { dueAt: onServer(delivery.dueAt) }] };
      collection.update({ _id: delivery.id }, [{ $replaceWith: fresh }], { upsert: true });
    },
    find: async (id) => {
      const found = await collection.findOne({ _id: id }, withoutLetter);
      return found && fromDocument(found);
    },
    findSome: async (ids) => (await collection.find({ _id: { $in: [...ids] } }, withoutLetter)).map(fromDocument),
    toldOf: (eventIds) => collection.find({ eventId: { $in: [...eventIds] } }, { projection: { eventId: 1, guardianId: 1 } }),
    ofEvents: async (eventIds) => (await collection.find({ eventId: { $in: [...eventIds] } }, withoutLetter)).map(fromDocument),
    due: async (limit, lane) => readable(await collection.find({ ...(lane && { lane }), ...dueNow }, { sort: { dueAt: 1 }, limit })),
    putOff: (id, until) => collection.update({ _id: id, ...everDue }, [{ $set: { dueAt: onServer(until) } }], { optional: true }),
    oldestPending: async (limit) =>
      (await collection.find({ status: 'PENDING' }, { sort: { _id: 1 }, limit, ...withoutLetter })).map(fromDocument).filter(isOpen),
    save: (before, after) => {
      const held = before.status === 'SENDING' ? { claim: before.claim } : {};
      collection.update({ _id: before.id, status: before.status, ...held }, changeTo(after, onServer));
    },
    markWithdrawn: ({ id, claim }) => collection.update({ _id: id, status: 'SENDING', claim }, { $set: { withdrawn: true } }),
    prolong: ({ id, claim, dueAt }) =>
      collection.update({ _id: id, status: 'SENDING', claim }, [{ $set: { dueAt: onServer(dueAt) } }], { optional: true }),
    page: async (wanted, { size, after }) => {
      const filter = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      const older = after === '' ? {} : { _id: { $lt: after } };
      const found = await collection.find({ ...filter, ...older }, { sort: { _id: -1 }, limit: size + 1, ...withoutLetter });
      return toPage(found.map(fromDocument), size, ({ id }) => id);
    },
    countByStatus: async () => {
      const found = await collection.aggregate<{ _id: Delivery['status']; count: number }>([
        { $group: { _id: '$status', count: { $sum: 1 } } },
      ]);
      return { PENDING: 0, SENDING: 0, SENT: 0, FAILED: 0, ...Object.fromEntries(found.map(({ _id, count }) => [_id, Number(count)])) };
    },
    schoolsDue: (lane) => schoolsWith(dueNow, lane && { lane }),
    schoolsOpen: () => schoolsWith(everDue),
  };
}

type Change = object[] | { $set: Partial<DeliveryDocument>; $unset: Record<string, ''> };

function changeTo(after: Delivery, onServer: (dueAt: Date) => object): Change {
  const { status, attempts, strikes, unknowns, lastError } = after;
  const common = { status, attempts, strikes, lastError, ...(unknowns === undefined ? {} : { unknowns }) };
  switch (after.status) {
    case 'PENDING':
      return [{ $set: { ...literally(common), dueAt: onServer(after.dueAt) } }, { $unset: ['claim'] }];
    case 'SENDING':
      return [{ $set: { ...literally({ ...common, claim: after.claim }), dueAt: onServer(after.dueAt) } }];
    case 'SENT':
      return { $set: { ...common, sentAt: after.sentAt }, $unset: ended };
    case 'FAILED':
      return { $set: { ...common, failedAt: after.failedAt, reason: after.reason }, $unset: ended };
  }
}

const ended = { claim: '', dueAt: '', message: '', withdrawn: '' } as const;

// What a provider said may begin with "$".
function literally(fields: Readonly<Record<string, unknown>>): Record<string, object> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { $literal: value }]));
}

const fromDocument: (document: DeliveryDocument) => Delivery = deliveryDocuments.read;

function readable(documents: readonly DeliveryDocument[]): DueDeliveries {
  const due: DueDeliveries['due'] = [];
  const unreadable: string[] = [];
  for (const document of documents) {
    try {
      due.push(withLetter(document));
    } catch {
      unreadable.push(document._id);
    }
  }
  return { due, unreadable };
}

function withLetter(document: DeliveryDocument): { delivery: OpenDelivery; message: Message } {
  const delivery = fromDocument(document);
  if (!document.message || !isOpen(delivery)) throw new Error(`Delivery ${document._id} is due without a letter`);
  return { delivery, message: document.message };
}

function isOpen(delivery: Delivery): delivery is OpenDelivery {
  return delivery.status === 'PENDING' || delivery.status === 'SENDING';
}
