import { createHash } from 'node:crypto';
import { due, metrics, type Tick } from '@schoolbell/service-kit';
import { unlike } from '../../domain/ledger/ledger.ts';
import type { BillingTx } from '../../tx.ts';
import { sealLedger } from '../../usecases/ledger/seal-ledger.ts';
import { verifyLedger } from '../../usecases/ledger/verify-ledger.ts';
import type { ClockDeps } from '../deps.ts';

const entriesAtOnce = 250;
const sealsAtOnce = 20;
const hourMs = 3_600_000;

/** Seals every school's ledger, and checks that nobody has changed it behind billing's back. */
export function ledgerChecks(deps: ClockDeps): Tick[] {
  const { transact, read, log } = deps;
  const find = async (tx: BillingTx) => (await tx.ledger.schools()).map((schoolId) => ({ schoolId }));
  const nextSeal = new Map<string, number>();
  return [
    due(deps, {
      name: 'ledger-seals',
      everyMs: 60_000,
      find,
      work: ([school]) => transact(school, (tx) => sealLedger(tx, { hash: sha256, limit: entriesAtOnce })),
    }),
    due(deps, {
      name: 'ledger-check',
      everyMs: 600_000,
      find,
      // A few seals at a time, from the first to the last and then from the first again.
      work: async ([{ schoolId }]) => {
        const from = nextSeal.get(schoolId) ?? 1;
        for (let seq = from; seq < from + sealsAtOnce; seq++) {
          const { sealed, fault } = await read({ schoolId }, (tx) => verifyLedger(tx, { hash: sha256, seq }));
          if (fault) {
            metrics.faults.inc({ check: 'ledger chain' });
            log.error({ schoolId, ...fault }, 'the ledger is not what was sealed');
          }
          nextSeal.set(schoolId, sealed ? seq + 1 : 1);
          if (!sealed) return;
        }
      },
    }),
    due(deps, {
      name: 'balance-check',
      everyMs: hourMs,
      firstAfterMs: hourMs,
      find,
      work: async ([{ schoolId }]) => {
        // Postings and balances of one moment.
        const { posted, balances } = await transact({ schoolId }, (tx) => tx.ledger.sums());
        const accounts = unlike(posted, balances);
        if (accounts.length === 0) return;
        metrics.faults.inc({ check: 'balances' });
        log.error({ schoolId, accounts: accounts.length }, 'balances are not the sums of their postings');
      },
    }),
  ];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
