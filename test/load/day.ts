import { setTimeout as sleep } from 'node:timers/promises';
import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { type Schoolbell, startSchoolbell } from '@schoolbell/infra/start/schoolbell.ts';
import { brokenInvariants } from '@schoolbell/testkit';
import { MongoClient } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { type Bench, guardRow, type Place, type Row } from './bench.ts';
import { openSchools, type School } from './day-schools.ts';
import { meter } from './machine.ts';
import { quantile } from './statistics.ts';

const pupilCount = 2_000;
const rollCallsPerSecond = 20;
const readsPerSecond = 5;
const classesOfSchool = 50;
const warmUpSeconds = 10;
// Four in a hundred of 40 are away (performance.md, section 2): 2, 2, 1, 2, 1.
const awayByTurn = [2, 2, 1, 2, 1];
const mostChainMs = 1_000;
const mostReadMs = 30;

/**
 * DAY: one school of 2,000 after the other calls its rolls at 20 a second, open loop, and each pupil who is away loses a meal. Measured is from the moment
 * at which a roll call was to be sent until billing has committed the credit, and what the count of that school's kitchen takes meanwhile.
 */
export const dayBench: Bench = { name: 'DAY', engines: 'OWN', run };

async function run(place: Place): Promise<Row[]> {
  const { stateDir, short, say } = place;
  const schoolbell = await startSchoolbell({ stateDir, nodeEnv: 'production', demo: false, log: () => undefined });
  const mongo = await MongoClient.connect(schoolbell.engines.mongodb.uri);
  try {
    const seconds = short ? 20 : 40;
    const rolls = rollCallsPerSecond * (warmUpSeconds + seconds);
    const schools = await openSchools(schoolbell, place, { schools: Math.ceil(rolls / classesOfSchool), pupils: pupilCount });
    const turns = turnsOf(schools);
    const first = rollCallsPerSecond * warmUpSeconds;
    const credits = await watchCredits(mongo);
    await morning(turns.slice(0, first), { onSent: () => undefined, onRead: () => undefined });
    const sent = new Map<string, number>();
    const reads: number[] = [];
    const begun = performance.now();
    const spent = metersOf(schoolbell);
    await morning(turns.slice(first, rolls), {
      onSent: (studentId, at) => sent.set(studentId, at),
      onRead: (ms) => reads.push(ms),
    });
    const chain = await credits.until(sent, 60_000);
    say(`processor ms per meal that was cut: ${spent.map(({ name, of }) => `${name} ${of(sent.size).toFixed(1)}`).join(', ')}`);
    say(`${sent.size} meals cut in ${((performance.now() - begun) / 1_000).toFixed(0)} s, ${reads.length} counts read`);
    say(
      `chain p50 ${quantile(chain, 0.5).toFixed(0)} ms, p99 ${quantile(chain, 0.99).toFixed(0)} ms; count p50 ${quantile(reads, 0.5).toFixed(1)} ms`,
    );
    await assertBooks(schoolbell, say);
    const invariants = `I1 I4 I5 I6; ${chain.length} credits, each once`;
    return [
      guardRow({
        name: 'DAY chain',
        what: `roll call sent → credit booked, p99 at ${rollCallsPerSecond} roll calls/s`,
        subject: quantile(chain, 0.99),
        unit: 'ms',
        most: mostChainMs,
        invariants,
      }),
      guardRow({
        name: 'DAY count',
        what: `kitchen count of ${pupilCount.toLocaleString('en')} pupils meanwhile, p99`,
        subject: quantile(reads, 0.99),
        unit: 'ms',
        most: mostReadMs,
        invariants: '',
      }),
    ];
  } finally {
    // Ends the watch with it.
    await mongo.close();
    await schoolbell.stop();
  }
}

/** Processor time from now on, by process. */
function metersOf({ services, engines }: Schoolbell): { readonly name: string; readonly of: (count: number) => number }[] {
  const programs = Object.values(services).map(({ name, pid }) => ({ name, pids: pid === undefined ? [] : [pid] }));
  const beside = [
    { name: 'mongod', pids: [...engines.mongodb.pids] },
    { name: 'kafka', pids: [...engines.kafka.pids] },
    { name: 'bench', pids: [process.pid] },
  ];
  return [...programs, ...beside].map(({ name, pids }) => ({ name, of: meter(pids) }));
}

