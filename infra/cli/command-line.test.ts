import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { ErrorInfo, Status } from '@schoolbell/contracts/google/rpc/error';
import { DaySession, LeaveRequest, MarkKind, RollCall, RollCallSummary } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceServiceService } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import {
  FeeItem,
  Invoice,
  InvoiceRun,
  InvoiceRunStatus,
  InvoiceStatus,
  LunchSupport,
  Refund,
  SupportSource,
  SuspenseItem,
} from '@schoolbell/contracts/school/billing/v1/billing';
import { BillingServiceService } from '@schoolbell/contracts/school/billing/v1/billing_service';
import {
  AbsenceAlert,
  AbsenceAlertStatus,
  Confirmation,
  SuppressionReason,
} from '@schoolbell/contracts/school/notification/v1/notification';
import { NotificationServiceService } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { FindingLevel, Import, ImportStatus, Pupil } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryServiceService } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunFile, tokenRoles, writeRunFile } from '../start/run-file.ts';
import { runCommandLine } from './program.ts';

/** A far end on a real socket: answers what a test lines up, and keeps what it was asked. */
interface Asked {
  readonly rpc: string;
  readonly request: Record<string, unknown>;
  readonly metadata: Metadata;
}
type Answer = (asked: Asked) => object;

let server: Server;
let asked: Asked[];
let answers: Record<string, Answer>;
let folder: string;
let address: string;

