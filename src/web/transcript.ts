import type { Told } from '../client/messages.ts';
import { make } from './element.ts';
import { clockTime, speakerInWords, sureness } from './words.ts';

/** One line as a page shows it. */
export type Line = { speaker: string; text: string; timestamp: string; probability?: number | null };

/** The lines of a conversation as they come. */
export interface Transcript {
  said(line: Told<'transcript'>): void;
  whispered(suggestion: Told<'suggestion'>): void;
  /** Words that may still change, in grey; none clears them. */
  partial(text: string, speaker: string): void;
  /** How sure the line of this moment was about its speaker. */
  probabilityOf(timestamp: string): number | null;
  clear(): void;
}

/** Shows one line: who, what and when since the beginning. */
export function lineOf({ speaker, text, timestamp, probability }: Line, began: number): HTMLLIElement {
  const sure = sureness(speaker, probability);
  return make(
    'li',
    { class: `line ${['user', 'other', 'coach'].includes(speaker) ? speaker : 'unknown'}` },
    make(
      'span',
      { class: 'who' },
      speakerInWords(speaker),
      sure !== undefined && make('small', { title: 'How sure Aside is about the voice' }, ` ${sure}`),
    ),
    make('span', { class: 'text' }, text),
    make('time', { datetime: timestamp }, clockTime(Date.parse(timestamp) - began)),
  );
}

/** Binds a list that grows downwards and stays at its end, unless the reader has scrolled back. */
export function transcript(list: HTMLOListElement): Transcript {
  const sure = new Map<string, number | null>();
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
    who!.textContent = speaker === 'unknown' ? '…' : speakerInWords(speaker);
    words!.textContent = text;
    add(pending);
  }

  return {
    said(line) {
      began ??= Date.parse(line.timestamp);
      sure.set(line.timestamp, line.probability);
      partial('', '');
      add(lineOf(line, began));
    },
    whispered({ text, timestamp }) {
      began ??= Date.parse(timestamp);
      add(lineOf({ speaker: 'coach', text, timestamp }, began));
    },
    partial,
    probabilityOf: (timestamp) => sure.get(timestamp) ?? null,
    clear() {
      list.replaceChildren();
      atEnd = true;
      sure.clear();
      began = undefined;
      pending = undefined;
    },
  };
}
