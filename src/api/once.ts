import type { Conversation } from '../core/conversation.ts';
import type { Draft } from '../core/entry.ts';

type Kept = Map<string, Promise<number>>;

const known = new WeakMap<Conversation, Kept>();

/** What clients sent under an id of their own, by that id: in the log already, or on its way. */
function keptBy(talk: Conversation): Kept {
  let kept = known.get(talk);
  if (!kept) {
    kept = new Map(talk.entries.flatMap(({ ref, seq }) => (ref === undefined ? [] : [[ref, Promise.resolve(seq)] as const])));
    known.set(talk, kept);
  }
  return kept;
}

/** The number under which this was written down when it was sent before. */
export const seqOf = async (talk: Conversation, ref: string): Promise<number | undefined> => keptBy(talk).get(ref);

/** Writes down what a client sent; the same ref is never written twice. */
export function appendOnce(talk: Conversation, draft: Draft & { ref: string }): Promise<number> {
  const kept = keptBy(talk);
  const appended = talk.append(draft).then(({ seq }) => seq);
  kept.set(draft.ref, appended);
  // whatever was not kept may be sent again
  appended.catch(() => kept.delete(draft.ref));
  return appended;
}
