import { metrics } from '@schoolbell/service-kit';
import { test } from 'vitest';
import { keepNotice } from '../src/usecases/keep-notice.ts';
import { settlePayment } from '../src/usecases/settle-payment.ts';
import { noticeFor, openBilling, schoolId } from './given.ts';

const retries = async () => (await metrics.transactionRetries.get()).values[0]?.value ?? 0;
test('x', async () => {
  const b = await openBilling();
  for (let i = 0; i < 3; i++) {
    const attempt = await b.given.attempt(await b.given.openInvoice());
    const notice = noticeFor(attempt, { gatewayTransaction: `t${i}` });
    const r0 = await retries();
    let t = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => b.database.transact({ schoolId }, (tx) => keepNotice(tx, { raw: 'x', notice }))));
    const r1 = await retries();
    console.log('keep', performance.now() - t, r1 - r0);
    t = performance.now();
    await Promise.all(
      Array.from({ length: 50 }, () => b.database.transact({ schoolId }, (tx) => settlePayment(tx, { notice, keptAt: new Date() }))),
    );
    console.log('settle', performance.now() - t, (await retries()) - r1);
  }
  await b.database.close();
});
