/** A text in which words were looked for: the beginning and the end of each place that matches. */
export type Place = { readonly text: string; readonly marks: readonly (readonly [from: number, to: number])[] };

/** So much of a text is shown around what was found, in letters. */
const around = 60;

const plain = (letter: string): string =>
  letter
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();

/** Letter by letter, so that places in what is compared are places in what is shown. */
const plainly = (text: string): string => Array.from({ length: text.length }, (_, at) => plain(text[at]!).slice(0, 1) || ' ').join('');

/** The first of these texts in which all the words stand, cut to what is around the first; nothing where none has them. */
export function placeIn(texts: readonly string[], asked: string): Place | undefined {
  const words = plainly(asked).split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  for (const text of texts) {
    const compared = plainly(text);
    const places = words.map((word) => [compared.indexOf(word), word.length] as const);
    if (places.some(([at]) => at === -1)) continue;
    const first = Math.min(...places.map(([at]) => at));
    const from = first <= around ? 0 : text.indexOf(' ', first - around) + 1 || first;
    const shown = text.slice(from, from + 3 * around);
    const marks = places.map(([at, length]): [number, number] => [at - from, at - from + length]).filter(([, to]) => to <= shown.length);
    const lead = from > 0 ? '… ' : '';
    return {
      text: `${lead}${shown}${from + shown.length < text.length ? ' …' : ''}`,
      marks: marks.map(([begin, end]) => [begin + lead.length, end + lead.length]),
    };
  }
  return undefined;
}
