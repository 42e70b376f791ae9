import { readFileSync } from 'node:fs';
import { BillingEvent } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { FindingLevel } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { brokenInvariants, type Journey, readTopic, startJourney, until } from '@schoolbell/testkit';
import { type CloudEvent, Kafka, type KafkaMessage } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const workbook = 'infra/demo/school/C1-HocSinh.xlsx';
const contacts = 'infra/demo/school/phu-huynh.csv';
const key = JSON.parse(readFileSync('infra/demo/school/C1-HocSinh.key.json', 'utf8'));

let journey: Journey;
beforeAll(async () => {
  journey = await startJourney();
});
afterAll(() => journey?.stop());

const levels: Record<number, string> = { [FindingLevel.INFO]: 'info', [FindingLevel.WARNING]: 'warning', [FindingLevel.ERROR]: 'error' };
const price = 1_250_000n;

async function guardiansByWish() {
  const { registry } = journey.schoolbell.clients;
  const all = [];
  for (let token = ''; ; ) {
    const { guardians, page } = await registry.listGuardians({ studentId: '', page: { size: 500, token } });
    all.push(...guardians);
    token = page?.nextToken ?? '';
    if (token === '') return all;
  }
}

/** A pupil for whom a guardian asked for notices in `language`, with all of the pupil's guardians. */
async function pupilToldIn(language: string) {
  const guardians = await guardiansByWish();
  const asked = guardians.find((guardian) => guardian.language === language && guardian.wantsNotices && guardian.email !== '');
  const studentId = asked?.guardianships[0]?.studentId ?? '';
  const ofPupil = guardians.filter((guardian) => guardian.guardianships.some((tie) => tie.studentId === studentId));
  return { studentId, guardians: ofPupil };
}

/** Everything that was announced is on Kafka and was heard. */
const booksHold = () => until(async () => (await brokenInvariants(journey.schoolbell.engines, journey)).length === 0, 500);

/** Nothing is on its way any more: only then does one mail mean that there is no second. */
const allDelivered = () =>
  until(async () => {
    const { sent, pending, sending, waitingForRoster } = await journey.schoolbell.clients.notification.countDeliveries({});
    return (
      sent > 0n &&
      pending === 0n &&
      sending === 0n &&
      waitingForRoster === 0n &&
      (await brokenInvariants(journey.schoolbell.engines, journey)).length === 0
    );
  }, 300);

const mailsTo = async (address: string) => (await journey.mails()).filter(({ to }) => to.some((each) => each.includes(address)));