beforeEach(async () => {
  asked = [];
  answers = {};
  server = new Server();
  for (const service of [AttendanceServiceService, BillingServiceService, NotificationServiceService, RegistryServiceService]) {
    const methods = Object.keys(service).map((rpc) => [
      rpc,
      (call: ServerUnaryCall<Record<string, unknown>, object>, done: sendUnaryData<object>) => {
        const question = { rpc, request: call.request, metadata: call.metadata };
        asked.push(question);
        try {
          done(null, answers[rpc]?.(question) ?? {});
        } catch (error) {
          done(error as Error);
        }
      },
    ]);
    server.addService(service, Object.fromEntries(methods));
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  address = `127.0.0.1:${port}`;
  folder = mkdtempSync(join(tmpdir(), 'schoolbell-cli-'));
  mkdirSync(join(folder, '.schoolbell'));
  mkdirSync(join(folder, 'deep', 'down'), { recursive: true });
  writeRunFile(join(folder, '.schoolbell', 'run.json'), runFile());
});
afterEach(() => {
  server.forceShutdown();
  rmSync(folder, { recursive: true });
});

test('a list is a table whose columns line up, accents or not', async () => {
  answers.listPupils = () => ({
    pupils: [
      Pupil.create({ code: '79000701000001', fullName: 'Bùi Thanh Giang', className: '1A' }),
      Pupil.create({ code: '79000701000002', fullName: 'Đỗ Thị Tuyết Nhung'.normalize('NFD'), className: '1B' }),
    ],
  });
  const { exit, out } = await run('pupil', 'list');
  expect(exit).toBe(0);
  const [head = '', ...rows] = out.normalize('NFC').split('\n');
  expect(rows[0]?.indexOf('1A')).toBe(head.indexOf('CLASS'));
  expect(rows[1]?.indexOf('1B')).toBe(head.indexOf('CLASS'));
});

test('call serves any RPC: fields as proto3 JSON in, the answer as JSON out, with every field', async () => {
  answers.listPupils = () => ({ pupils: [Pupil.create({ code: '79000701000001', fullName: 'Bùi Thanh Giang' })] });
  const { exit, out } = await run('call', 'RegistryService/ListPupils', '--data', '{"classId":"1A","page":{"size":5}}', '--json');
  expect(exit).toBe(0);
  expect(asked[0]?.request).toMatchObject({ classId: '1A', includeLeft: false, page: { size: 5, token: '' } });
  const { pupils, page } = JSON.parse(out);
  expect([pupils[0].code, pupils[0].sex, page]).toEqual(['79000701000001', 'SEX_UNSPECIFIED', null]);
});

test.each([
  [['call', 'registry/ListPupil'], 'did you mean registry/ListPupils?'],
  [['call', 'registry/ListPupils', '--data', '{"klass":"1A"}'], 'klass'],
  [['call', 'registry/ListPupils', '--data', '{'], '--data is no request of registry/ListPupils'],
])('%j is refused before anybody is called, and says what to do', async (args, text) => {
  expect(await run(...args)).toMatchObject({ exit: 2, err: expect.stringContaining(text) });
  expect(asked).toEqual([]);
});

test('call names every RPC, and shows the fields of one and who may call it', async () => {
  expect((await run('call')).out).toContain('attendance/SubmitRollCall');
  const { out } = await run('call', 'registry/FindPupils', '--help');
  expect(out).toContain('codes  string[]');
  expect(out).toContain('May be called by principal');
});

test('the same meal bills asked for twice are one run, and what was billed is said', async () => {
  const done = InvoiceRun.create({ status: InvoiceRunStatus.DONE, issued: 2, total: { currencyCode: 'VND', minorUnits: 70_000n } });
  answers.startMealBillRun = () => ({ run: done });
  answers.getInvoiceRun = () => ({ run: done });
  const { exit, out } = await run('meals', 'bill', '--month', '2026-12', '--due', '2026-12-15', '--yes');
  await run('meals', 'bill', '--month', '2026-12', '--due', '2026-12-15', '--yes');
  expect(exit).toBe(0);
  expect(out).toContain('2 invoices, 70.000 ₫');
  const [first, second] = asked.filter(({ rpc }) => rpc === 'startMealBillRun').map(({ request }) => request);
  expect(first).toMatchObject({ month: '2026-12', dueOn: '2026-12-15', title: 'Tiền ăn tháng 12/2026', classIds: [] });
  expect(second).toEqual(first);
  expect((await run('meals', 'bill', '--month', '12/2026', '--due', '2026-12-15')).exit).toBe(2);
});

test('lunch support and refunds are asked for as they are typed', async () => {
  answers.grantLunchSupport = ({ request }) => ({ support: LunchSupport.create(request.support as LunchSupport) });
  const span = ['--amount', '40.000', '--from', '2026-09-07', '--source', 'hcmc', '--citation', 'QĐ 812'];
  expect((await run('support', 'grant', '--pupil', id, ...span)).exit).toBe(0);
  expect(asked.at(-1)?.request).toMatchObject({
    support: { studentId: id, amountPerDay: { minorUnits: 40_000n }, effectiveFrom: '2026-09-07', source: SupportSource.HCMC },
  });
  answers.payRefund = () => ({
    refund: Refund.create({ studentName: 'Bùi Thanh Giang', amount: { currencyCode: 'VND', minorUnits: 70_000n } }),
  });
  const paid = await run('refund', 'pay', id, '--amount', '70.000', '--reference', 'FT1');
  expect(paid.out).toContain('70.000 ₫ to Bùi Thanh Giang');
  expect(asked.at(-1)).toMatchObject({
    rpc: 'payRefund',
    request: { refundId: id, amount: { minorUnits: 70_000n }, bankReference: 'FT1' },
  });
});

test('a list reads page after page, as many rows as wanted and no more', async () => {
  answers.listInvoices = ({ request }) => {
    const { size, token } = request.page as { size: number; token: string };
    const from = Number(token || 0);
    const invoices = Array.from({ length: Math.min(size, 40) }, (_, index) => Invoice.create({ invoiceId: `i${from + index}` }));
    return { invoices, page: { nextToken: from + invoices.length < 200 ? String(from + invoices.length) : '' } };
  };
  const some = await run('invoice', 'list', '--json', '--limit', '50');
  expect(JSON.parse(some.out)).toHaveLength(50);
  expect(some.err).toContain('--all shows more');
  const all = await run('invoice', 'list', '--json', '--all');
  expect(JSON.parse(all.out)).toHaveLength(200);
  expect(all.err).toBe('');
});

test('--json gives the message of the contract: names of states as text, amounts as they are', async () => {
  answers.getInvoice = () => ({
    invoice: Invoice.create({
      invoiceId: id,
      status: InvoiceStatus.PARTIALLY_PAID,
      total: { currencyCode: 'VND', minorUnits: 1_250_000n },
    }),
  });
  const { out } = await run('invoice', 'show', id, '--json');
  expect(JSON.parse(out)).toMatchObject({ status: 'INVOICE_STATUS_PARTIALLY_PAID', total: { currencyCode: 'VND', minorUnits: '1250000' } });
  const people = await run('invoice', 'show', id);
  expect(people.out).toContain('1.250.000 ₫');
  expect(people.out).toContain('partially-paid');
});

test('--json leaves nothing out: a zero is there as one, and what is missing is null', async () => {
  answers.getInvoice = () => ({ invoice: Invoice.create({ invoiceId: id, paid: { currencyCode: 'VND', minorUnits: 0n }, lines: [{}] }) });
  const { out } = await run('invoice', 'show', id, '--json');
  expect(JSON.parse(out)).toMatchObject({
    status: 'INVOICE_STATUS_UNSPECIFIED',
    paid: { currencyCode: 'VND', minorUnits: '0' },
    total: null,
    title: '',
    paidAt: null,
    lines: [{ code: '', quantity: 0, unitPrice: null }],
  });
});

test('a refusal ends with 1 and says what the service said, in the language of the terminal or of --lang', async () => {
  answers.getInvoice = ({ metadata }) => {
    throw refusal(metadata.get('accept-language')[0] === 'vi' ? 'Không có hóa đơn này.' : 'There is no such invoice.');
  };
  expect(await run('invoice', 'show', id)).toMatchObject({ exit: 1, out: '', err: 'There is no such invoice.\n' });
  expect(await run('invoice', 'show', id, '--lang', 'vi')).toMatchObject({ exit: 1, err: 'Không có hóa đơn này.\n' });
  expect((await runWith({ env: { LANG: 'vi_VN.UTF-8' } }, 'invoice', 'show', id)).err).toBe('Không có hóa đơn này.\n');
  const { err } = await run('invoice', 'show', id, '--json');
  expect(JSON.parse(err)).toEqual({ error: { code: 'INVOICE_NOT_FOUND', message: 'There is no such invoice.', facts: { invoiceId: id } } });
});

test('where nobody answers it ends with 3 and says how to start one', async () => {
  server.forceShutdown();
  expect(await run('invoice', 'show', id)).toMatchObject({ exit: 3, err: expect.stringContaining('npm start') });
  const elsewhere = mkdtempSync(join(tmpdir(), 'schoolbell-none-'));
  const { exit, err } = await runWith(
    { cwd: elsewhere },
    'invoice',
    'show',
    id,
    '--address',
    'billing=127.0.0.1:1',
    '--token-file',
    '/dev/null',
  );
  expect({ exit, err }).toMatchObject({ exit: 3, err: expect.stringContaining('Nobody answers at 127.0.0.1:1.') });
});

test.each([
  [['invoices']],
  [['invoice', 'show']],
  [['invoice', 'show', 'not-an-id']],
  [['invoice', 'list', '--status', 'lost']],
  [['invoice', 'list', '--limit', '0']],
  [['invoice', 'issue', '--pupil', id0(), '--title', 't', '--due', '2026-02-30', '--charge', 'A']],
  ...['1,5', '1.5', '1.0.0', '1.000,000', '.500', '1.000.', '10000000000000', '-1'].map((amount) => [
    ['payment', 'url', id0(), `--amount=${amount}`],
  ]),
  [['invoice', 'run', '--title', 't', '--due', '2026-12-15']],
  [['invoice', 'run', '--id', id0(), '--class', '1A']],
  [['invoice', 'run', '--id', id0(), '--again']],
  [['rollcall', 'submit', '--class', '1A', '--session', 'noon']],
  [['leave', 'request', '--pupil', id0(), '--from', '2026-02-30']],
  [['leave', 'request', '--pupil', id0(), '--from', '2026-11-23:noon']],
  [['class', 'list', '--address', 'garbage']],
  [['class', 'list', '--address', 'registry=']],
  [['class', 'list', '--as', 'minister']],
  [['class', 'list', '--lang', 'fr']],
  [['class', 'list', '--address', 'kitchen=127.0.0.1:1']],
  [['class', 'list', '--token-file', '/no/such/file']],
  [['roster', 'import', '/no/such/file.xlsx']],
])('%j is wrong usage: it ends with 2, says why and asks nobody', async (args) => {
  const { exit, err } = await run(...args);
  expect(exit).toBe(2);
  expect(err).not.toBe('');
  expect(asked).toEqual([]);
});

test('wrong usage is JSON where JSON is asked for, whoever found it, and nothing else is said', async () => {
  for (const [args, words] of [
    [['invoices'], "unknown command 'invoices'"],
    [['invoice'], 'A command is missing'],
    [['invoice', 'show'], "missing required argument 'invoice'"],
    [['invoice', 'list', '--limit', '0'], 'whole number from 1'],
    [['invoice', 'list', '--bogus'], "unknown option '--bogus'"],
    [['invoice', 'nosuch', '--help'], 'There is no command "invoice nosuch"'],
    [['class', 'list', '--as', 'minister'], 'There is no role'],
  ] as const) {
    const { exit, out, err } = await run(...args, '--json');
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(JSON.parse(err)).toEqual({ error: { code: 'USAGE', message: expect.stringContaining(words), facts: {} } });
  }
});

test('whoever reads may leave early: the command ends quietly with 0', async () => {
  const pupils = Array.from({ length: 5_000 }, (_, index) => Pupil.create({ code: String(index), fullName: 'Đỗ Thị Tuyết Nhung' }));
  answers.listPupils = () => ({ pupils });
  const main = join(import.meta.dirname, 'main.ts');
  const line = '{ "$0" "$1" pupil list --all; echo "status $?" >&2; } | head -3';
  const shell = spawn('sh', ['-c', line, process.execPath, main], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  expect(out.split('\n')).toHaveLength(4);
  expect(err).toBe('status 0\n');
});

test.each([
  [['events-of-old', '--help'], 'There is no command "events-of-old"; there are status, call, roster'],
  [['invoice', 'nosuch', '--help'], 'There is no command "invoice nosuch"; there are issue, run'],
  [['help', 'nosuch'], 'There is no command "nosuch"'],
])('%j asks for the help of nothing: it ends with 2 and names what there is', async (args, words) => {
  expect(await run(...args)).toEqual({ exit: 2, out: '', err: expect.stringContaining(words) });
});

test('a roll is called for everybody in the class, and only who is named is not present', async () => {
  const other = crypto.randomUUID();
  answers.listPupils = () => ({ pupils: [id, other].map((studentId) => Pupil.create({ studentId })), page: { nextToken: '' } });
  answers.submitRollCall = () => ({ rollCall: RollCall.create({ className: '1A' }) });
  const ended = await run('rollcall', 'submit', '--class', id, '--date', '2026-11-23', '--session', 'afternoon', '--late', id);
  expect(ended).toMatchObject({ exit: 0, err: '' });
  expect(asked.at(-1)?.request).toMatchObject({
    ...{ classId: id, date: '2026-11-23', session: DaySession.AFTERNOON },
    marks: [
      { studentId: id, kind: MarkKind.LATE },
      { studentId: other, kind: MarkKind.PRESENT },
    ],
  });
  const twice = await run('rollcall', 'submit', '--class', id, '--late', id, '--absent', id);
  expect(twice).toMatchObject({ exit: 2, err: expect.stringContaining('named twice') });
});

test('the morning view is a row for each class, and says where nobody has called the roll yet', async () => {
  const called = {
    className: '1A',
    date: '2026-11-23',
    session: DaySession.MORNING,
    calledAt: new Date('2026-11-23T00:31:00Z'),
    present: 38,
  };
  answers.listRollCalls = () => ({
    rollCalls: [called, { ...called, className: '10A1', calledAt: undefined }].map((row) => RollCallSummary.create(row)),
  });
  const { exit, out } = await run('rollcall', 'list', '--session', 'morning');
  expect(exit).toBe(0);
  expect(asked.at(-1)?.request).toMatchObject({ date: '', session: DaySession.MORNING });
  expect(out).toMatch(/1A +2026-11-23 morning +2026-11-23 07:31:00 +38 [\s\S]*10A1 +2026-11-23 morning +not yet/);
  await run('rollcall', 'list', '--date', '2026-11-23');
  expect(asked.at(-1)?.request).toMatchObject({ date: '2026-11-23', session: DaySession.UNSPECIFIED });
});

test.each([
  [
    ['--from', '2026-11-23'],
    ['2026-11-23', DaySession.MORNING],
    ['2026-11-23', DaySession.AFTERNOON],
  ],
  [
    ['--from', '2026-11-23:afternoon'],
    ['2026-11-23', DaySession.AFTERNOON],
    ['2026-11-23', DaySession.AFTERNOON],
  ],
  [
    ['--from', '2026-11-23:morning'],
    ['2026-11-23', DaySession.MORNING],
    ['2026-11-23', DaySession.MORNING],
  ],
  [
    ['--from', '2026-11-23:afternoon', '--until', '2026-11-25'],
    ['2026-11-23', DaySession.AFTERNOON],
    ['2026-11-25', DaySession.AFTERNOON],
  ],
] as const)('leave %j is whole days, or from half-day to half-day', async (span, first, last) => {
  answers.requestLeave = () => ({ leave: LeaveRequest.create() });
  await run('leave', 'request', '--pupil', id, ...span);
  const half = ([date, session]: readonly [string, DaySession]) => ({ date, session });
  expect(asked.at(-1)?.request).toMatchObject({ studentId: id, first: half(first), last: half(last) });
});

test('help is there for every noun and verb, with an example for every verb, and ends with 0', async () => {
  for (const [args, words] of [
    [['--help'], 'Exit status'],
    [['invoice', '--help'], 'run'],
    [['invoice', 'run', '--help'], '$ ./schoolbell invoice run'],
    [['help', 'demo'], 'pay'],
    [['rollcall', 'submit', '--help'], '$ ./schoolbell rollcall submit'],
  ] as const) {
    const { exit, out } = await run(...args);
    expect(exit).toBe(0);
    expect(out).toContain(words);
  }
});

test('each command shows the token of a role that may do it; --as and --token-file override that', async () => {
  answers.listClasses = () => ({ classes: [] });
  answers.listBalances = () => ({ balances: [] });
  writeFileSync(join(folder, 'token'), 'my-token\n');
  await run('class', 'list');
  await run('ledger', 'balances');
  await run('class', 'list', '--as', 'kitchen');
  await run('class', 'list', '--token-file', join(folder, 'token'));
  const tokens = asked.map(({ metadata }) => metadata.get('authorization')[0]);
  expect(tokens).toEqual(['Bearer principal-token', 'Bearer accountant-token', 'Bearer kitchen-token', 'Bearer my-token']);
});

test('run.json is found from any folder below it', async () => {
  answers.listClasses = () => ({ classes: [] });
  expect((await runWith({ cwd: join(folder, 'deep', 'down') }, 'class', 'list')).exit).toBe(0);
});

test('an import shows the plan; --dry-run stops there, --yes takes it over and waits for the end', async () => {
  const file = join(folder, 'C1-HocSinh.xlsx');
  writeFileSync(file, 'a workbook');
  const plan = { importId: id, rows: 3, accepted: 2, refused: 1, diff: { added: 2, changed: 0, unchanged: 0, ended: 0, merged: 0 } };
  const findings = [{ row: 4, code: 'SEX_UNKNOWN', level: FindingLevel.ERROR }];
  answers.planImport = () => ({ import: Import.create({ ...plan, findings, status: ImportStatus.PLANNED }) });
  answers.applyImport = () => ({ import: Import.create({ ...plan, status: ImportStatus.APPLYING }) });
  let looks = 0;
  answers.getImport = () => ({ import: Import.create({ ...plan, status: ++looks < 3 ? ImportStatus.APPLYING : ImportStatus.APPLIED }) });

  const dry = await run('roster', 'import', file, '--dry-run');
  expect(dry).toMatchObject({ exit: 0, out: expect.stringMatching(/SEX_UNKNOWN +1 +4\n/) });
  expect(asked.map(({ rpc }) => rpc)).toEqual(['planImport']);
  expect(asked[0]?.request).toMatchObject({ fileName: 'C1-HocSinh.xlsx', kind: 1, content: Buffer.from('a workbook') });

  asked.length = 0;
  expect(await run('roster', 'import', file, '--yes')).toMatchObject({ exit: 0, out: expect.stringContaining('Taken over.') });
  expect(asked.map(({ rpc }) => rpc)).toEqual(['planImport', 'applyImport', 'getImport', 'getImport', 'getImport']);
});

test('an import that ends badly says why and what to do', async () => {
  const file = join(folder, 'C1-HocSinh.xlsx');
  writeFileSync(file, 'a workbook');
  const plan = { importId: id, rows: 3, refused: 1, diff: { added: 2 } };
  answers.planImport = () => ({ import: Import.create({ ...plan, status: ImportStatus.PLANNED }) });
  answers.applyImport = () => ({ import: Import.create({ ...plan, status: ImportStatus.APPLYING }) });
  answers.getImport = () => ({ import: Import.create({ ...plan, appliedRows: 1, status: ImportStatus.FAILED, failure: 'TOO_LARGE' }) });
  const { exit, err } = await run('roster', 'import', file, '--yes');
  expect(exit).toBe(1);
  expect(err).toContain('ended after 1 of 2 rows');
  expect(err).toContain('import it again');
});

test('without a terminal an import asks nobody and changes nothing unless --yes is said', async () => {
  const file = join(folder, 'list.csv');
  writeFileSync(file, 'x');
  answers.planImport = () => ({ import: Import.create({ importId: id, diff: { added: 1 }, status: ImportStatus.PLANNED }) });
  expect(await run('roster', 'contacts', file)).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
  expect(asked.map(({ rpc }) => rpc)).toEqual(['planImport']);
});

test('an empty file and one over 16 MiB are refused, a folder is wrong usage, all before anything is sent', async () => {
  const file = join(folder, 'x.xlsx');
  writeFileSync(file, '');
  expect(await run('roster', 'import', file)).toMatchObject({ exit: 1, err: expect.stringContaining('is empty') });
  expect(JSON.parse((await run('roster', 'import', file, '--json')).err)).toMatchObject({ error: { code: 'FILE_EMPTY' } });
  expect(await run('roster', 'import', folder)).toMatchObject({ exit: 2, err: expect.stringContaining('is not a file') });
  writeFileSync(file, Buffer.alloc(16 * 1024 * 1024 + 1));
  expect(await run('roster', 'import', file)).toMatchObject({ exit: 1, err: expect.stringContaining('16 MiB at most') });
  expect(JSON.parse((await run('roster', 'import', file, '--json')).err)).toMatchObject({ error: { code: 'FILE_TOO_LARGE' } });
  expect(asked).toEqual([]);
});

const order = ['--title', 'Thu tháng 12', '--due', '2026-12-15', '--charge', 'A', '--charge', 'B=20'];
const aRun = (status: InvoiceRunStatus, issued: number) => ({ run: InvoiceRun.create({ runId: id, status, pupils: 1023, issued }) });
const asking = (rpc: string) => asked.filter((each) => each.rpc === rpc).map(({ request }) => request);

test('the same command again is the same run, however its charges are ordered; --again and any other order are another one', async () => {
  answers.listFeeItems = () => ({ feeItems: [feeItem('A', id), feeItem('B', otherId)] });
  answers.getInvoiceRun = () => {
    throw refusal('no such run', 'INVOICE_RUN_NOT_FOUND');
  };
  answers.startInvoiceRun = () => aRun(InvoiceRunStatus.DONE, 1023);
  await run('invoice', 'run', ...order, '--yes');
  await run('invoice', 'run', '--charge', 'B=20', '--charge', id, ...order.slice(0, 4), '--yes');
  await run('invoice', 'run', ...order, '--class', id, '--class', otherId, '--yes');
  await run('invoice', 'run', ...order, '--class', otherId, '--class', id, '--yes');
  await run('invoice', 'run', ...order, '--charge', 'A=2', '--yes');
  const { exit } = await run('invoice', 'run', ...order, '--yes', '--again');
  expect(exit).toBe(0);
  const [first, reordered, classes, reorderedClasses, more, again] = asking('startInvoiceRun').map(({ runId }) => runId);
  expect([reordered, reorderedClasses]).toEqual([first, classes]);
  expect(new Set([first, classes, more, again]).size).toBe(4);
});

test('the same order in another school is another one: the token tells the school', async () => {
  answers.listFeeItems = () => ({ feeItems: [feeItem('A', id), feeItem('B', otherId)] });
  answers.issueInvoice = () => ({ invoice: Invoice.create({ invoiceId: id }) });
  for (const school of ['one', 'other', 'one']) {
    writeFileSync(join(folder, 'token'), `e30.${Buffer.from(JSON.stringify({ school })).toString('base64url')}.signature`);
    await run('invoice', 'issue', '--pupil', id, ...order, '--token-file', join(folder, 'token'));
  }
  const [one, other, oneAgain] = asking('issueInvoice').map(({ invoiceId }) => invoiceId);
  expect(oneAgain).toBe(one);
  expect(other).not.toBe(one);
});

test('a run that was started before is said to be so, asks nobody and is followed to its end', async () => {
  answers.listFeeItems = () => ({ feeItems: [feeItem('A', id), feeItem('B', otherId)] });
  answers.getInvoiceRun = () => aRun(InvoiceRunStatus.DONE, 1023);
  answers.startInvoiceRun = () => aRun(InvoiceRunStatus.RUNNING, 250);
  const { exit, out, err } = await run('invoice', 'run', ...order);
  expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining('1023 invoices') });
  expect(err).toContain('started before');
});

