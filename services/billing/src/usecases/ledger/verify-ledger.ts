import { type Fault, firstFault, type Hash } from '../../domain/ledger/seal.ts';
import type { BillingTx } from '../../tx.ts';

/** The first fault in the stretch under seal `seq`; `sealed` is false behind the last seal. */
export async function verifyLedger(
  tx: BillingTx,
  { hash, seq }: { hash: Hash; seq: number },
): Promise<{ sealed: boolean; fault: Fault | undefined }> {
  const seal = await tx.seals.find(seq);
  if (!seal) return { sealed: false, fault: undefined };
  const before = seq > 1 ? await tx.seals.find(seq - 1) : undefined;
  const txns = await tx.ledger.between(before?.until, seal.until);
  return { sealed: true, fault: firstFault(seal, { before, txns, hash }) };
}
