/** How well a text fits a query, and which parts of it are what was asked for. */
export type Match = { readonly score: number; readonly marks: readonly (readonly [from: number, to: number])[] };

/** Finds in a text what was asked for; `undefined` where not all of it is there. */
export type Matcher = (text: string) => Match | undefined;

/** How much is shown around the first place, in characters. */
const before = 60;
const shown = 200;

/** More words than these are not looked for. */
const mostTerms = 16;

/** The same text in small letters without accents, of the same length, so that places in one are places in the other. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  // a few letters have more of them when small, as İ
  const small =
    lower.length === text.length
      ? lower
      : Array.from(text, (sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join('');
  return small.replace(/[\u00c0-\u024f\u1e00-\u1eff]/g, (sign) => sign.normalize('NFD')[0]!.toLowerCase());
}

const isLetter = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);

/** What a query asks for: words, and “several words” in quotes that must stand together. */
function termsOf(query: string): string[] {
  const terms = [...folded(query).matchAll(/["“”]([^"“”]+)["“”]|([\p{L}\p{N}\p{M}]+(?:['’._@-][\p{L}\p{N}\p{M}]+)*)/gu)]
    .map(([, quoted, word]) => (quoted ?? word ?? '').replace(/\s+/g, ' ').trim())
    .filter((term) => term !== '');
  return [...new Set(terms)].slice(0, mostTerms);
}

/** Where a term begins a word, and whether it is the whole of it. */
function* placesOf(term: string, text: string): Generator<{ at: number; whole: boolean }> {
  const isWord = isLetter(term[0]);
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length))
    // languages without spaces begin words anywhere
    if (!isWord || !isLetter(text[at - 1]) || /[\u3040-\u9fff\uac00-\ud7af\u0e00-\u0e7f]/.test(term[0]!))
      yield { at, whole: !isLetter(text[at + term.length]) };
}

/** Makes a matcher: every word of the query must begin a word of the text; whole words and repetition count for more. Nothing matches an empty query. */
export function matcher(query: string): Matcher {
  const terms = termsOf(query);
  return (text) => {
    if (terms.length === 0) return undefined;
    const searched = folded(text);
    const marks: [number, number][] = [];
    let score = 0;
    for (const term of terms) {
      let count = 0;
      for (const { at, whole } of placesOf(term, searched)) {
        count += 1;
        score += (whole ? 1 : 0.5) / count;
        marks.push([at, at + term.length]);
        if (count === 8) break;
      }
      if (count === 0) return undefined;
    }
    return { score: score / terms.length, marks: marks.sort(([one], [other]) => one - other) };
  };
}

/** What stands around the first place that was found, cut between words, and where in that the marks are. */
export function snippetOf(text: string, { marks }: Pick<Match, 'marks'>): { snippet: string; marks: [number, number][] } {
  const [first, end] = marks[0] ?? [0, 0];
  let from = Math.max(0, first - before);
  if (from > 0) from = Math.min(first, text.indexOf(' ', from) + 1 || from);
  let to = Math.min(text.length, Math.max(from + shown, end));
  if (to < text.length) to = Math.max(end, text.lastIndexOf(' ', to));
  const head = from > 0 ? '… ' : '';
  const shift = head.length - from;
  return {
    snippet: `${head}${text
      .slice(from, to)
      .toWellFormed()
      .replace(/[\r\n\t]/g, ' ')}${to < text.length ? ' …' : ''}`,
    marks: marks.filter(([start, stop]) => start >= from && stop <= to).map(([start, stop]) => [start + shift, stop + shift]),
  };
}
