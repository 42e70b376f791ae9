import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BookingStatus, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { GetKitchenCountResponse } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import type { Delivery } from '@schoolbell/contracts/school/notification/v1/notification';
import type { Clients } from '../../start/clients.ts';
import { enumText } from '../wording.ts';
import { bookMeals, type Cast, chooseCast } from './cast.ts';
import { kitchenDay } from './kitchen.ts';
import { type DayRecord, dayPicture, type Lane } from './picture.ts';
import { minuteText, type SchoolClock, schoolClock } from './school-clock.ts';
import { type DayAct, dayScript, hours } from './script.ts';

export interface ReplayOptions {
  readonly clients: Clients;
  /** School time over real time. */
  readonly speed: number;
  readonly classes: number;
  /** Where the picture goes; the printed book lies beside it. */
  readonly picture: string;
  readonly say: (line: string) => void;
}

/** What came of a replayed morning. */
export interface Replayed {
  readonly date: string;
  readonly meal: string;
  readonly booked: number;
  readonly toldAtCutoff: number;
  readonly portions: number;
  readonly cancelled: number;
  readonly cutLate: number;
  /** In đồng. */
  readonly credited: string;
  readonly letters: Readonly<Record<string, number>>;
  readonly files: readonly string[];
}

type Marks = Map<string, Lane['marks'][number][]>;

/** Replays the morning of a school day on a running Schoolbell: real roll calls, real cut-off, real letters, only faster. */
export async function replayDay({ clients, speed, classes, picture, say }: ReplayOptions): Promise<Replayed> {
  const cast = await chooseCast(clients, classes);
  const clock = schoolClock({ now: new Date(), speed, ...hours });
  const cutoffTime = clock.cutoffAt.toLocaleTimeString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).slice(0, 5);
  const booked = await bookMeals(clients, cast, cutoffTime);
  say(`${booked} meals (${enumText(Meal, cast.meal)}) are booked for ${cast.classes.map(({ name }) => name).join(', ')}.`);
  say(`08:00 of the school is ${cutoffTime} on your clock; one school hour takes ${(3_600 / speed).toFixed(0)} s after it.\n`);
  const began = new Date();
  const kitchen = kitchenDay(clients, cast);
  const watch = watchCount(clients, cast, clock);
  const marks = await perform(dayScript(clients, cast, { clock, kitchen }), clock, say);
  await sleep(Math.max(0, clock.realOf(hours.until).getTime() - Date.now()));
  const { counts, last } = await watch.end();
  const outcome = await settledOutcome(clients, cast);
  const letters = await lettersSince(clients, cast, began);
  marks.set('Families', lettersAsMarks(letters, clock));
  const lanes = ['Attendance', 'Office', 'Kitchen', 'Families'].map((name) => ({ name, marks: marks.get(name) ?? [] }));
  const title = `${cast.date}, ${enumText(Meal, cast.meal)}: ${cast.classes.map(({ name }) => name).join(', ')}`;
  const record: DayRecord = { title, ...hours, lanes, counts, told: last.toldAtCutoff };
  const files = await writeFiles(picture, record, await kitchen.print());
  return {
    ...{ date: cast.date, meal: enumText(Meal, cast.meal), booked, toldAtCutoff: last.toldAtCutoff, portions: last.portions },
    ...outcome,
    ...{ letters: countBy(letters.map(({ kind }) => kind)), files },
  };
}

async function perform(script: readonly DayAct[], clock: SchoolClock, say: (line: string) => void): Promise<Marks> {
  const marks: Marks = new Map();
  for (const { at, lane, tone = 'plain', act } of script) {
    await sleep(Math.max(0, clock.realOf(at).getTime() - Date.now()));
    const text = await act();
    say(`${minuteText(at)}  ${lane.padEnd(11)} ${text}`);
    marks.set(lane, [...(marks.get(lane) ?? []), { at, text, tone }]);
  }
  return marks;
}