interface Watch {
  /** `at` is when the roll call was to be sent. */
  readonly onSent: (studentId: string, at: number) => void;
  readonly onRead: (ms: number) => void;
}

/** A class whose turn it is; its first pupils are away. */
interface Turn {
  readonly school: School;
  readonly classId: string;
  readonly pupils: readonly string[];
  readonly away: number;
}

/** The classes of one school after the other, each once. */
function turnsOf(schools: readonly School[]): readonly Turn[] {
  const turns = schools.flatMap((school) => school.classes.map((called) => ({ school, ...called })));
  return turns.map((turn, nth) => ({ ...turn, away: awayByTurn[nth % awayByTurn.length] ?? 1 }));
}

/** Roll calls at their rate, whether the ones before are answered or not, and looks at the count of the school that is calling them. */
async function morning(turns: readonly Turn[], { onSent, onRead }: Watch): Promise<void> {
  const seconds = turns.length / rollCallsPerSecond;
  const running: Promise<unknown>[] = [];
  const from = performance.now();
  const pace = async (perSecond: number, act: (intended: number, nth: number) => Promise<unknown>): Promise<void> => {
    for (let nth = 0; nth < perSecond * seconds; nth++) {
      const intended = from + (nth * 1_000) / perSecond;
      const early = intended - performance.now();
      if (early > 0) await sleep(early);
      running.push(act(intended, nth));
    }
  };
  const turnAt = (nth: number): Turn => {
    const turn = turns[Math.floor(nth)];
    if (!turn) throw new Error('Every class was called');
    return turn;
  };
  const callRoll = async (intended: number, nth: number): Promise<void> => {
    const turn = turnAt(nth);
    const { school, classId, pupils, away } = turn;
    for (const studentId of pupils.slice(0, away)) onSent(studentId, intended);
    const half = { classId, date: school.date, session: DaySession.MORNING };
    await school.clients.attendance.submitRollCall({ submissionId: uuidv7(), ...half, takenAt: undefined, marks: marksOf(turn) });
  };
  const look = async (intended: number, nth: number): Promise<void> => {
    const { school } = turnAt((nth * rollCallsPerSecond) / readsPerSecond);
    await school.clients.canteen.getKitchenCount({ date: school.date, meal: Meal.LUNCH });
    onRead(performance.now() - intended);
  };
  await Promise.all([pace(rollCallsPerSecond, callRoll), pace(readsPerSecond, look)]);
  await Promise.all(running);
}

function marksOf({ pupils, away }: Turn) {
  return pupils.map((studentId, nth) => ({
    studentId,
    kind: nth < away ? MarkKind.ABSENT_WITHOUT_LEAVE : MarkKind.PRESENT,
    reportedAt: undefined,
  }));
}

/** Hears of every credit as soon as its commit has a majority. */
async function watchCredits(mongo: MongoClient) {
  const seen = new Map<string, number>();
  const credited = [{ $match: { operationType: 'insert', 'fullDocument.type': 'school.billing.v1.AccountCredited' } }];
  const stream = mongo.db('schoolbell_billing').collection('outbox').watch(credited);
  stream.on('error', () => {}); // The end of the bench ends it; what it missed is missed by `until`.
  stream.on('change', (change) => {
    if (change.operationType === 'insert') seen.set(String(change.fullDocument.key), performance.now());
  });
  // The stream begins at its first answer.
  await sleep(500);
  return {
    async until(sent: ReadonlyMap<string, number>, limitMs: number): Promise<number[]> {
      const limit = performance.now() + limitMs;
      while ([...sent.keys()].some((student) => !seen.has(student))) {
        if (performance.now() > limit)
          throw new Error(`${sent.size - [...sent.keys()].filter((each) => seen.has(each)).length} credits are missing`);
        await sleep(50);
      }
      return [...sent].map(([student, at]) => (seen.get(student) ?? Number.NaN) - at);
    },
  };
}

async function assertBooks({ engines }: Schoolbell, say: Place['say']): Promise<void> {
  const limit = performance.now() + 60_000;
  for (;;) {
    const broken = await brokenInvariants(engines, {});
    if (broken.length === 0) return;
    if (performance.now() > limit) throw new Error(broken.slice(0, 5).join('; '));
    say(`waiting: ${broken[0]}`);
    await sleep(1_000);
  }
}