test('a run without a terminal asks for --yes, the only flag that helps, and starts nothing', async () => {
  answers.listFeeItems = () => ({ feeItems: [feeItem('A', id), feeItem('B', otherId)] });
  const { exit, err } = await run('invoice', 'run', ...order);
  expect({ exit, err }).toEqual({ exit: 2, err: 'Nobody can be asked here: say --yes to go on.\n' });
  expect(asking('startInvoiceRun')).toEqual([]);
});

test('billing may be away in the middle of a run: it is waited for, and the run ends as if nothing had been', async () => {
  answers.listFeeItems = () => ({ feeItems: [feeItem('A', id), feeItem('B', otherId)] });
  answers.startInvoiceRun = () => aRun(InvoiceRunStatus.RUNNING, 0);
  let looks = 0;
  answers.getInvoiceRun = () => {
    looks += 1;
    if (looks === 1) throw refusal('no such run', 'INVOICE_RUN_NOT_FOUND');
    if (looks < 4) throw away();
    return aRun(InvoiceRunStatus.DONE, 1023);
  };
  const { exit, out, err } = await run('invoice', 'run', ...order, '--yes');
  expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining('1023 invoices') });
  expect(err.match(/Billing does not answer/g)).toHaveLength(1);
});

test('a run is named before it begins, and where billing stays away, with the command that looks at it', async () => {
  answers.listFeeItems = () => ({ feeItems: [feeItem('A', id), feeItem('B', otherId)] });
  answers.startInvoiceRun = () => {
    throw away();
  };
  const { exit, err } = await run('invoice', 'run', ...order, '--yes', '--patience', '0', '--as', 'system');
  const [{ runId } = {}] = asking('startInvoiceRun');
  expect(exit).toBe(3);
  expect(err).toMatch(new RegExp(`^Run ${runId}\n`));
  expect(err).toContain(`./schoolbell invoice run --id ${runId} --as system\n`);
  const { err: json } = await run('invoice', 'run', ...order, '--yes', '--patience', '0', '--json');
  expect(
    json
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ note: `Run ${runId}` }, { error: { facts: { runId } } }]);

  answers.getInvoiceRun = () => aRun(InvoiceRunStatus.DONE, 1023);
  asked.length = 0;
  expect(await run('invoice', 'run', '--id', `${runId}`)).toMatchObject({ exit: 0, out: expect.stringContaining('1023 invoices') });
  expect(asked.map(({ rpc }) => rpc)).toEqual(['getInvoiceRun']);
});