/** Looks at the kitchen's count all morning, as a screen in the kitchen does. */
function watchCount({ canteen }: Clients, { date, meal }: Cast, clock: SchoolClock) {
  const counts: { at: number; portions: number }[] = [];
  let over = false;
  const look = async (): Promise<GetKitchenCountResponse> => {
    const count = await canteen.getKitchenCount({ date, meal });
    const { portions } = count;
    if (counts.at(-1)?.portions !== portions) counts.push({ at: Math.min(clock.minuteOf(new Date()), hours.until), portions });
    return count;
  };
  const watching = (async () => {
    for (; !over; await sleep(250)) await look();
  })();
  // A failure is told when the morning is over.
  watching.catch(() => undefined);
  return {
    async end() {
      over = true;
      await watching;
      const last = await look();
      return { counts: [...counts, { at: hours.until, portions: last.portions }], last };
    },
  };
}

const limitMs = 30_000;

/** What canteen says of the bookings, once billing says the same of their money. */
async function settledOutcome(
  { canteen, billing }: Clients,
  { date, meal, classes }: Cast,
): Promise<Pick<Replayed, 'cancelled' | 'cutLate' | 'credited'>> {
  const limit = Date.now() + limitMs;
  for (;;) {
    let [cancelled, cutLate, credited, expected] = [0, 0, 0n, 0n];
    for (const { studentId } of classes.flatMap(({ pupils }) => pupils)) {
      const { bookings } = await canteen.listBookings({ studentId, month: date.slice(0, 7), date: '', page: undefined });
      const booking = bookings.find((each) => each.date === date && each.meal === meal);
      if (booking?.status === BookingStatus.CUT_LATE) cutLate++;
      if (booking?.status !== BookingStatus.CANCELLED) continue;
      cancelled++;
      expected += booking.price?.minorUnits ?? 0n;
      const { portions } = await billing.getStudentAccount({ studentId, month: date.slice(0, 7) });
      credited += portions.find(({ bookingId }) => bookingId === booking.bookingId)?.credited?.minorUnits ?? 0n;
    }
    if (credited === expected || Date.now() > limit) return { cancelled, cutLate, credited: String(credited) };
    await sleep(500);
  }
}

/** Letters to guardians of the cast, oldest first. */
async function lettersSince({ notification }: Clients, { classes }: Cast, began: Date): Promise<Delivery[]> {
  const cast = new Set(classes.flatMap(({ pupils }) => pupils.map(({ studentId }) => studentId)));
  const { deliveries } = await notification.listDeliveries({ invoiceId: '', studentId: '', status: 0, page: { size: 500, token: '' } });
  const ours = deliveries.filter(({ studentId, queuedAt = began }) => cast.has(studentId) && queuedAt > began);
  return ours.reverse();
}

/** Letters of a few minutes are one mark: a morning brings dozens. */
function lettersAsMarks(letters: readonly Delivery[], clock: SchoolClock): Lane['marks'][number][] {
  const grouped = new Map<string, { at: number; kind: string; count: number }>();
  for (const { kind, queuedAt } of letters) {
    const at = clock.minuteOf(queuedAt ?? new Date());
    const key = `${kind} ${Math.floor(at / 15)}`;
    const group = grouped.get(key) ?? { at, kind, count: 0 };
    grouped.set(key, { ...group, count: group.count + 1 });
  }
  return [...grouped.values()].map(({ at, kind, count }) => ({
    at,
    text: `${count} × ${kind.toLowerCase().replaceAll('_', ' ')}`,
    tone: kind.endsWith('CREDITED') ? ('good' as const) : ('plain' as const),
  }));
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function writeFiles(picture: string, record: DayRecord, book: { fileName: string; pdf: Uint8Array }): Promise<string[]> {
  const folder = dirname(picture);
  await mkdir(folder, { recursive: true });
  const bookFile = join(folder, book.fileName);
  await writeFile(picture, dayPicture(record));
  await writeFile(bookFile, book.pdf);
  return [picture, bookFile];
}
