// The other side for the server's tests: seals as the browser does and as the npm package jose does, and opens with jose.
// Reads one JSON document from standard input, writes one to standard output.
import { readFileSync } from 'node:fs';
import { compactDecrypt, CompactEncrypt, importJWK } from 'jose';
import { encryptForServer } from '../../Tender.Server/wwwroot/console/seal.js';

const { seal, open } = JSON.parse(readFileSync(0, 'utf8'));

const sealed = [];
for (const { key, forJose, purpose, secret } of seal ?? []) {
  sealed.push({ browser: await encryptForServer(secret, key, purpose), jose: await sealByJose(secret, forJose, purpose) });
}

const opened = [];
for (const { token, jwk } of open ?? []) {
  const { plaintext } = await compactDecrypt(token, await importJWK(jwk, 'ECDH-ES'), {
    keyManagementAlgorithms: ['ECDH-ES'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  opened.push(new TextDecoder().decode(plaintext));
}

process.stdout.write(JSON.stringify({ sealed, opened }));

async function sealByJose(secret, { kid, jwk, challenge, tenant, expiresAt }, purpose) {
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid, typ: 'tender-secret', tenant, purpose, challenge, exp: Date.parse(expiresAt) / 1000 };
  return new CompactEncrypt(new TextEncoder().encode(secret)).setProtectedHeader(header).encrypt(await importJWK(jwk, 'ECDH-ES'));
}
