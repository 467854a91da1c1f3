/** Names, abbreviations and numbered things in what is known before a talk: what recognisers get wrong. Never more, nor longer, than they take. */
export function keywords(phrases: readonly string[], { count, length }: { readonly count: number; readonly length: number }): string[] {
  const found = new Map<string, string>();
  for (const phrase of phrases)
    for (const [index, word] of phrase.split(/[\s,;:!?"“”()[\]{}<>|\\`]+/).entries()) {
      const term = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
      const telling = /\p{N}/u.test(term) ? /\p{L}/u.test(term) : /^\p{Lu}/u.test(term) && (index > 0 || /\p{Lu}.*\p{Lu}|^\P{Ll}+$/u.test(term));
      if (telling && term.length >= 3 && term.length <= length) found.set(term.toLowerCase(), term);
    }
  return [...found.values()].slice(0, count);
}
