import { DaySession } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { RecordScansResponse } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { schoolDateOf } from '@schoolbell/kernel';
import { type Command, Option } from 'commander';
import { toJson } from '../contract.ts';
import { refused } from '../failure.ts';
import { asTime, type SaidTime, timeForms } from '../said-time.ts';
import type { Act, Session } from '../session.ts';
import { orderId, verb } from '../verbs.ts';
import { clockText, enumText } from '../wording.ts';
import { pupilIdsOf } from './registry.ts';
import { sessionOf } from './rollcalls.ts';

export function addScan(program: Command, act: Act): void {
  verb(program, 'scan', 'Takes pupils in at the gate, as a scanner does: each is seen by itself, and a repeated one has no effect.', [
    'scan 79000701000001 79000701000002',
    'scan 79000701000001 --at 07:42 --late',
  ])
    .argument('<pupils...>', 'pupil codes or ids')
    .option('--at <time>', `when they were seen: ${timeForms}; now when left out`, asTime)
    .addOption(new Option('--session <half>', 'which half of the day; by the hour when left out').choices(['morning', 'afternoon']))
    .option('--late', 'they came after the beginning')
    .addHelpText('after', '\nExit status: 0 every pupil is taken in, 1 one is not, and it is said who and why.')
    .action(act('principal', scan));
}

interface ScanOptions {
  readonly at?: SaidTime;
  readonly session?: 'morning' | 'afternoon';
  readonly late?: boolean;
}

async function scan({ out, clients, schoolId }: Session, pupils: readonly string[], options: ScanOptions): Promise<void> {
  const now = new Date();
  const scannedAt = options.at?.(schoolDateOf(now)) ?? now;
  const session = sessionOf(options.session ?? (clockText(scannedAt).slice(11) < '12:00:00' ? 'morning' : 'afternoon'));
  const studentIds = await pupilIdsOf(clients, pupils);
  const scans = studentIds.map((studentId) => ({
    scanId: orderId({}, ['scan', schoolId, studentId, scannedAt.toISOString(), String(session)]),
    ...{ studentId, scannedAt, session, late: options.late === true },
  }));
  const answer = await clients.attendance.recordScans({ scans });
  out.result(toJson(RecordScansResponse, answer));
  out.say(`${answer.taken} taken in at ${clockText(scannedAt)}, ${enumText(DaySession, session)}.`);
  const named = new Map(scans.map(({ scanId }, nth) => [scanId, pupils[nth] ?? '']));
  const others = answer.refused.map(({ scanId, code }) => `${named.get(scanId)} (${code})`);
  if (others.length > 0) throw refused('SCANS_REFUSED', `Not taken in: ${others.join(', ')}. Mend what is said and scan them again.`);
}
