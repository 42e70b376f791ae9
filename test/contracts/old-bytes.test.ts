import { AttendanceEvent } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { BillingEvent } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { NotificationEvent } from '@schoolbell/contracts/school/notification/v1/notification_events';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { expect, test } from 'vitest';

// Bytes as they lie on topics since the first version. They are never edited: a change that cannot read them breaks whoever replays.
const written = {
  invoicePaid:
    'GpwBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDESJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMhoJCgNWTkQQ0KVMIAEqEELDuWkgVGhhbmggR2lhbmcyAjFBOhJUaHUgdGjDoW5nIDExLzIwMjZCBgje/oPYBkoFdm5wYXlSCDE0NDIyNTc0',
  paymentReceived:
    'EuUBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDMSJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMRokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDAyIhBCw7lpIFRoYW5oIEdpYW5nKhJUaHUgdGjDoW5nIDExLzIwMjYyCQoDVk5EEKDCHjoJCgNWTkQQoMIeQgkKA1ZORBCw4y1KBXZucGF5UggxNDQyMjU3M1oRNzkwMDA3MDEtMDE5OGMxZGViBgje/oPYBg==',
  studentEnrolled:
    'Ep0BCpoBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDISJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwORoONzkwMDA3MDEwMDAwMDEiEELDuWkgVGhhbmggR2lhbmcqJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwODICMUE4AQ==',
  guardianChanged:
    'KrsBCpIBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDcSDlBoYW4gSOG7r3UgTmFtGgwrODQ5MTU4OTY5ODAiEHBoMC4xQGV4YW1wbGUudm4qAnZpMAE6NAokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDAyEAEaCjIwMjYtMDktMDUSJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwOQ==',
  studentMarkedAbsent:
    'CvMBCrwBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDISEELDuWkgVGhhbmggR2lhbmcaJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwOCICMUEqCjIwMjYtMTEtMjMwATgDQgYI0PqN2AZKBgjEko7YBlIQdGVhY2hlckA3OTAwMDcwMVgBYiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDQSMggEEgYIiJKO2AYYAiIkMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDAz',
  schoolYearDefined:
    'Ku8BCuwBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDMSCTIwMjYtMjAyNxoKMjAyNi0wOS0wNSIKMjAyNy0wNS0zMSosUXV54bq/dCDEkeG7i25oIGtodW5nIHRo4budaSBnaWFuIG7Eg20gaOG7jWMyWAoKMjAyNy0wMi0wNBIKMjAyNy0wMi0xMBoTVOG6v3QgTmd1ecOqbiDEkcOhbiIpQuG7mSBsdeG6rXQgTGFvIMSR4buZbmcgMjAxOSwgxJBp4buBdSAxMTI6BQECAwQFQgQBAgMESgUwNjowMFIFMTI6MDA=',
  classTeacherAssigned: 'MlIKUAokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDA4EhB0ZWFjaGVyQDc5MDAwNzAxGgoyMDI2LTA5LTA1IgoyMDI3LTAxLTAx',
  mealsBooked:
    'CqMBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDISEELDuWkgVGhhbmggR2lhbmcaJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwOCICMUEqPwokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDEwEgoyMDI2LTExLTIzGAIiCQoDVk5EELiRAg==',
  mealCancelled:
    'Eo0CCoACCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMTASJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMhoQQsO5aSBUaGFuaCBHaWFuZyIkMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDA4KgIxQTIKMjAyNi0xMS0yMzgCQgkKA1ZORBC4kQJIAlIGCIiSjtgGWAFiBgjQ+o3YBnJJMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDExOjAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMhABGgYI0PqN2AY=',
  mealCutLate:
    'Go0CCoACCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMTASJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMhoQQsO5aSBUaGFuaCBHaWFuZyIkMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDA4KgIxQTIKMjAyNi0xMS0yMzgCQgkKA1ZORBC4kQJIA1IGCIiSjtgGWAFiBgiMmY7YBnJJMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDExOjAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMhABGgYIjJmO2AY=',
  mealRestored:
    'IoUCCvYBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMTASJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMhoQQsO5aSBUaGFuaCBHaWFuZyIkMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDA4KgIxQTIKMjAyNi0xMS0yMzgCQgkKA1ZORBC4kQJIAVIGCIiSjtgGckkwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMTE6MDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDAyEAMaBgiMmY7YBiAC',
  mealsRepriced:
    'Kp0BCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDISPwokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDEwEgoyMDI2LTExLTIzGAIiCQoDVk5EEPCoAho0VGjhu49hIHRodeG6rW4gduG7m2kgY2hhIG3hurkgaOG7jWMgc2luaCwgMTUtMTEtMjAyNg==',
  menuPublished:
    'MmgKZgokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDEyEgoyMDI2LTExLTIzGAIiJgoSVGjhu4t0IGtobyB0cuG7qW5nEhAKC1Ry4bupbmcgZ8OgEgEDKAIyBgjQ+o3YBg==',
  alertDelivered:
    'CpoBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDYSJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwNRokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDA3IiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDIoAQ==',
  alertFailed:
    'EqUBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDYSJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwNRokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDA3IiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDIoATIJV0lUSERSQVdO',
  mealCredited:
    'KosBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDISEELDuWkgVGhhbmggR2lhbmcaCQoDVk5EELiRAiAEQjkKJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAyMRIKMjAyNi0xMi0wNxoFTFVOQ0hKCQoDVk5EEPCiBA==',
  creditReversed:
    'QpIBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMDISEELDuWkgVGhhbmggR2lhbmcaCQoDVk5EELiRAiAEKjkKJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAyMRIKMjAyNi0xMi0wNxoFTFVOQ0gyEAoDVk5EEMju/f///////wE=',
  refundRequested:
    'SoEBCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMjISJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMhoQQsO5aSBUaGFuaCBHaWFuZyIJCgNWTkQQ8KIEKgoyMDI2LTExLTIwMgoyMDI3LTAxLTAx',
  refundPaid:
    'UngKJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAyMhIkMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDAyGhBCw7lpIFRoYW5oIEdpYW5nIgkKA1ZORBDwogQqDUZUMjYzNDIwMDAwMDE=',
  mealBillIssued:
    'CqcCCqQCCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMjMSJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAwMhoQQsO5aSBUaGFuaCBHaWFuZyICMUEqGVRp4buBbiDEg24gdGjDoW5nIDEyLzIwMjYwAzgCQkYSBUxVTkNIGiVUaeG7gW4gxINuIGLhu69hIHRyxrBhIHRow6FuZyAxMi8yMDI2IAMqCQoDVk5EELiRAjIJCgNWTkQQqLQGSgkKA1ZORBCotAZSCQoDVk5EELiRAloKMjAyNi0xMi0xNWIGCKDUuNgGciQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMjR6CQoDVk5EELiRAg==',
  servingOpened:
    '6gG5AQq2AQokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDIwEgoyMDI2LTExLTIzGAIiIAoGY2EtdGh1EhZDw6EgdGh1IHPhu5F0IGPDoCBjaHVhIiUKCWNhbmgtY2h1YRIYQ2FuaCBjaHVhIGLDtG5nIHNvIMSRxalhKJwDMAI6Bgjo747YBkIQa2l0Y2hlbkA3OTAwMDcwMUoGCODLjdgGUhBraXRjaGVuQDc5MDAwNzAx',
  ingredientsChecked:
    'sgH7AgokMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDIwEtICCpABCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMjESHE5ndXnhu4VuIFRo4buLIFTGsOG7nW5nIFbhu7kaJDAxOThjMWRlLTZjMWUtN2I1ZS05YzFhLTAwMDAwMDAwMDAyMiIKQ8OibiBs4bqhaSoGCPDnjdgGMhBraXRjaGVuQDc5MDAwNzAxEg5Dw6EgdGh1IHTGsMahaRgBIgYI7OCN2AYouJECMgJrZzoqQ+G7rWEgaMOgbmcgdGjhu7FjIHBo4bqpbSBz4bqhY2ggTWluaCBUw6JtQi4xMiBUcuG6p24gSMawbmcgxJDhuqFvLCBRdeG6rW4gNTsgMDkwMyAxMjMgNDU2ShFUcuG6p24gVsSDbiBIw7luZ1ILSMSQIDAwMTIzNDVaDsSQS1RZIDEyMy8yMDI2YgxLRCA5OTgxLzIwMjaAAQE=',
  sampleDestroyed:
    '0gHFAgoWQ8OhIHRodSBz4buRdCBjw6AgY2h1YRKqAgpeCiQwMTk4YzFkZS02YzFlLTdiNWUtOWMxYS0wMDAwMDAwMDAwMjMSHE5ndXnhu4VuIFRo4buLIFTGsOG7nW5nIFbhu7kqBgj05o7YBjIQa2l0Y2hlbkA3OTAwMDcwMRIkMDE5OGMxZGUtNmMxZS03YjVlLTljMWEtMDAwMDAwMDAwMDIwGgZjYS10aHUgASh4MhRI4buZcCBpbm94IGPDsyBu4bqvcDgtQgYIuOaO2AZKBgi4iZTYBlJuCgYIwJeU2AYSHE5ndXnhu4VuIFRo4buLIFTGsOG7nW5nIFbhu7kaFUzDqiBUaOG7iyDDgW5oIE5n4buNYyIVTeG6q3UgYsOsbmggdGjGsOG7nW5nKgYIyKWU2AYyEGtpdGNoZW5ANzkwMDA3MDE=',
};

