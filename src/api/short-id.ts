/** No letter or digit that is easily taken for another when read out. */
const letters = '23456789abcdefghjkmnpqrstuvwxyz';

/** An id that is short enough to read out and that nobody guesses: 13 letters of 31, 64 bits. */
export function shortId(randomBytes: (count: number) => Uint8Array): string {
  let id = '';
  while (id.length < 13) {
    const [byte = 255] = randomBytes(1);
    // each letter is as likely as any other
    if (byte < letters.length * 8) id += letters[byte % letters.length];
  }
  return `${id.slice(0, 4)}-${id.slice(4, 9)}-${id.slice(9)}`;
}
