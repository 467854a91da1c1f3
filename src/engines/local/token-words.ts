import type { Heard } from './child-messages.ts';

/** How long the last piece of a word lasts when nothing follows it soon, in ms. */
const tail = 200;

/** Pieces of words with their start times (s) and log probabilities, as words; a piece that begins with «▁» or a space begins a word. */
export function tokenWords(tokens: readonly string[], times: readonly number[], logs: readonly number[]): Heard | undefined {
  type Draft = { text: string; from: number; last: number; logs: number[] };
  const drafts: Draft[] = [];
  let fresh = true;
  tokens.forEach((token, index) => {
    const text = token.replace(/^[▁ ]+/, '');
    fresh ||= text !== token;
    if (text === '') return;
    const at = Math.round((times[index] ?? 0) * 1000);
    const sure = logs[index];
    const draft = drafts.at(-1);
    if (fresh || !draft) drafts.push({ text, from: at, last: at, logs: sure === undefined ? [] : [sure] });
    else {
      draft.text += text;
      draft.last = at;
      if (sure !== undefined) draft.logs.push(sure);
    }
    fresh = false;
  });
  const words = drafts.map((draft, index) => ({
    text: draft.text.toLowerCase(),
    from: draft.from,
    to: Math.max(draft.from, Math.min(draft.last + tail, drafts[index + 1]?.from ?? Number.POSITIVE_INFINITY)),
    confidence: sureness(draft.logs),
  }));
  if (words.length === 0) return undefined;
  return { text: words.map((word) => word.text).join(' '), words, confidence: sureness(drafts.flatMap((draft) => draft.logs)) };
}

/** The geometric mean of the probabilities; nobody measured it when there are none. */
function sureness(logs: readonly number[]): number | null {
  if (logs.length === 0) return null;
  return Math.round(Math.exp(Math.min(0, logs.reduce((sum, log) => sum + log, 0) / logs.length)) * 1000) / 1000;
}
