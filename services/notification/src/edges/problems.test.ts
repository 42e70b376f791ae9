import { expect, test } from 'vitest';
import { absencesInput, confirmInput, holdInput, policyInput, readInput } from './input.ts';
import { inVietnamese } from './problems.ts';

const half = { date: '2026-11-23', session: 1 };
const policy = {
  ...{ policyId: '0198c1de-6c1e-7b5e-9c1a-000000000001', effectiveFrom: '2026-11-23', confirmation: 1, citation: 'QĐ 12' },
  ...{ tellWithoutLeave: true, tellWithLeave: false, tellLate: false, graceMinutes: 10, longestWaitMinutes: 60 },
};

test('what a person can send wrongly is named by the field of the contract, and said in Vietnamese', () => {
  const wrong = [
    [readInput(absencesInput, { classId: '', ...half }), 'class_id'],
    [readInput(absencesInput, { classId: 'x'.repeat(65), ...half }), 'class_id'],
    [readInput(absencesInput, { classId: 'c', ...half, date: '2026-02-30' }), 'date'],
    [readInput(absencesInput, { classId: 'c', ...half, session: 0 }), 'session'],
    [readInput(absencesInput, { classId: 'c', ...half, page: { size: 501, token: '' } }), 'page.size'],
    [readInput(confirmInput, { classId: 'c', ...half, studentIds: Array(101).fill('s') }), 'student_ids'],
    [readInput(holdInput, { studentId: 's', ...half, reason: ' ' }), 'reason'],
    [readInput(holdInput, { studentId: 's', ...half, reason: 'a\nb' }), 'reason'],
    [readInput(holdInput, { studentId: 's', ...half, reason: 'x'.repeat(501) }), 'reason'],
    [readInput(policyInput, {}), 'policy'],
    [readInput(policyInput, { policy: { ...policy, policyId: 'x' } }), 'policy.policy_id'],
    [readInput(policyInput, { policy: { ...policy, confirmation: 0 } }), 'policy.confirmation'],
    [readInput(policyInput, { policy: { ...policy, citation: '' } }), 'policy.citation'],
  ] as const;
  for (const [read, field] of wrong) {
    if (read.ok) throw new Error(`${field} was taken`);
    expect(read.refusal.field).toBe(field);
    expect(inVietnamese(read.refusal.problem)).not.toBe(inVietnamese('no such problem'));
  }
});

test('what is right is taken, and text is kept in one form', () => {
  const held = readInput(holdInput, { studentId: 's', ...half, reason: '  Mẹ đang ở trường '.normalize('NFD') });
  expect(held.ok && held.value).toEqual({
    studentId: 's',
    date: '2026-11-23',
    session: 'MORNING',
    reason: 'Mẹ đang ở trường'.normalize('NFC'),
  });
  expect(readInput(policyInput, { policy }).ok).toBe(true);
});