test('the same invoice again is issued once; a void one is not taken for a new one; --again issues another', async () => {
  answers.listFeeItems = () => ({ feeItems: [feeItem('A', id), feeItem('B', otherId)] });
  answers.getInvoice = () => {
    throw refusal('no such invoice');
  };
  answers.issueInvoice = ({ request }) => ({ invoice: Invoice.create({ invoiceId: `${request.invoiceId}` }) });
  const issue = ['invoice', 'issue', '--pupil', id, ...order];
  await run(...issue);
  answers.getInvoice = () => ({ invoice: Invoice.create({ invoiceId: id, status: InvoiceStatus.OPEN }) });
  expect(await run(...issue)).toMatchObject({ exit: 0, err: expect.stringContaining('issued before') });
  answers.getInvoice = ({ request }) => {
    if (request.invoiceId === first) return { invoice: Invoice.create({ invoiceId: id, status: InvoiceStatus.VOID }) };
    throw refusal('no such invoice');
  };
  const [first, second] = asking('issueInvoice').map(({ invoiceId }) => invoiceId);
  expect(second).toBe(first);
  expect(await run(...issue)).toMatchObject({ exit: 1, err: expect.stringContaining('--again') });
  expect((await run(...issue, '--again')).exit).toBe(0);
  expect(asking('issueInvoice')).toHaveLength(3);
  expect(asking('issueInvoice').at(-1)?.invoiceId).not.toBe(first);
});

