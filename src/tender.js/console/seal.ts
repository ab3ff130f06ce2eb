/** The server's public key for one secret: `GET /api/encryption-key`. Its challenge is good for one use. */
export interface EncryptionKey {
  kid: string;
  jwk: { kty: string; crv: string; x: string; y: string };
  challenge: string;
  tenant: string;
  /** RFC 3339. */
  expiresAt: string;
}

/** What the server takes at most for one sealed secret. */
export const sealedCharactersMax = 16 * 1024;

/**
 * Seals a secret so that only the server, for this tenant and purpose, once, can open it:
 * a JWE in compact form, `ECDH-ES` on P-256 straight to `A256GCM` (RFC 7516, RFC 7518 4.6).
 */
export async function encryptForServer(plaintext: string, key: EncryptionKey, purpose: string): Promise<string> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const theirs = await crypto.subtle.importKey('jwk', key.jwk, curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
  const agreed = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, ours.privateKey, 256);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', ours.publicKey);

  const protectedHeader = base64url(
    utf8(
      JSON.stringify({
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        epk: { kty, crv, x, y },
        kid: key.kid,
        typ: 'tender-secret',
        tenant: key.tenant,
        purpose,
        challenge: key.challenge,
        exp: Math.floor(Date.parse(key.expiresAt) / 1000),
      }),
    ),
  );

  const contentKey = await deriveContentKey(new Uint8Array(agreed), 'A256GCM', 256);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const aes = await crypto.subtle.importKey('raw', contentKey, 'AES-GCM', false, ['encrypt']);
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(protectedHeader), tagLength: 128 }, aes, utf8(plaintext)),
  );
  const tagAt = sealed.length - 16;
  const token = [protectedHeader, '', base64url(iv), base64url(sealed.subarray(0, tagAt)), base64url(sealed.subarray(tagAt))].join('.');
  if (token.length > sealedCharactersMax) throw new RangeError('The secret is too long to be sealed.');
  return token;
}

/**
 * The Concat KDF of RFC 7518 4.6.2 with SHA-256: one round, so at most 256 bits.
 * @param algorithm the AlgorithmID: with direct agreement the `enc` value.
 */
export async function deriveContentKey(
  agreed: Uint8Array<ArrayBuffer>,
  algorithm: string,
  bits: 128 | 256,
  partyU = new Uint8Array(),
  partyV = new Uint8Array(),
): Promise<Uint8Array<ArrayBuffer>> {
  const input = join(uint32(1), agreed, withLength(utf8(algorithm)), withLength(partyU), withLength(partyV), uint32(bits));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', input));
  return hash.slice(0, bits / 8);
}

const utf8 = (text: string) => new TextEncoder().encode(text);

const withLength = (bytes: Uint8Array) => join(uint32(bytes.length), bytes);

function uint32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function base64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
