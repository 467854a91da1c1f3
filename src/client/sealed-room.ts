const mark = 'aside1';
const ivBytes = 12;
const keyBytes = 32;

/** What seals: AES in Galois counter mode, with a key of 256 bits and a nonce of 96. */
const algorithm = 'AES-GCM';

const toText = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
const toBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));

/** What only those in an encrypted conversation can read: sealed before it leaves, opened when it comes. */
export interface SealedRoom {
  /** The key, for the part of the link behind the #, which no server is ever sent. */
  readonly key: string;
  /** `aside1.NONCE.SEALED`, as the service takes it in place of words. */
  seal(text: string): Promise<string>;
  /** The words, or a rejection where somebody without the key wrote or changed them. */
  open(sealed: string): Promise<string>;
  /** The same for a file: its nonce, and then what is sealed. */
  sealBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  openBytes(sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** Browsers seal only on pages that nobody could have changed on the way: over https, or from the same machine. */
export const canSeal = (): boolean => globalThis.crypto?.subtle !== undefined;

/** A key that nobody else has. */
export const newRoomKey = (): string => toText(crypto.getRandomValues(new Uint8Array(keyBytes)));

/** Makes a room of a key that came with a link, or of a new one. `place` is the id of the conversation: what was sealed in another does not open in this one. */
export async function sealedRoom(key: string = newRoomKey(), place = ''): Promise<SealedRoom> {
  const raw = toBytes(key);
  if (raw.length !== keyBytes) throw new Error('This key is not whole: a letter of it is missing or was added.');
  const secret = await crypto.subtle.importKey('raw', raw, algorithm, false, ['encrypt', 'decrypt']);
  const additionalData = new TextEncoder().encode(place);

  async function sealBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    // a nonce that is used twice would give both away
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: algorithm, iv, additionalData }, secret, bytes));
    const both = new Uint8Array(ivBytes + sealed.length);
    both.set(iv);
    both.set(sealed, ivBytes);
    return both;
  }

  const openBytes = async (sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(
      await crypto.subtle.decrypt({ name: algorithm, iv: sealed.subarray(0, ivBytes), additionalData }, secret, sealed.subarray(ivBytes)),
    );

  return {
    key,
    sealBytes,
    openBytes,
    async seal(text) {
      const both = await sealBytes(new TextEncoder().encode(text));
      return `${mark}.${toText(both.subarray(0, ivBytes))}.${toText(both.subarray(ivBytes))}`;
    },
    async open(sealed) {
      const [start, iv = '', body = ''] = sealed.split('.');
      if (start !== mark) throw new Error('This is not sealed, so it is not from anybody in this conversation.');
      const [nonce, hidden] = [toBytes(iv), toBytes(body)];
      const both = new Uint8Array(nonce.length + hidden.length);
      both.set(nonce);
      both.set(hidden, nonce.length);
      return new TextDecoder().decode(await openBytes(both));
    },
  };
}