describe('from a workbook and a notice of a bank to a message in a mailbox', () => {
  test('the workbook is read with the totals and findings of its key, no more and no less', async () => {
    const planned = await journey.importFile('roster', workbook);
    const byRow = new Map<number, { code: string; level: string }[]>();
    for (const { row, code, level } of planned.findings) byRow.set(row, [...(byRow.get(row) ?? []), { code, level: levels[level] ?? '' }]);
    const found = [...byRow].sort(([a], [b]) => a - b).map(([row, findings]) => ({ row, findings }));
    expect(found).toEqual(key.findings);
    const { rows, accepted, refused, left, classes } = planned;
    expect({ rows, enrolled: accepted, refused, left, classes }).toEqual({
      rows: key.rows,
      enrolled: key.enrolled,
      refused: key.refused,
      left: key.left,
      classes: key.classes,
    });
  });

  test('the same workbook again changes nothing and announces nothing', async () => {
    const announced = async () => {
      await booksHold();
      return (await readTopic(journey.schoolbell.engines.kafka.brokers, 'school.registry.v1')).length;
    };
    await journey.importFile('contacts', contacts);
    const before = await announced();
    const again = await journey.importFile('roster', workbook);
    expect(again.diff).toMatchObject({ added: 0, changed: 0, ended: 0, merged: 0 });
    const contactsAgain = await journey.importFile('contacts', contacts);
    expect(contactsAgain.diff).toMatchObject({ added: 0, changed: 0, ended: 0 });
    expect(await announced()).toBe(before);
  });

  test('every pupil who is enrolled gets one invoice', async () => {
    const { billing } = journey.schoolbell.clients;
    await booksHold();
    const runId = await journey.runInvoices(price, 'Thu thử');
    expect((await billing.getInvoiceRun({ runId })).run).toMatchObject({ pupils: key.enrolled, issued: key.enrolled });
    const totals = await billing.listBalances({ prefix: 'revenue:', page: undefined });
    expect(totals.totalDebits).toEqual(totals.totalCredits);
  });

  for (const [language, words] of [
    ['vi', /đã thanh toán|đã nộp|đã được thanh toán|đã nhận/i],
    ['en', /paid|received/i],
  ] as const) {
    test(`a payment is booked once and told once to each guardian who asked, in the language of each (${language})`, async () => {
      const { billing } = journey.schoolbell.clients;
      const { studentId, guardians } = await pupilToldIn(language);
      const invoice = await journey.invoiceOf(studentId);
      const notice = await journey.noticeFor(invoice.invoiceId);
      const answers: string[] = [];
      // As VNPAY does, each asks again after 99, which a door that is out of time answers.
      const asking = () =>
        until(async () => {
          const { RspCode } = await journey.notify(notice);
          answers.push(RspCode);
          return RspCode !== '99';
        });
      await Promise.all(Array.from({ length: 50 }, asking));
      const count = (code: string) => answers.filter((each) => each === code).length;
      expect(count('00') + count('02')).toBe(50);
      expect(count('00')).toBeLessThanOrEqual(1);
      // The one that was booked may have been told too late, and then it was told 99.
      expect(count('00') + count('99')).toBeGreaterThanOrEqual(1);

      expect((await billing.getInvoice({ invoiceId: invoice.invoiceId })).invoice?.paid?.minorUnits).toBe(price);
      const { balances, totalDebits, totalCredits } = await billing.listBalances({ prefix: 'clearing:', page: undefined });
      expect(totalDebits).toEqual(totalCredits);
      expect(balances[0]?.account).toBe('clearing:vnpay');

      await allDelivered();
      for (const guardian of guardians) {
        if (guardian.wantsNotices && guardian.email !== '') {
          const [mail, ...more] = await until(async () => {
            const found = await mailsTo(guardian.email);
            return found.length > 0 && found;
          });
          expect(more).toEqual([]);
          expect(mail?.text).toContain('1.250.000'.replaceAll('.', guardian.language === 'en' ? ',' : '.'));
          if (guardian.language === language) expect(`${mail?.subject} ${mail?.text}`).toMatch(words);
        }
      }
      for (const guardian of guardians.filter(({ wantsNotices }) => !wantsNotices)) expect(await mailsTo(guardian.email)).toEqual([]);
    });
  }

  test('one trace runs from the request of the gateway to the mail server', async () => {
    const spans = () => journey.collector.spans();
    const trace = await until(async () => {
      const smtp = spans().find(({ service, name }) => service === 'notification' && /smtp/i.test(name));
      const ofTrace = spans().filter(({ traceId }) => traceId === smtp?.traceId);
      const has = (service: string, kind: number, pattern: RegExp) =>
        ofTrace.some((span) => span.service === service && span.kind === kind && pattern.test(span.name));
      const whole =
        has('billing', 2, /ipn/i) &&
        has('billing', 3, /mongodb/) &&
        has('billing', 4, /send school\.billing\.v1\.InvoicePaid/) &&
        has('notification', 5, /process school\.billing\.v1\.InvoicePaid/);
      return whole && ofTrace;
    });
    expect(trace.length).toBeGreaterThanOrEqual(5);
  });

  test('records on Kafka decode as CloudEvents 1.0 in binary mode with a decoder that is not ours', async () => {
    const { brokers } = journey.schoolbell.engines.kafka;
    const decoders = { 'school.registry.v1': RegistryEvent, 'school.billing.v1': BillingEvent } as const;
    for (const [topic, decoder] of Object.entries(decoders)) {
      const records = await readTopic(brokers, topic);
      expect(records.length).toBeGreaterThan(0);
      const ids = new Set<string>();
      for (const record of records) {
        const message: KafkaMessage = {
          key: record.key,
          value: record.value,
          body: record.value,
          headers: { ...record.headers },
          timestamp: '',
        };
        const event = Kafka.toEvent<Buffer>(message) as CloudEvent<Buffer>;
        expect(event.validate()).toBe(true);
        expect(event.specversion).toBe('1.0');
        expect(event.datacontenttype).toBe('application/protobuf');
        expect(event.partitionkey).toBe(record.key);
        const fact = decoder.decode(record.value).event?.$case ?? '';
        expect(event.type).toBe(`${topic}.${fact.charAt(0).toUpperCase()}${fact.slice(1)}`);
        ids.add(event.id);
      }
      expect(ids.size).toBe(records.length);
    }
  });

  test('versions of each aggregate are without gaps and rise', async () => {
    const versions = new Map<string, number>();
    for (const { key, headers } of await readTopic(journey.schoolbell.engines.kafka.brokers, 'school.billing.v1')) {
      const version = Number(headers.ce_aggregateversion);
      expect(version).toBe((versions.get(key) ?? 0) + 1);
      versions.set(key, version);
    }
  });

  test('the 12-digit person number is on no topic', async () => {
    const canaries = ['092320538096', '031320133158', '092320172698', '079220507986', '079320398211', '031219865496', '048218067177'];
    for (const topic of [
      'school.registry.v1',
      'school.attendance.v1',
      'school.canteen.v1',
      'school.billing.v1',
      'school.notification.v1',
    ]) {
      for (const record of await readTopic(journey.schoolbell.engines.kafka.brokers, topic)) {
        const text = `${record.key} ${record.value.toString('latin1')} ${JSON.stringify(record.headers)}`;
        expect(canaries.filter((canary) => text.includes(canary))).toEqual([]);
      }
    }
  });
});
