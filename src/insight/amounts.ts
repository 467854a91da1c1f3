/** A number in a text, in digits or in words: what it is worth, where it stands, and how it is written. */
export type Amount = { readonly value: number; readonly from: number; readonly to: number; readonly written: string };

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const whole: Readonly<Record<string, number>> = { once: 1, twice: 2, thrice: 3, half: 0.5, dozen: 12, dozens: 12 };
const scales: Readonly<Record<string, number>> = { hundred: 100, hundreds: 100, thousand: 1_000, thousands: 1_000, million: 1e6, millions: 1e6 };

const plain = new Map([...small.map((word, index) => [word, index] as const), ...tens.map((word, index) => [word, 20 + index * 10] as const)]);

const inDigits = /\d+(?:[.,]\d+)*/g;
const letters = /\p{L}+/gu;

/** What digits are worth: a comma before three digits parts thousands. */
export const amountOf = (number: string): number => Number.parseFloat(number.replaceAll(/,(?=\d{3}(?:\D|$))/g, '').replace(',', '.'));

/** The numbers that a text has in digits. */
export const amountsInDigits = (text: string): number[] => (text.match(inDigits) ?? []).map(amountOf);

/** Below what a number word must be to go on with this: "twenty-five", "three hundred and twelve"; no two digits in a row. */
const room = (value: number): number => (value % 100 === 0 ? 100 : value % 100 >= 20 && value % 10 === 0 ? 10 : 0);

type Word = { readonly word: string; readonly from: number; readonly to: number };

/** The number that begins at this word, and by how many words it is written. */
function numberAt(words: readonly Word[], text: string): { value: number; words: number } | undefined {
  const first = words[0]!.word;
  const alone = whole[first];
  // the second half is a part of a talk, half of it is a number
  if (first === 'half' && !/^ (?:of|the|your)\b/.test(text.slice(words[0]!.to))) return undefined;
  if (alone !== undefined) return { value: alone, words: 1 };
  if (!plain.has(first) && scales[first] === undefined) return undefined;
  let past = 0;
  let value = plain.get(first) ?? scales[first]!;
  let count = 1;
  for (;;) {
    const gap = text.slice(words[count - 1]!.to, words[count]?.from);
    const skipped = words[count]?.word === 'and' && value + past >= 100 ? 1 : 0;
    const next = words[count + skipped];
    if (!next || !/^[ -]$/.test(gap)) break;
    const scale = skipped === 0 ? scales[next.word] : undefined;
    const unit = plain.get(next.word);
    if (scale !== undefined && value < scale) {
      past += scale > 100 ? value * scale : 0;
      value = scale > 100 ? 0 : value * scale;
    } else if (unit !== undefined && unit > 0 && unit < room(value)) value += unit;
    else break;
    count += 1 + skipped;
  }
  return { value: past + value, words: count };
}

/** The numbers that a text spells out in English; "one" stands for too much to be one. */
export function amountsInWords(text: string): Amount[] {
  const words = [...text.matchAll(letters)].map(
    (match): Word => ({ word: match[0].toLowerCase(), from: match.index, to: match.index + match[0].length }),
  );
  const amounts: Amount[] = [];
  for (let at = 0; at < words.length; ) {
    const found = numberAt(words.slice(at, at + 12), text);
    const [from, to] = [words[at]!.from, words[at + (found?.words ?? 1) - 1]!.to];
    if (found && !(found.words === 1 && words[at]!.word === 'one')) amounts.push({ value: found.value, from, to, written: text.slice(from, to) });
    at += found?.words ?? 1;
  }
  return amounts;
}
