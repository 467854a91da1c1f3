import type { Conversation } from '../core/conversation.ts';
import type { Speaker } from '../core/entry.ts';
import { said } from '../core/views.ts';
import type { Span } from './utterance.ts';

/** Corrects who spoke earlier lines, once later voices have made it clearer. `spans` are the utterances that `speakers` were judged of, in order. */
export function correctEarlier(talk: Conversation, spans: readonly Span[], speakers: readonly Speaker[]): void {
  const lines = new Map(said(talk.entries).map((line) => [line.from, line]));
  const judged = spans.slice(-speakers.length);
  for (const [index, { from }] of judged.entries()) {
    const line = lines.get(from);
    const speaker = speakers[speakers.length - judged.length + index];
    if (!line || !speaker || line.speaker?.who === speaker.who || speaker.probability === null) continue;
    // a correction that cannot be kept is no loss of words: the line stays as it was
    talk.append({ by: 'ear', type: 'corrected', of: line.seq, speaker }).catch(() => undefined);
  }
}