const bytes = (name: keyof typeof written) => Buffer.from(written[name], 'base64');
const vnd = (minorUnits: bigint) => ({ currencyCode: 'VND', minorUnits });
const id = (last: number) => `0198c1de-6c1e-7b5e-9c1a-0000000000${String(last).padStart(2, '0')}`;
const paidAt = new Date('2026-11-21T02:18:06.000Z');

test('an invoice that was paid then is read as paid now', () => {
  const { event } = BillingEvent.decode(bytes('invoicePaid'));
  expect(event).toMatchObject({
    $case: 'invoicePaid',
    value: {
      invoiceId: id(1),
      studentId: id(2),
      paid: vnd(1_250_000n),
      purpose: 1,
      studentName: 'Bùi Thanh Giang',
      className: '1A',
      paidAt,
    },
  });
});

test('a part payment of then still says what is owed', () => {
  const { event } = BillingEvent.decode(bytes('paymentReceived'));
  expect(event).toMatchObject({
    $case: 'paymentReceived',
    value: { receiptId: id(3), received: vnd(500_000n), applied: vnd(500_000n), outstanding: vnd(750_000n), gateway: 'vnpay', paidAt },
  });
});

test('the money of a meal of then is read whole', () => {
  const about = { studentId: id(2), studentName: 'Bùi Thanh Giang', meal: { bookingId: id(21), date: '2026-12-07', meal: 'LUNCH' } };
  expect(BillingEvent.decode(bytes('mealCredited')).event).toMatchObject({
    $case: 'accountCredited',
    value: { ...about, amount: vnd(35_000n), reason: 4, receiptId: '', balance: vnd(70_000n) },
  });
  expect(BillingEvent.decode(bytes('creditReversed')).event).toMatchObject({
    $case: 'creditReversed',
    value: { ...about, amount: vnd(35_000n), reason: 4, balance: vnd(-35_000n) },
  });
  const line = { code: 'LUNCH', quantity: 3, unitPrice: vnd(35_000n), amount: vnd(105_000n) };
  expect(BillingEvent.decode(bytes('mealBillIssued')).event).toMatchObject({
    $case: 'invoiceIssued',
    value: { invoice: { invoiceId: id(23), purpose: 3, status: 2, lines: [line], paid: vnd(35_000n), creditApplied: vnd(35_000n) } },
  });
});

