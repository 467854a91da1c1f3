/** A stretch of text that is spoken in one breath, and the silence (ms) it wants before it. */
export type Clause = { readonly text: string; readonly pause: number };

const LONGEST_TEXT = 2000;
const FIRST_CLAUSE = 60;
const LATER_CLAUSE = 120;
const LONGEST_CLAUSE = 160;
const COMMA = 140;
const FULL_STOP = 280;

/** What flite can say of a text: Latin letters, digits and plain punctuation, on one line, of a length that ends. */
export const speakable = (text: string): string =>
  text
    .slice(0, LONGEST_TEXT)
    .normalize('NFKD')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”«»]/g, '"')
    .replace(/[–—]/g, ' - ')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Cuts a text into clauses where one draws breath anyway; a short first one, so that the first sound comes early. */
export function clauses(text: string): Clause[] {
  const found: Clause[] = [];
  let pause = 0;
  for (const sentence of sentences(speakable(text))) {
    let line = '';
    const finish = () => {
      for (const piece of chopped(line.trim()))
        if (/[a-z0-9]/i.test(piece)) {
          found.push({ text: piece, pause });
          pause = COMMA;
        }
      line = '';
    };
    for (const phrase of sentence.split(/(?<=[,;:] )|(?<= - )/)) {
      const limit = found.length === 0 ? FIRST_CLAUSE : LATER_CLAUSE;
      if (line && line.length + phrase.length > limit) finish();
      line += phrase;
    }
    finish();
    if (found.length > 0) pause = FULL_STOP;
  }
  return found;
}

// "Dr. Smith", "e.g. this", "J. Smith" go on; "Wait. Then" does not
const sentences = (text: string): string[] => text.split(/(?<=(?<!\b(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|[a-z]))[.!?]["')]* )/i);

/** Cuts what is too long for one breath, preferably before a joining word, and never lets a monstrous word through whole. */
function chopped(line: string): string[] {
  if (line.length <= LONGEST_CLAUSE) return [line];
  const joints = line.slice(0, LONGEST_CLAUSE).matchAll(/ (?:and|but|because|so|or|when|if|which|who|while|before|after|that|then) /gi);
  const joint = [...joints].at(-1)?.index ?? -1;
  const space = line.lastIndexOf(' ', LONGEST_CLAUSE);
  const cut = joint > 30 ? joint : space > 0 ? space : LONGEST_CLAUSE;
  return [line.slice(0, cut), ...chopped(line.slice(cut).trim())];
}
