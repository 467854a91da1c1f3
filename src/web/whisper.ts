import type { Told } from '../client/messages.ts';
import { find, make } from './element.ts';
import { t } from './texts/coach.ts';
import { reasonInWords, whisperInWords } from './words.ts';

/** The suggestion of the moment, large enough to be read from the corner of an eye. */
export interface Whisper {
  greet(sentence: string): void;
  /** Something was said: the greeting goes, and what was advised long before grows pale. */
  said(): void;
  suggest(suggestion: Told<'suggestion'>): void;
  /** More about it comes a moment later, to be read. */
  elaborate(elaboration: Told<'elaboration'>): void;
  speaking(reply: number | undefined): void;
  quiet(reasons: readonly string[]): void;
  offTheRecord(on: boolean): void;
  /** A suggestion that quotes what was taken off the record goes, too. */
  forget(seqs: readonly number[]): void;
}

export type WhisperActions = { rate(reply: number, useful: boolean): void; silence(): void };

/** After so many lines a suggestion is about the past. */
const fresh = 3;

/** Binds the large card. */
export function whisper({ rate, silence }: WhisperActions): Whisper {
  const card = find('whisper', HTMLElement);
  const kind = find('whisper-kind', HTMLSpanElement);
  const words = find('whisper-words', HTMLParagraphElement);
  const details = find('whisper-more', HTMLParagraphElement);
  const reason = find('whisper-reason', HTMLParagraphElement);
  const rating = find('rating', HTMLDivElement);
  const waves = find('waves', HTMLSpanElement);
  const hush = find('silence', HTMLButtonElement);
  const why = find('why-reasons', HTMLUListElement);
  const answers = { yes: find('useful', HTMLButtonElement), no: find('useless', HTMLButtonElement) };
  let current: Told<'suggestion'> | undefined;
  let more = '';
  let greeting = false;
  let since = 0;

  function show(mood: string, title: string, text: string, because: string): void {
    card.dataset.mood = mood;
    kind.textContent = title;
    if (words.textContent !== text) words.textContent = text;
    reason.textContent = because;
    details.textContent = mood === 'advice' ? more : '';
    details.hidden = details.textContent === '';
    rating.hidden = mood !== 'advice';
  }

  function press(useful: boolean | undefined): void {
    answers.yes.setAttribute('aria-pressed', String(useful === true));
    answers.no.setAttribute('aria-pressed', String(useful === false));
  }

  const answer = (useful: boolean) => {
    if (!current) return;
    press(useful);
    rate(current.reply, useful);
  };
  answers.yes.addEventListener('click', () => answer(true));
  answers.no.addEventListener('click', () => answer(false));
  hush.addEventListener('click', silence);
  const whyQuiet = find('why', HTMLDetailsElement);
  // beneath a long whisper the reasons would open out of sight
  whyQuiet.addEventListener('toggle', () => whyQuiet.open && whyQuiet.scrollIntoView({ block: 'nearest' }));

  const idle = () => show('quiet', t('listening'), t('quietForNow'), t('speakUpWhen'));
  function restore(): void {
    if (!current) {
      idle();
      return;
    }
    const { title, text, reason } = whisperInWords(current);
    show('advice', title, text, reason);
    // only the coach is rated
    for (const button of [answers.yes, answers.no]) button.hidden = current.from !== undefined;
  }

  return {
    greet(sentence) {
      greeting = true;
      current = undefined;
      why.replaceChildren(make('li', {}, t('nothingYet')));
      show('greeting', t('startBySaying'), sentence, t('learnVoice'));
    },
    said() {
      if (greeting) idle();
      greeting = false;
      since += 1;
      if (since === fresh && current && card.dataset.mood === 'advice') card.dataset.mood = 'past';
    },
    suggest(suggestion) {
      greeting = false;
      since = 0;
      current = suggestion;
      more = '';
      press(undefined);
      restore();
    },
    elaborate({ reply, text }) {
      if (current?.reply !== reply) return;
      more = text;
      if (card.dataset.mood === 'advice') restore();
    },
    speaking(reply) {
      waves.hidden = reply === undefined;
      hush.hidden = reply === undefined;
    },
    quiet(reasons) {
      why.replaceChildren(...reasons.map((one) => make('li', {}, reasonInWords(one))));
    },
    forget(seqs) {
      if (!current || !seqs.includes(current.seq)) return;
      current = undefined;
      if (card.dataset.mood !== 'paused') idle();
    },
    offTheRecord(on) {
      if (on) show('paused', t('offRecord'), t('nothingHeard'), t('pressBack'));
      else if (!greeting) restore();
    },
  };
}
