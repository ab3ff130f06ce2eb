import assert from 'node:assert/strict';
import test from 'node:test';
import { compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
// What ships, not the source.
import { deriveContentKey, encryptForServer } from '../../Tender.Server/wwwroot/console/seal.js';

const utf8 = (text) => new TextEncoder().encode(text);

test('The key derivation gives the key of RFC 7518 appendix C', async () => {
  const agreed = new Uint8Array([
    158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
  ]);

  const key = await deriveContentKey(agreed, 'A128GCM', 128, utf8('Alice'), utf8('Bob'));

  assert.equal(Buffer.from(key).toString('base64url'), 'VqqN6vgjbSBcIijNcacQGg');
});

test('jose opens what the browser sealed, and finds every promise in the header', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });
  const secret = 'sk_test_' + 'ü€漢字 '.repeat(20);

  const token = await encryptForServer(secret, await offered(publicKey), 'connection:stripe:secretKey');

  const { plaintext, protectedHeader } = await compactDecrypt(token, privateKey, {
    keyManagementAlgorithms: ['ECDH-ES'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  assert.equal(new TextDecoder().decode(plaintext), secret);
  const { epk, ...header } = protectedHeader;
  assert.deepEqual(header, {
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    kid: 'key_1',
    typ: 'tender-secret',
    tenant: 'ten_k3f9x2',
    purpose: 'connection:stripe:secretKey',
    challenge: 'ch_1',
    exp: 1795000000,
  });
  assert.deepEqual(Object.keys(epk), ['kty', 'crv', 'x', 'y']);
});

test('One secret sealed twice gives two tokens with nothing in common', async () => {
  const { publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });
  const key = await offered(publicKey);

  const [first, second] = [await encryptForServer('same', key, 'p'), await encryptForServer('same', key, 'p')];

  assert.notDeepEqual(decodeProtectedHeader(first).epk, decodeProtectedHeader(second).epk);
  for (const part of [2, 3, 4]) assert.notEqual(first.split('.')[part], second.split('.')[part]);
});

test('A changed token does not open', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });
  const token = await encryptForServer('secret', await offered(publicKey), 'p');
  const [header, , iv, text, tag] = token.split('.');
  const other = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(token), tenant: 'ten_other' })).toString('base64url');

  await assert.rejects(compactDecrypt([other, '', iv, text, tag].join('.'), privateKey));
  await assert.rejects(compactDecrypt([header, '', iv, text, flip(tag)].join('.'), privateKey));
});

test('A secret that the server would refuse for its length is not sealed', async () => {
  const { publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });

  await assert.rejects(encryptForServer('x'.repeat(16_000), await offered(publicKey), 'p'), RangeError);
});

async function offered(publicKey) {
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { kid: 'key_1', jwk: { kty, crv, x, y }, challenge: 'ch_1', tenant: 'ten_k3f9x2', expiresAt: new Date(1795000000_000).toISOString() };
}

const flip = (part) => (part[0] === 'A' ? 'B' : 'A') + part.slice(1);
