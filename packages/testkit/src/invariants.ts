import { groupOf, type ServiceName, serviceNames, services } from '@schoolbell/contracts';
import { MongoClient } from 'mongodb';
import { absencesAreTold } from './oracle/absences.ts';
import { type Acknowledged, acknowledgedIsKept } from './oracle/acknowledged.ts';
import { factsAreTold, toldOnce } from './oracle/alerts.ts';
import { rollsAreAnnounced } from './oracle/attendance.ts';
import { bookingsAreFollowed } from './oracle/bookings.ts';
import { ledgerBalances, noticesAreSettled, transactionsAreAppliedOnce } from './oracle/books.ts';
import { changesAreAnnounced } from './oracle/changes.ts';
import { type Broken, type Evidence, readEvidence } from './oracle/evidence.ts';
import { mealCreditIsTold, mealMoneyIsWhole } from './oracle/meals.ts';
import { rosterIsFollowed } from './oracle/roster.ts';
import { announcedWhole, seenInOrder, seenOnce } from './oracle/traffic.ts';

export interface Engines {
  readonly mongodb: { readonly uri: string };
}

export interface Scope {
  /** Databases are named `<prefix>_<service>`; "schoolbell" unless told otherwise. */
  readonly prefix?: string;
  /** Services that run; all of them unless told otherwise. What one of the others should have done is not asked. */
  readonly services?: readonly ServiceName[];
  /** What clients were told; without it I7 is not asked. */
  readonly acknowledged?: Acknowledged;
}

/**
 * Invariants I1 and I3 to I7 over the databases of a Schoolbell that has come to rest, in words where they do not hold; empty when
 * they do. Read with the bare driver and the contracts of the events, so that no service vouches for itself.
 */
export async function brokenInvariants({ mongodb }: Engines, scope: Scope = {}): Promise<Broken> {
  const { prefix = 'schoolbell', services: running = serviceNames, acknowledged } = scope;
  const client = await MongoClient.connect(mongodb.uri, { useBigInt64: true, promoteBuffers: true });
  try {
    const evidence = await readEvidence(client, prefix, running);
    return [...judge(evidence), ...(acknowledged ? acknowledgedIsKept(evidence, acknowledged) : [])];
  } finally {
    await client.close();
  }
}

function judge(evidence: Evidence): Broken {
  const { attendance, canteen, billing, notification } = evidence;
  const money = billing ? moneyHolds(billing) : [];
  const announced = serviceNames.map((service) => {
    const traffic = evidence[service];
    return traffic ? announcedWhole(service, traffic) : [];
  });
  const received = serviceNames.flatMap((name) => services[name].hears.map((from) => receivedWhole(evidence, name, from)));
  const told = notification ? factsAreTold({ ...evidence, notification }) : [];
  const absences = attendance && notification ? absencesAreTold({ ...evidence, attendance, notification }) : [];
  const rolls = attendance ? rollsAreAnnounced(attendance) : [];
  const meals = canteen && billing ? bookingsAreFollowed({ canteen, billing }) : [];
  const once = notification ? toldOnce(notification) : [];
  const kept = [changesAreAnnounced(evidence), rosterIsFollowed(evidence), rolls, meals];
  return [...money, ...announced, ...received, ...kept, told, once, absences].flat();
}

function receivedWhole(evidence: Evidence, name: ServiceName, from: ServiceName): Broken {
  const [source, target, group] = [evidence[from], evidence[name], groupOf(name, from)];
  return source && target ? [...seenOnce(group, source.outbox, target.inbox), ...seenInOrder(group, target.inbox)] : [];
}

function moneyHolds(billing: NonNullable<Evidence['billing']>): Broken[] {
  return [
    ledgerBalances(billing),
    mealMoneyIsWhole(billing),
    transactionsAreAppliedOnce(billing),
    noticesAreSettled(billing),
    mealCreditIsTold(billing),
  ];
}
