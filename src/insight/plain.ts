/** Longer than this is no sentence to take along. */
const longest = 320;
const shortest = 12;

/** Every pair of quotation marks that people write, besides “ ” itself. */
const pairs = [/"([^"]*)"/g, /„([^„“”]*)[“”]/g, /«([^«»]*)»/g, /»([^«»]*)«/g, /‹([^‹›]*)›/g, /「([^「」]*)」/g, /『([^『』]*)』/g, /``([^`']*)''/g];
/** Single ones stand outside of words: an apostrophe has letters on both sides. */
const opening = /(?<=^|[\s(—–:,-])['‘‚]/g;
const closing = /['’‘](?=$|[\s.,;:!?)—–-])/g;
const leftOver = /["„‟«»‹›「」『』`´″〝〞＂]/u;

/** What is no plain sentence: marks of HTML and Markdown, addresses, signs that nobody sees, digits of other scripts, words of two scripts. */
const notPlain = [
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u,
  /[<>＜＞{}[\]|\\^~#*_@=]|&[a-z#]{1,8};|%[0-9a-f]{2}(?![0-9])/i,
  /^[^\p{L}0-9“]/u,
  /:\/\/|\bwww\.|\b[a-z0-9-]{1,63}\.(?:com|net|org|io|ai|dev|example|info|biz|co)\b|\b(?:javascript|mailto|https?):/i,
  /(?![0-9])\p{N}/u,
  /\p{Script=Latin}[^\p{Script=Latin}\P{L}]|[^\p{Script=Latin}\P{L}]\p{Script=Latin}/u,
];

/** The text outside of “ ”, changed. */
const outside = (text: string, change: (part: string) => string): string =>
  text
    .split(/(“[^“”]*”)/)
    .map((part) => (part.startsWith('“') ? part : change(part)))
    .join('');

/** The text with its single quotation marks as “ ”; one that is opened and never closed stays open. */
function singleMarked(text: string): string {
  const at = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map(({ index }) => index));
  const [opens, closes] = [at(opening), at(closing)];
  const signs = text.split('');
  let open: number | undefined;
  for (const index of [...opens.union(closes)].sort((a, b) => a - b)) {
    if (open === undefined) open = opens.has(index) ? index : undefined;
    else if (closes.has(index)) {
      signs[open] = '“';
      signs[index] = '”';
      open = undefined;
    }
  }
  if (open !== undefined) signs[open] = '“';
  return signs.join('');
}

/** A sentence as the house writes it: one line, every quote in “ ”, a full stop at its end; `undefined` when it is none. */
export function plainSentence(text: string): string | undefined {
  if (text.length > 4 * longest) return undefined;
  const line = text
    .normalize('NFC')
    .replaceAll(/[\t\n\r ]+/g, ' ')
    .trim();
  const quoted = pairs.reduce((one, pair) => outside(one, (part) => part.replaceAll(pair, '“$1”')), line);
  const marked = outside(quoted, singleMarked);
  const rest = marked.replaceAll(/“[^“”]*”/g, '');
  if (/[“”]/.test(rest) || leftOver.test(rest) || notPlain.some((sign) => sign.test(marked))) return undefined;
  if (marked.length > longest || marked.length < shortest || !/\p{L}/u.test(marked)) return undefined;
  return /[.!?…][”']?$/.test(marked) ? marked : `${marked}.`;
}