test('only where nobody knows whether it was done is there a hint how to find out', async () => {
  answers.listFeeItems = () => ({ feeItems: [feeItem('A', id), feeItem('B', otherId)] });
  for (const rpc of ['getInvoice', 'getInvoiceRun'])
    answers[rpc] = () => {
      throw refusal('not known', rpc === 'getInvoice' ? 'INVOICE_NOT_FOUND' : 'INVOICE_RUN_NOT_FOUND');
    };
  const issue = ['invoice', 'issue', '--pupil', id, ...order];
  const start = ['invoice', 'run', ...order, '--yes', '--patience', '0'];
  answers.issueInvoice = answers.startInvoiceRun = () => {
    throw refusal('The day has passed.', 'DUE_IN_THE_PAST');
  };
  expect(await run(...issue)).toMatchObject({ exit: 1, err: 'The day has passed.\n' });
  expect((await run(...start)).err).toMatch(/^Run \S+\nThe day has passed\.\n$/);
  answers.issueInvoice = answers.startInvoiceRun = () => {
    throw away();
  };
  expect((await run(...issue)).err).toContain('was issued all the same: ./schoolbell invoice show');
  expect((await run(...start)).err).toContain('goes on without this command');
});

test('a fee item is found on any page; a code that two items share is refused with the ids of both, and an id does', async () => {
  answers.listFeeItems = ({ request }) =>
    (request.page as { token: string }).token === ''
      ? { feeItems: [feeItem('A', id)], page: { nextToken: 'more' } }
      : { feeItems: [feeItem('A', otherId), feeItem('B', id.replace('0198', '0199'))] };
  answers.issueInvoice = () => ({ invoice: Invoice.create({ invoiceId: id }) });
  const issue = ['invoice', 'issue', '--pupil', id, '--title', 't', '--due', '2026-12-15', '--charge'];
  const { exit, err } = await run(...issue, 'A');
  expect(exit).toBe(1);
  expect(err).toContain(id);
  expect(err).toContain(otherId);
  expect((await run(...issue, 'B')).exit).toBe(0);
  expect((await run(...issue, otherId)).exit).toBe(0);
  expect(asking('issueInvoice').at(-1)).toMatchObject({ charges: [{ feeItemId: otherId, quantity: 1 }] });
});

