/** The words of names, context and goal as a recogniser can use them: lower case, letters only, one list a phrase. */
export function contextPhrases(phrases: readonly string[]): string[] {
  const clean = phrases
    .flatMap((phrase) => phrase.split(/[.!?;:\n]+/))
    .map((phrase) =>
      phrase
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/g, '')
        .replaceAll('’', "'")
        .toLowerCase()
        .replace(/[^a-z' ]+/g, ' ')
        .split(' ')
        .map((word) => word.replace(/^'+|(?<!')'+$/g, ''))
        .filter((word) => word.length > 0 && word.length <= 30)
        .slice(0, 60)
        .join(' '),
    );
  return [...new Set(clean)].filter((phrase) => phrase.length > 0).slice(0, 200);
}

/** How much of each word pair's count is kept for pairs nobody has written yet. */
const discount = 0.5;

/** Words that the phrases leave unsaid: without them a short context would hear nothing but itself. */
const unsaid = 300;

/** A small language model (ARPA, word pairs) in which these phrases are what people say. */
export function contextModel(phrases: readonly string[]): string {
  const single = new Map<string, number>();
  const pairs = new Map<string, Map<string, number>>();
  let total = unsaid;
  for (const phrase of phrases) {
    let before = '<s>';
    for (const word of [...phrase.split(' '), '</s>']) {
      single.set(word, (single.get(word) ?? 0) + 1);
      total++;
      const after = pairs.get(before) ?? new Map<string, number>();
      pairs.set(before, after.set(word, (after.get(word) ?? 0) + 1));
      before = word;
    }
  }
  const log = (probability: number) => Math.log10(probability).toFixed(4);
  const sum = (counts: Iterable<number>) => [...counts].reduce((all, count) => all + count, 0);
  const backoff = (word: string) => {
    const after = pairs.get(word);
    if (!after) return log(1);
    const seen = sum([...after.keys()].map((next) => single.get(next)! / total));
    return log((discount * after.size) / sum(after.values()) / Math.max(0.001, 1 - seen));
  };
  const sorted = <T>(map: Map<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const singles = sorted(single).map(([word, count]) => `${log(count / total)} ${word} ${backoff(word)}`);
  const doubles = sorted(pairs).flatMap(([before, after]) =>
    sorted(after).map(([word, count]) => `${log((count - discount) / sum(after.values()))} ${before} ${word}`),
  );
  return [
    '\\data\\',
    `ngram 1=${singles.length + 1}`,
    `ngram 2=${doubles.length}`,
    '\n\\1-grams:',
    `-99 <s> ${backoff('<s>')}`,
    ...singles,
    '\n\\2-grams:',
    ...doubles,
    '\n\\end\\\n',
  ].join('\n');
}
