const mark = 'aside1';
const ivBytes = 12;

/** What seals: AES in Galois counter mode, with a key of 256 bits and a nonce of 96. */
const algorithm = 'AES-GCM';

const toText = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
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
}

/** Makes a room of a key that came with a link, or of a new one. */
export async function sealedRoom(key: string = toText(crypto.getRandomValues(new Uint8Array(32)))): Promise<SealedRoom> {
  const secret = await crypto.subtle.importKey('raw', toBytes(key), algorithm, false, ['encrypt', 'decrypt']);
  return {
    key,
    async seal(text) {
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
      const sealed = await crypto.subtle.encrypt({ name: algorithm, iv }, secret, new TextEncoder().encode(text));
      return `${mark}.${toText(iv)}.${toText(new Uint8Array(sealed))}`;
    },
    async open(sealed) {
      const [start, iv = '', body = ''] = sealed.split('.');
      if (start !== mark) throw new Error('This is not sealed, so it is not from anybody in this conversation.');
      return new TextDecoder().decode(await crypto.subtle.decrypt({ name: algorithm, iv: toBytes(iv) }, secret, toBytes(body)));
    },
  };
}
