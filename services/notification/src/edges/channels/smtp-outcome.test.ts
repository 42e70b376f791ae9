import { expect, test } from 'vitest';
import { outcomeOf } from './smtp-outcome.ts';

const failure = (fields: object): Error => Object.assign(new Error('failed'), fields);

test.each([
  ['nobody listens', { code: 'ESOCKET', command: 'CONN' }, 'UNREACHABLE'],
  ['the name does not resolve', { code: 'EDNS', command: 'CONN' }, 'UNREACHABLE'],
  ['nothing is heard in time', { code: 'ETIMEDOUT', command: 'CONN' }, 'UNREACHABLE'],
  ['we end the wait ourselves', { code: 'EABORT' }, 'UNREACHABLE'],
  ['the connection breaks', { code: 'ECONNECTION', command: 'RCPT TO' }, 'UNREACHABLE'],
  ['the certificate is wrong', { code: 'ETLS', command: 'STARTTLS' }, 'UNREACHABLE'],
  ['our password is wrong', { code: 'EAUTH', responseCode: 535, response: '535 5.7.8 no', command: 'AUTH PLAIN' }, 'UNREACHABLE'],
  ['the server greets with 554', { code: 'EPROTOCOL', responseCode: 554, response: '554 no service', command: 'CONN' }, 'UNREACHABLE'],
  ['the server shuts down', { code: 'EENVELOPE', responseCode: 421, response: '421 4.3.2 bye', command: 'MAIL FROM' }, 'UNREACHABLE'],
  ['the recipient is greylisted', { code: 'EENVELOPE', responseCode: 451, response: '451 4.7.1 later', command: 'RCPT TO' }, 'DEFERRED'],
  ['the queue is full', { code: 'EMESSAGE', responseCode: 452, response: '452 4.3.1 full', command: 'DATA' }, 'DEFERRED'],
  [
    'there is no such mailbox',
    { code: 'EENVELOPE', responseCode: 550, response: '550 no such user', command: 'RCPT TO' },
    'ADDRESS_REFUSED',
  ],
  [
    'the mailbox is named wrong after the text',
    { code: 'EMESSAGE', responseCode: 550, response: '550 5.1.1 unknown', command: 'DATA' },
    'ADDRESS_REFUSED',
  ],
  ['the address cannot be sent to', { code: 'EENVELOPE', command: 'API' }, 'ADDRESS_REFUSED'],
  ['our own address is blocked', { code: 'EENVELOPE', responseCode: 550, response: '550 5.7.1 blocked', command: 'RCPT TO' }, 'ERROR'],
  ['the sender is refused', { code: 'EENVELOPE', responseCode: 553, response: '553 sender', command: 'MAIL FROM' }, 'ERROR'],
  ['the text is refused', { code: 'EMESSAGE', responseCode: 554, response: '554 5.6.0 spam', command: 'DATA' }, 'ERROR'],
  ['it is a bug of ours', {}, 'ERROR'],
])('when %s', (_, fields, kind) => {
  expect(outcomeOf(failure(fields)).kind).toBe(kind);
});

test.each([
  ['nothing is heard in time', { code: 'ETIMEDOUT', command: 'CONN' }, 'OUTCOME_UNKNOWN'],
  ['the connection breaks', { code: 'ECONNECTION', command: 'CONN' }, 'OUTCOME_UNKNOWN'],
  ['we end the wait ourselves', { code: 'EABORT' }, 'OUTCOME_UNKNOWN'],
  ['the server shuts down', { code: 'ECONNECTION', responseCode: 421, response: '421 4.3.2 bye', command: 'CONN' }, 'UNREACHABLE'],
  ['the queue is full', { code: 'EMESSAGE', responseCode: 452, response: '452 4.3.1 full', command: 'DATA' }, 'DEFERRED'],
  ['the text is refused', { code: 'EMESSAGE', responseCode: 554, response: '554 5.6.0 spam', command: 'DATA' }, 'ERROR'],
])('when the text was on its way and %s', (_, fields, kind) => {
  expect(outcomeOf(failure(fields), { textBegun: true }).kind).toBe(kind);
});

test('what is not even an error is still an outcome', () => {
  expect(outcomeOf(undefined)).toEqual({ kind: 'ERROR', error: '' });
});