test('a refund of then still says how much, by when, and by which transfer', () => {
  const about = { refundId: id(22), studentId: id(2), studentName: 'Bùi Thanh Giang', amount: vnd(70_000n) };
  expect(BillingEvent.decode(bytes('refundRequested')).event).toMatchObject({
    $case: 'refundRequested',
    value: { ...about, leftOn: '2026-11-20', dueOn: '2027-01-01' },
  });
  expect(BillingEvent.decode(bytes('refundPaid')).event).toMatchObject({
    $case: 'refundPaid',
    value: { ...about, bankReference: 'FT26342000001' },
  });
});

test('a pupil and a guardian of then are read whole', () => {
  expect(RegistryEvent.decode(bytes('studentEnrolled')).event).toMatchObject({
    $case: 'studentEnrolled',
    value: {
      student: { studentId: id(2), schoolId: id(9), code: '79000701000001', fullName: 'Bùi Thanh Giang', className: '1A', grade: 1 },
    },
  });
  expect(RegistryEvent.decode(bytes('guardianChanged')).event).toMatchObject({
    $case: 'guardianChanged',
    value: {
      schoolId: id(9),
      guardian: {
        guardianId: id(7),
        phone: '+84915896980',
        wantsNotices: true,
        guardianships: [{ studentId: id(2), relation: 1, validFrom: '2026-09-05', validUntil: '' }],
      },
    },
  });
});