test('roles that have no list of pupils still name one by code, and are told who is not found', async () => {
  answers.findPupils = ({ request }) => ({
    pupils: (request.codes as string[]).includes('79000701000001') ? [{ code: '79000701000001', studentId: id }] : [],
  });
  answers.listInvoices = () => ({ invoices: [] });
  expect((await run('invoice', 'list', '--pupil', '79000701000001')).exit).toBe(0);
  expect(asked.at(-1)?.request).toMatchObject({ studentId: id });
  const unknown = await run('invoice', 'list', '--pupil', '79000701999999');
  expect(unknown).toMatchObject({ exit: 1, err: expect.stringContaining('no pupil with the code 79000701999999') });
});

test.each(['350.000', '350,000', '350000'])('an amount may be typed as %s', async (amount) => {
  answers.createPaymentUrl = () => ({ attempt: { attemptId: id }, url: 'http://127.0.0.1/pay' });
  await run('payment', 'url', id, '--amount', amount, '--id', id);
  expect(asked[0]?.request).toMatchObject({
    attemptId: id,
    invoiceId: id,
    gateway: 'vnpay',
    amount: { currencyCode: 'VND', minorUnits: 350_000n },
  });
  expect(asked[0]?.metadata.get('idempotency-key')).toEqual([id]);
});

