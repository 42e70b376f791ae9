import { expect, test } from 'vitest';
import { fromGatewayTime, toGatewayTime } from './clock.ts';
import { isSigned, sign, signedText } from './signature.ts';

// Published in the test fixtures of lehuygiang28/vnpay and recomputed with a second implementation.
const published = {
  text: 'vnp_Amount=1000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14422574&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+don+hang+2024-05-21T02%3A17%3A31.249Z&vnp_PayDate=20240521091806&vnp_ResponseCode=00&vnp_TmnCode=TEST_TMN_CODE&vnp_TransactionNo=14422574&vnp_TransactionStatus=00&vnp_TxnRef=1716257871703',
  secret: 'test_secret',
  hash: '649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361dbf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895',
};

test('the published notice gets the published hash, whatever order and company its parameters come in', () => {
  const parameters = Object.fromEntries(new URLSearchParams(published.text));
  const shuffled = Object.fromEntries(Object.entries(parameters).reverse());
  const inCompany = { ...shuffled, vnp_SecureHashType: 'HMACSHA512', vnp_BankCardNo: '', utm_source: 'x' };
  expect(signedText(inCompany)).toBe(published.text);
  expect(sign(inCompany, published.secret)).toBe(published.hash);
  expect(isSigned({ ...inCompany, vnp_SecureHash: published.hash.toUpperCase() }, published.secret)).toBe(true);
});

test('a changed parameter, another secret, a cut hash or none at all does not verify', () => {
  const parameters = { ...Object.fromEntries(new URLSearchParams(published.text)), vnp_SecureHash: published.hash };
  expect(isSigned({ ...parameters, vnp_Amount: '1000001' }, published.secret)).toBe(false);
  expect(isSigned(parameters, 'another_secret')).toBe(false);
  expect(isSigned({ ...parameters, vnp_SecureHash: published.hash.slice(1) }, published.secret)).toBe(false);
  expect(isSigned({ ...parameters, vnp_SecureHash: '' }, published.secret)).toBe(false);
});

test('text beyond ASCII is encoded byte by byte in upper-case hex', () => {
  expect(signedText({ vnp_OrderInfo: "Thu tháng 11! ('~')*" })).toBe('vnp_OrderInfo=Thu+th%C3%A1ng+11%21+%28%27%7E%27%29*');
});

test('gateway time is GMT+7, and a day that does not exist is no time', () => {
  expect(toGatewayTime(new Date('2026-11-21T18:30:05Z'))).toBe('20261122013005');
  expect(fromGatewayTime('20261122013005')).toEqual(new Date('2026-11-21T18:30:05Z'));
  expect(fromGatewayTime('20260230000000')).toBeUndefined();
  expect(fromGatewayTime('2026')).toBeUndefined();
});