test('an absence of then still says when it was told and what it corrects', () => {
  expect(AttendanceEvent.decode(bytes('studentMarkedAbsent')).event).toMatchObject({
    $case: 'studentMarkedAbsent',
    value: {
      mark: {
        ...{ studentId: id(2), studentName: 'Bùi Thanh Giang', classId: id(8), className: '1A', date: '2026-11-23', session: 1, kind: 3 },
        ...{ reportedAt: new Date('2026-11-22T23:40:00Z'), submittedAt: new Date('2026-11-23T00:31:00Z'), source: 1, sourceId: id(4) },
      },
      corrects: { kind: 4, reportedAt: new Date('2026-11-23T00:30:00Z'), source: 2, sourceId: id(3) },
    },
  });
});

test('a calendar and a class teacher of then are read as they were laid down', () => {
  const holiday = { firstDay: '2027-02-04', lastDay: '2027-02-10', name: 'Tết Nguyên đán', citation: 'Bộ luật Lao động 2019, Điều 112' };
  expect(AttendanceEvent.decode(bytes('schoolYearDefined')).event).toEqual({
    $case: 'schoolYearDefined',
    value: {
      schoolYear: {
        ...{ calendarId: id(3), name: '2026-2027', firstDay: '2026-09-05', lastDay: '2027-05-31', holidays: [holiday] },
        ...{ citation: 'Quyết định khung thời gian năm học', morningOpens: '06:00', afternoonOpens: '12:00' },
        ...{ morningWeekdays: [1, 2, 3, 4, 5], afternoonWeekdays: [1, 2, 3, 4] },
      },
    },
  });
  const assigned = { classId: id(8), subject: 'teacher@79000701', validFrom: '2026-09-05', validUntil: '2027-01-01' };
  expect(AttendanceEvent.decode(bytes('classTeacherAssigned')).event).toMatchObject({ value: { classTeacher: assigned } });
});

