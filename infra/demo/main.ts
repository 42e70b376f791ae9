import { parseArgs } from 'node:util';
import { startMailbox } from './mailbox.ts';

const { values } = parseArgs({ options: { 'smtp-port': { type: 'string', default: '0' }, 'http-port': { type: 'string', default: '0' } } });
const mailbox = await startMailbox({ smtpPort: Number(values['smtp-port']), httpPort: Number(values['http-port']) });
console.log(JSON.stringify({ smtp: mailbox.smtpUrl, http: mailbox.httpUrl }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void mailbox.stop());
