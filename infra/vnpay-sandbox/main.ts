import { parseArgs } from 'node:util';
import { readMerchants } from './merchants.ts';
import { startSandbox } from './sandbox.ts';

const { values } = parseArgs({
  options: { merchants: { type: 'string' }, port: { type: 'string', default: '0' }, 'retry-every-ms': { type: 'string' } },
});
if (!values.merchants)
  throw new Error('Say where the merchants are: --merchants FILE, a JSON file { "merchants": [{ tmnCode, hashSecret, ipnUrl, name }] }.');
const every = values['retry-every-ms'];
const sandbox = await startSandbox({
  merchants: readMerchants(values.merchants),
  port: Number(values.port),
  ...(every === undefined ? {} : { rule: { everyMs: Number(every) } }),
});
console.log(JSON.stringify({ url: sandbox.url }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.stop());