test('meals of then are read with pupil, day, price, standing and when the school was told', () => {
  const pupil = { studentId: id(2), studentName: 'Bùi Thanh Giang', classId: id(8), className: '1A' };
  const meal = { bookingId: id(10), date: '2026-11-23', meal: 2, price: vnd(35_000n) };
  const [told, late] = [new Date('2026-11-22T23:40:00Z'), new Date('2026-11-23T00:45:00Z')];
  const booking = (status: number) => ({
    ...pupil,
    ...meal,
    status,
    cutoffAt: new Date('2026-11-23T00:30:00Z'),
    planId: `${id(11)}:${id(2)}`,
  });
  const read = (name: keyof typeof written) => CanteenEvent.decode(bytes(name)).event;
  expect(read('mealsBooked')).toMatchObject({ $case: 'mealsBooked', value: { ...pupil, meals: [meal] } });
  expect(read('mealCancelled')).toMatchObject({ $case: 'mealCancelled', value: { booking: booking(2), reason: 1, reportedAt: told } });
  expect(read('mealCutLate')).toMatchObject({ $case: 'mealCutLate', value: { booking: booking(3), reason: 1, reportedAt: late } });
  expect(read('mealRestored')).toMatchObject({
    ...{ $case: 'mealRestored', value: { booking: booking(1), reason: 3, reportedAt: late, before: 2 } },
  });
  expect(read('mealsRepriced')).toMatchObject({
    ...{ $case: 'mealsRepriced', value: { studentId: id(2), meals: [{ ...meal, price: vnd(38_000n) }] } },
  });
  expect(read('menuPublished')).toMatchObject({
    ...{ $case: 'menuPublished', value: { menu: { version: 2, dishes: [{ ingredients: [{ name: 'Trứng gà', allergens: [3] }] }] } } },
  });
});

test("the kitchen's books of then can be rebuilt: the gate, step 1 with its corrections, samples with who destroyed them", () => {
  const read = (name: keyof typeof written) => CanteenEvent.decode(bytes(name)).event;
  const dishes = [{ dishId: 'ca-thu', name: 'Cá thu sốt cà chua' }, {}];
  expect(read('servingOpened')).toMatchObject({
    $case: 'servingOpened',
    value: {
      serving: {
        servingId: id(20),
        date: '2026-11-23',
        meal: 2,
        dishes,
        portions: 412,
        status: 2,
        openedAt: new Date('2026-11-23T03:50:00Z'),
      },
    },
  });
  const check = {
    ...{
      entry: { recordId: id(21), replaces: id(22), reason: 'Cân lại', checkedBy: 'Nguyễn Thị Tường Vỹ' },
      food: 'Cá thu tươi',
      category: 1,
    },
    ...{
      receivedAt: new Date('2026-11-22T22:45:00Z'),
      quantityThousandths: 35_000,
      unit: 'kg',
      invoiceNo: 'HĐ 0012345',
      sensory: 1,
      quickTest: 0,
    },
  };
  expect(read('ingredientsChecked')).toMatchObject({ $case: 'ingredientsChecked', value: { servingId: id(20), checks: [check] } });
  const destroyed = { destroyedAt: new Date('2026-11-24T04:00:00Z'), witness: 'Lê Thị Ánh Ngọc', note: 'Mẫu bình thường' };
  const sample = {
    servingId: id(20),
    form: 1,
    amount: 120,
    celsiusTenths: 45,
    destroyableFrom: new Date('2026-11-24T03:30:00Z'),
    destroyed,
  };
  expect(read('sampleDestroyed')).toMatchObject({ $case: 'sampleDestroyed', value: { dishName: 'Cá thu sốt cà chua', sample } });
});

test('a delivery of then is still one', () => {
  expect(NotificationEvent.decode(bytes('alertDelivered')).event).toMatchObject({
    $case: 'alertDelivered',
    value: { deliveryId: id(6), eventId: id(5), guardianId: id(7), studentId: id(2), channel: 1 },
  });
});

test('a message that was cancelled then is one that was given up, with its reason', () => {
  expect(NotificationEvent.decode(bytes('alertFailed')).event).toEqual({
    $case: 'alertFailed',
    value: { deliveryId: id(6), eventId: id(5), guardianId: id(7), studentId: id(2), channel: 1, reason: 'WITHDRAWN' },
  });
});

test('an event of a newer build decodes to nothing rather than to something else', () => {
  // Field 99 of the oneof, which nobody has taken.
  expect(BillingEvent.decode(Buffer.from([0x9a, 0x06, 0x00])).event).toBeUndefined();
});
