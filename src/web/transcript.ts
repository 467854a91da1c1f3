import type { Told } from '../client/messages.ts';
import { make } from './element.ts';
import { t } from './texts/spoken.ts';
import { clockTime, speakerInWords, sureness, whisperInWords } from './words.ts';

/** One line as a page shows it. */
export type Line = {
  speaker: string;
  text: string;
  timestamp: string;
  from?: number | null;
  to?: number | null;
  probability?: number | null;
  /** Whose words they are, where that is not one of the two. */
  name?: string | undefined;
};

/** When the session began, by the first of these lines that was heard: written down as soon as it had ended. */
export function beginningOf(lines: readonly Line[]): number {
  const heard = lines.find((line) => typeof line.to === 'number') ?? lines[0];
  return heard ? Date.parse(heard.timestamp) - (heard.to ?? 0) : Number.NaN;
}

/** The lines of a conversation as they come. */
export interface Transcript {
  said(line: Told<'transcript'>): void;
  whispered(suggestion: Told<'suggestion'>): void;
  /** A line that turned out to be somebody else's, or to have other words. */
  corrected(correction: Told<'correction'>): void;
  /** What was taken off the record is shown no more. */
  removed(seqs: readonly number[]): void;
  /** Words that may still change, in grey; none clears them. */
  partial(text: string, speaker: string): void;
  /** How sure the line of this moment was about its speaker. */
  probabilityOf(timestamp: string): number | null;
  clear(): void;
}

/** Shows one line: who, what and when since the beginning. */
export function lineOf({ speaker, text, timestamp, from, probability, name = speakerInWords(speaker) }: Line, began: number): HTMLLIElement {
  const sure = sureness(speaker, probability);
  return make(
    'li',
    { class: `line ${['user', 'other', 'coach', 'friend'].includes(speaker) ? speaker : 'unknown'}` },
    make('span', { class: 'who' }, name, sure !== undefined && make('small', { title: t('how_sure') }, ` ${sure}`)),
    make('span', { class: 'text' }, text),
    make('time', { datetime: timestamp }, clockTime(from ?? Date.parse(timestamp) - began)),
  );
}

/** Binds a list that grows downwards and stays at its end, unless the reader has scrolled back; `wearer` is what the user is called, where it is not the reader. */
export function transcript(list: HTMLOListElement, wearer?: string): Transcript {
  const sure = new Map<string, number | null>();
  const shown = new Map<number, { line: Told<'transcript'>; element: HTMLLIElement }>();
  const whispers = new Map<number, HTMLLIElement>();
  /** Who is not the reader is told by name, and no guess about them by “you”. */
  const forReader = <Of extends Line>(line: Of): Of =>
    wearer === undefined ? line : { ...line, probability: null, name: line.speaker === 'user' ? wearer : undefined };
  let began: number | undefined;
  let pending: HTMLLIElement | undefined;
  let atEnd = true;
  const toEnd = () => {
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
  list.addEventListener('scroll', () => {
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 48;
  });
  new ResizeObserver(toEnd).observe(list);

  function add(line: HTMLLIElement): void {
    if (pending && pending !== line) list.insertBefore(line, pending);
    else list.append(line);
    toEnd();
  }

  function partial(text: string, speaker: string): void {
    if (text === '') {
      pending?.remove();
      pending = undefined;
      return;
    }
    pending ??= make('li', { class: 'line partial' }, make('span', { class: 'who' }), make('span', { class: 'text' }));
    const [who, words] = pending.children;
    who!.textContent = speaker === 'unknown' ? '…' : speaker === 'user' && wearer !== undefined ? wearer : speakerInWords(speaker);
    words!.textContent = text;
    add(pending);
  }

  return {
    said(line) {
      began ??= beginningOf([line]);
      sure.set(line.timestamp, line.probability);
      partial('', '');
      const element = lineOf(forReader(line), began);
      shown.set(line.seq, { line, element });
      add(element);
    },
    whispered(suggestion) {
      const { seq, timestamp, from: name } = suggestion;
      began ??= Date.parse(timestamp);
      const { text } = whisperInWords(suggestion);
      const element = lineOf({ speaker: name === undefined ? 'coach' : 'friend', text, timestamp, name }, began);
      whispers.set(seq, element);
      add(element);
    },
    removed(seqs) {
      for (const seq of seqs) {
        whispers.get(seq)?.remove();
        shown.get(seq)?.element.remove();
        whispers.delete(seq);
        shown.delete(seq);
      }
    },
    corrected({ of, text, speaker, probability }) {
      const known = shown.get(of);
      if (!known || began === undefined) return;
      const line = {
        ...known.line,
        text: text ?? known.line.text,
        speaker: speaker ?? known.line.speaker,
        probability: probability ?? known.line.probability,
      };
      const element = lineOf(forReader(line), began);
      known.element.replaceWith(element);
      shown.set(of, { line, element });
      sure.set(line.timestamp, line.probability);
    },
    partial,
    probabilityOf: (timestamp) => sure.get(timestamp) ?? null,
    clear() {
      list.replaceChildren();
      atEnd = true;
      sure.clear();
      shown.clear();
      whispers.clear();
      began = undefined;
      pending = undefined;
    },
  };
}