test('the work list shows what was booked, what was named, and who decided what', async () => {
  const vnd = (minorUnits: bigint) => ({ currencyCode: 'VND', minorUnits });
  const question = SuspenseItem.create({ suspenseId: id, amount: vnd(0n), namedAmount: vnd(350_000n) });
  answers.listSuspense = () => ({ items: [{ ...question, resolvedBy: 'accountant-7', invoiceId: otherId }] });
  const { out } = await run('suspense', 'list', '--resolved');
  for (const text of ['0 ₫', '350.000 ₫', 'accountant-7', otherId]) expect(out).toContain(text);
});

test('money is booked for a question only where --money-received says so', async () => {
  const item = SuspenseItem.create({ suspenseId: id, namedAmount: { currencyCode: 'VND', minorUnits: 350_000n } });
  answers.resolveSuspense = ({ request }) => ({ item: { ...item, invoiceId: request.invoiceId } });
  const closed = await run('suspense', 'resolve', id, '--reason', 'hoàn tiền');
  expect(closed.out).toContain('no money was booked');
  const booked = await run('suspense', 'resolve', id, '--invoice', otherId, '--money-received', '--reason', 'sao kê');
  expect(booked.out).toContain(`350.000 ₫ went on invoice ${otherId}`);
  expect(asking('resolveSuspense')).toEqual([
    { suspenseId: id, invoiceId: '', moneyReceived: false, reason: 'hoàn tiền' },
    { suspenseId: id, invoiceId: otherId, moneyReceived: true, reason: 'sao kê' },
  ]);
});

