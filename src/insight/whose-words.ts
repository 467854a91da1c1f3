import type { EntryOf } from '../core/entry.ts';
import { partnerNamed } from './partner.ts';

/** A quote in a sentence, and who is said to have said it, where the sentence is clear about it. */
export type Attributed = { readonly quote: string; readonly who: 'user' | 'other' | undefined };

const saying =
  '(?:said|say|asked|ask|answered|answer|replied|reply|told|tell|explained|explain|admitted|mentioned|opened with|closed with|began with|ended with|countered|offered|proposed|added|put it)';
const words = '(?:question|answer|words?|line|sentence|reply|story|example|offer|opening|closing)';

/** Who speaks is told right before a quote: "you answered with", "their question". The last one told counts. */
const telling = (name: string | undefined): RegExp => {
  const others = ['they', 'he', 'she', 'the other side', ...(name === undefined ? [] : [name.toLowerCase().replaceAll(/[^\p{L} ]/gu, '.')])].join(
    '|',
  );
  return new RegExp(`\\b(you|${others})(?: [a-z]{2,10}){0,2}? ${saying}\\b|\\b(your|their|his|her)(?: [a-z-]{2,12})? ${words}\\b`, 'gu');
};

/** The quotes of a sentence, each with whose words it says that they are. */
export function whoseWords(text: string, opened: EntryOf<'opened'> | undefined): Attributed[] {
  const pattern = telling(partnerNamed(opened?.participants ?? '', opened?.user));
  return text
    .split('”')
    .slice(0, -1)
    .map((part) => {
      const [lead = '', quote = ''] = part.split('“');
      const last = [...lead.toLowerCase().matchAll(pattern)].at(-1);
      const subject = last?.[1] ?? last?.[2];
      return { quote, who: subject === undefined ? undefined : subject.startsWith('you') ? 'user' : 'other' };
    });
}
