/** No letter or digit that is easily taken for another when read out. */
const letters = '23456789abcdefghjkmnpqrstuvwxyz';

/** So many letters of 31 are 129 bits. */
const length = 26;

/** Where its groups begin. */
const groups = [0, 6, 11, 16, 21];

/** An id for a link, which is an invitation: nobody guesses it, and it can still be read out, in five groups. */
export function linkId(randomBytes: (count: number) => Uint8Array): string {
  let id = '';
  while (id.length < length) {
    const [byte = 255] = randomBytes(1);
    // each letter is as likely as any other
    if (byte < letters.length * 8) id += letters[byte % letters.length];
  }
  return groups.map((from, index) => id.slice(from, groups[index + 1])).join('-');
}
