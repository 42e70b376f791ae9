import { expect, test } from 'vitest';
import { formatAddress } from './address.ts';
import { startAdmin } from './admin.ts';

test('whoever runs a service sees that it lives, whether it is ready and why not, and its counts', async () => {
  let reasons: string[] = ['MongoDB does not answer'];
  const admin = await startAdmin({ host: '127.0.0.1', port: 0 }, () => reasons);
  const get = async (path: string) => {
    const response = await fetch(`http://${formatAddress(admin.address)}${path}`);
    return { status: response.status, text: await response.text() };
  };
  expect(await get('/livez')).toEqual({ status: 200, text: '{"live":true}' });
  expect(await get('/readyz')).toEqual({ status: 503, text: '{"ready":false,"reasons":["MongoDB does not answer"]}' });
  reasons = [];
  expect(await get('/readyz?verbose')).toEqual({ status: 200, text: '{"ready":true,"reasons":[]}' });
  expect((await get('/metrics')).text).toContain('# HELP schoolbell_requests_total');
  expect((await get('/')).status).toBe(404);
  await admin.stop();
});
