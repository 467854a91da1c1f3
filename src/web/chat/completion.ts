/** Something that may be written in place of what was begun. */
export type Offer = { readonly insert: string; readonly about: string };

/** What is being written at the caret, from where on, and what it may become. */
export type Completion = { readonly from: number; readonly offers: readonly Offer[] };

/** What may follow an @ anywhere, and a / at the beginning. */
export type Vocabulary = { readonly names: readonly Offer[]; readonly orders: readonly Offer[] };

/** Finds what may be meant by the word before the caret; names by their beginning, orders only as the first word. */
export function completionAt(text: string, caret: number, { names, orders }: Vocabulary): Completion | undefined {
  const [begun] = /(?:^\s*\/|(?<![\p{L}\p{N}])@)[\p{L}\p{N}_-]*$/u.exec(text.slice(0, caret)) ?? [];
  if (begun === undefined) return undefined;
  const word = begun.trimStart();
  const known = word.startsWith('@') ? names : orders;
  const offers = known.filter(({ insert }) => insert.toLowerCase().startsWith(word.toLowerCase()) && insert.toLowerCase() !== word.toLowerCase());
  return offers.length === 0 ? undefined : { from: caret - word.length, offers };
}

/** The text with an offer taken, and where the caret is then. */
export function withOffer(text: string, caret: number, from: number, { insert }: Offer): { text: string; caret: number } {
  const before = `${text.slice(0, from)}${insert} `;
  return { text: before + text.slice(caret).trimStart(), caret: before.length };
}
