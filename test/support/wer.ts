/** What counts as a word: lower case, no punctuation. */
export const plainWords = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^a-z0-9' ]+/g, ' ')
    .split(' ')
    .filter(Boolean);

/** How many words must be put in, taken out or replaced to get from one to the other. */
export function wordErrors(wanted: readonly string[], got: readonly string[]): number {
  let row = [0, ...got.map((_, index) => index + 1)];
  wanted.forEach((word, above) => {
    const next = [above + 1];
    got.forEach((other, left) => {
      next.push(Math.min(row[left]! + (word === other ? 0 : 1), row[left + 1]! + 1, next[left]! + 1));
    });
    row = next;
  });
  return row.at(-1)!;
}

/** Word error rate (0–1, more when words were invented) of a text against what was really said. */
export function wordErrorRate(wanted: string, got: string): number {
  const reference = plainWords(wanted);
  return reference.length === 0 ? plainWords(got).length : wordErrors(reference, plainWords(got)) / reference.length;
}
