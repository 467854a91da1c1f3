/** Longer than this no text is sent away to be spoken. */
const longest = 2_000;

/** What a voice elsewhere is given of a text: whole letters on one line, no markup, nothing that steers; empty where there is nothing to say. */
export function spokenText(text: string): string {
  const said = text
    .slice(0, longest)
    .replace(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}<>]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return hasWords(said) ? said : '';
}

const hasWords = (text: string) => /[\p{L}\p{N}]/u.test(text);

/** How long a text sounds at least and at most, in ms, whoever speaks it at this speed: what is outside was cut off, or is no speech. */
export function plausible(said: string, speed = 1): { readonly least: number; readonly most: number } {
  const letters = said.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  // nobody says thirty letters a second, nor fewer than five; a word alone may stand between two pauses
  return { least: (letters * 33) / speed, most: 2_500 + (said.length * 200) / speed };
}
