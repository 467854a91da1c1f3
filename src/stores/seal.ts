import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const [keySize, nonceSize] = [32, 12];
export const tagSize = 16;

/** A key that nobody has had before. */
export const newKey = (): Uint8Array => randomBytes(keySize);

/** Whether these bytes can be a key. */
export const isKey = (bytes: Uint8Array): boolean => bytes.length === keySize;

let drawn = Buffer.alloc(0);

/** One that was never used before; to draw many at once takes hardly longer than to draw one. */
function newNonce(): Uint8Array {
  if (drawn.length === 0) drawn = randomBytes(256 * nonceSize);
  const nonce = drawn.subarray(0, nonceSize);
  drawn = drawn.subarray(nonceSize);
  return nonce;
}

/** Locks something away as nonce, ciphertext and tag: only the same key and the same `place` open it again. */
export function seal(key: Uint8Array, plain: string | Uint8Array, place: string): Buffer {
  const nonce = newNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  const hidden = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  // in this mode nothing is left for the end
  cipher.final();
  return Buffer.concat([nonce, hidden, cipher.getAuthTag()]);
}

/** Opens what was sealed; throws when a bit of it is another, or when it stood elsewhere. */
export function unseal(key: Uint8Array, sealed: Uint8Array, place: string): Buffer {
  if (sealed.length < nonceSize + tagSize) throw new Error('too short to be sealed');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceSize), { authTagLength: tagSize });
  decipher.setAAD(Buffer.from(place)).setAuthTag(tagOf(sealed));
  const plain = decipher.update(sealed.subarray(nonceSize, -tagSize));
  // nothing is left for the end but whether it is genuine
  decipher.final();
  return plain;
}

/** The seal itself: it stands for all that was sealed, and where. */
export const tagOf = (sealed: Uint8Array): Uint8Array => sealed.subarray(-tagSize);