test('the verify screen shows who is away, until when the alert is held, and who held it back why', async () => {
  const row = { studentName: 'Bùi Thanh Giang', kind: MarkKind.ABSENT_WITHOUT_LEAVE, releaseAt: new Date('2026-11-23T00:40:00Z') };
  const held = { ...row, status: AbsenceAlertStatus.HELD };
  const back = {
    status: AbsenceAlertStatus.SUPPRESSED,
    suppressedBecause: SuppressionReason.HELD_BACK,
    decidedBy: 'lan',
    reason: 'Ở phòng y tế',
  };
  answers.listAbsenceAlerts = () => ({ alerts: [held, back].map((alert) => AbsenceAlert.create(alert)) });
  const { exit, out } = await run('absence', 'list', '--class', id, '--date', '2026-11-23', '--session', 'afternoon');
  expect(exit).toBe(0);
  expect(asked.at(-1)?.request).toMatchObject({ classId: id, date: '2026-11-23', session: DaySession.AFTERNOON });
  expect(out).toMatch(/Bùi Thanh Giang +absent-without-leave +held +2026-11-23 07:40:00/);
  expect(out).toMatch(/expected +suppressed +held-back +lan +Ở phòng y tế/);
});

test('alerts are confirmed for a class or for the named pupils, and held back with a reason', async () => {
  answers.confirmAbsenceAlerts = () => ({ alerts: [] });
  await run('absence', 'confirm', '--class', id, '--date', '2026-11-23', '--pupil', otherId);
  const half = { date: '2026-11-23', session: DaySession.MORNING };
  expect(asked.at(-1)?.request).toEqual({ classId: id, ...half, studentIds: [otherId] });
  answers.holdAbsenceAlert = () => ({ alert: AbsenceAlert.create({ studentId: id }) });
  await run('absence', 'hold', id, '--date', '2026-11-23', '--afternoon', '--reason', 'Mẹ đang ở trường');
  expect(asked.at(-1)?.request).toEqual({ studentId: id, ...half, session: DaySession.AFTERNOON, reason: 'Mẹ đang ở trường' });
  expect(await run('absence', 'hold', id)).toMatchObject({ exit: 2 });
});

test('what is told of absences is laid down with a citation, the rest as usual', async () => {
  answers.setAbsenceAlertPolicy = ({ request }) => ({ policy: request.policy });
  const { out } = await run('absence', 'policy', 'set', '--citation', 'QĐ 12', '--from', '2026-12-01', '--late', '--confirm', '--id', id);
  const usual = { tellWithoutLeave: true, tellWithLeave: false, graceMinutes: 10, longestWaitMinutes: 60 };
  const policy = {
    policyId: id,
    effectiveFrom: '2026-12-01',
    ...usual,
    tellLate: true,
    confirmation: Confirmation.NEEDED,
    citation: 'QĐ 12',
  };
  expect(asked.at(-1)?.request).toEqual({ policy });
  expect(out).toMatch(/needed; goes out anyway after 60 minutes/);
  expect(await run('absence', 'policy', 'set')).toMatchObject({ exit: 2 });
});

const id = id0();
const otherId = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a11';

function feeItem(code: string, feeItemId: string): FeeItem {
  return FeeItem.create({ code, feeItemId, effectiveFrom: '2020-09-01', unit: 'tháng' });
}

function away(): Error {
  return Object.assign(new Error('away'), { code: status.UNAVAILABLE, details: 'away', metadata: new Metadata() });
}

function id0(): string {
  return '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10';
}

function refusal(message: string, reason = 'INVOICE_NOT_FOUND'): Error {
  return Object.assign(new Error(message), { code: status.NOT_FOUND, details: message, metadata: infoTrailer(reason) });
}

function infoTrailer(reason: string): Metadata {
  const info = ErrorInfo.encode({ reason, domain: 'schoolbell', metadata: { invoiceId: id } }).finish();
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: Buffer.from(info) }];
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(Status.encode({ code: 5, message: '', details }).finish()));
  return metadata;
}

function runFile(): RunFile {
  const service = { grpc: address, metrics: 'http://127.0.0.1:1/metrics', pid: 1 };
  return {
    engines: { mongodb: { uri: 'mongodb://127.0.0.1:1', via: 'local' }, kafka: { brokers: ['127.0.0.1:1'], via: 'local' } },
    services: { registry: service, attendance: service, canteen: service, billing: service, notification: service },
    mailbox: 'http://127.0.0.1:1/messages',
    school: { id, code: '79000701' },
    tokens: Object.fromEntries(tokenRoles.map((role) => [role, `${role}-token`])) as RunFile['tokens'],
    gateways: {},
  };
}

interface Ended {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): Promise<Ended> {
  return runWith({}, ...args);
}

async function runWith({ cwd = folder, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv }, ...args: string[]): Promise<Ended> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const exit = await runCommandLine(args, { stdin, stdout, stderr, env, cwd });
  stdout.end();
  stderr.end();
  return { exit, out: await out, err: await err };
}
