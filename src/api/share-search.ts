import type { Conversation } from '../core/conversation.ts';
import { othersFirst } from '../core/flow.ts';
import { shared } from '../core/shared.ts';
import { type Matcher, snippetOf } from '../insight/search.ts';
import type { ShownMessage } from '../wire/share.ts';
import { messageIn, wordsOf } from './share.ts';

/** So many messages are found at most. */
const mostFound = 50;
/** So many letters are looked through before others get their turn. */
const breath = 262_144;

/** The newest messages of a shared conversation in which this stands, the newest first. */
export async function found(talk: Pick<Conversation, 'id' | 'entries'>, match: Matcher) {
  const hits: (ShownMessage & { snippet: string })[] = [];
  let looked = 0;
  // what is said meanwhile is newer than the question
  for (const { entry } of shared(talk.entries).messages.toReversed()) {
    if (hits.length === mostFound) break;
    const text = wordsOf(entry);
    const hit = match(text);
    // it may have been taken away meanwhile
    const message = hit && messageIn(talk, entry.seq);
    if (hit && message) hits.push({ ...message, snippet: snippetOf(text, hit).snippet });
    looked += text.length;
    if (looked < breath) continue;
    looked = 0;
    await othersFirst();
  }
  return hits;
}
