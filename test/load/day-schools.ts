import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@schoolbell/contracts';
import { HalfDayRule, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { ImportKind, ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import type { PlanImportRequest } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { type Clients, openClients } from '@schoolbell/infra/start/clients.ts';
import { openKeys } from '@schoolbell/infra/start/keys.ts';
import type { Schoolbell } from '@schoolbell/infra/start/schoolbell.ts';
import { addDays, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { v7 as uuidv7 } from 'uuid';
import type { Place } from './bench.ts';
import { rosterOf } from './workbook.ts';

const price = { currencyCode: 'VND', minorUnits: 35_000n };

export interface School {
  readonly date: SchoolDate;
  readonly clients: Clients;
  /** Pupils by class. */
  readonly classes: readonly { readonly classId: string; readonly pupils: readonly string[] }[];
}

interface Wanted {
  readonly schools: number;
  readonly pupils: number;
}

/** Schools in which every pupil has a guardian and a meal today. The roll of each class is called once in a morning, so a load that lasts needs many. */
export async function openSchools(schoolbell: Schoolbell, { stateDir, say }: Place, { schools, pupils }: Wanted): Promise<School[]> {
  const keys = await openKeys(join(stateDir, 'keys'));
  const addresses = new Map(Object.entries(schoolbell.run.services).map(([name, { grpc }]) => [name, grpc]));
  const opened: School[] = [];
  for (let nth = 0; nth < schools; nth++) {
    const school = { id: uuidv7(), code: String(79_000_800 + nth) };
    const { system } = await keys.tokensFor(school);
    const clients = openClients((name: ServiceName) => ({ address: addresses.get(name) ?? '', token: system }));
    await clients.registry.registerSchool({ school: { schoolId: school.id, code: school.code, name: `Trường Tiểu học số ${nth + 1}` } });
    opened.push(await openSchool(clients, pupils));
  }
  say(`${schools} schools, ${opened.flatMap(({ classes }) => classes).length} classes, ${schools * pupils} pupils with a meal today`);
  return opened;
}

async function openSchool(clients: Clients, pupilCount: number): Promise<School> {
  const date = schoolDateOf(new Date());
  await takeOver(clients, { kind: ImportKind.ROSTER, fileName: 'C1-HocSinh.xlsx', content: rosterOf(pupilCount) });
  const classes = new Map<string, string[]>();
  const codes: string[] = [];
  for (let token = ''; ; ) {
    const { pupils, page } = await clients.registry.listPupils({ classId: '', includeLeft: false, page: { size: 500, token } });
    for (const { classId, studentId, code } of pupils) {
      classes.set(classId, [...(classes.get(classId) ?? []), studentId]);
      codes.push(code);
    }
    token = page?.nextToken ?? '';
    if (token === '') break;
  }
  await takeOver(clients, { kind: ImportKind.CONTACTS, fileName: 'phu-huynh.csv', content: contactsOf(codes) });
  await laydown(clients, date);
  const everybody = [...classes.values()].flat();
  for (let from = 0; from < everybody.length; from += 200) {
    const order = { orderId: uuidv7(), studentIds: everybody.slice(from, from + 200), meals: [{ date, meal: Meal.LUNCH }] };
    await patiently(() => clients.canteen.bookMeals(order));
  }
  return { date, clients, classes: [...classes].map(([classId, pupils]) => ({ classId, pupils })) };
}

async function takeOver({ registry }: Clients, file: Omit<PlanImportRequest, 'importId'>): Promise<void> {
  const importId = uuidv7();
  await registry.planImport({ importId, ...file });
  await registry.applyImport({ importId });
  while ((await registry.getImport({ importId })).import?.status !== ImportStatus.APPLIED) await sleep(50);
}

/** A guardian for each pupil. They want no mails: a provider that takes them would share these two processors, and stands elsewhere in life. */
function contactsOf(codes: readonly string[]): Buffer {
  const heading = 'Mã học sinh,Họ tên người giám hộ,Quan hệ,Điện thoại,Email,Ngôn ngữ,Nhận thông báo';
  const lines = codes.map((code, nth) => `${code},Phan Hữu Nam,Mẹ,09${String(10_000_000 + nth)},ph.${nth}@example.vn,vi,`);
  return Buffer.from([heading, ...lines, ''].join('\n'));
}

async function laydown({ attendance, canteen }: Clients, date: SchoolDate): Promise<void> {
  const everyDay = [1, 2, 3, 4, 5, 6, 7];
  const year = Number(date.slice(0, 4)) - (date.slice(5, 7) < '09' ? 1 : 0);
  await attendance.defineSchoolYear({
    schoolYear: {
      calendarId: uuidv7(),
      name: `${year}-${year + 1}`,
      firstDay: `${year}-09-01`,
      lastDay: `${year + 1}-08-31`,
      citation: 'Bench',
      holidays: [],
      morningWeekdays: everyDay,
      afternoonWeekdays: everyDay,
      morningOpens: '00:00',
      afternoonOpens: '00:00',
    },
  });
  const dated = { meal: Meal.LUNCH, effectiveFrom: addDays(date, -30), effectiveUntil: '', citation: 'Bench' };
  await canteen.defineMealPrice({ price: { priceId: uuidv7(), price, ...dated } });
  const rule = { ruleId: uuidv7(), daysBefore: 0, time: '23:59', halfDayRule: HalfDayRule.MORNING, ...dated };
  await canteen.defineCutoffRule({ rule });
}

/** Pupils and calendar come to canteen by Kafka. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const limit = performance.now() + 60_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (performance.now() > limit) throw error;
      await sleep(250);
    }
  }
}
