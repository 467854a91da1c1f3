import type { Conversation } from '../core/conversation.ts';
import type { Entry } from '../core/entry.ts';

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

/** The number under which this was written down when it was sent before; nothing, at once, if it was not: two connections may ask for the same. */
export const seqOf = (talk: Conversation, ref: string): Promise<number> | undefined => keptBy(talk).get(ref);

/** Does what a client sent under this id, and remembers it: the same is never done twice. */
export function doneOnce(talk: Conversation, ref: string, work: Promise<Entry>): Promise<number> {
  const kept = keptBy(talk);
  const done = work.then(({ seq }) => seq);
  kept.set(ref, done);
  // whatever was not kept may be sent again
  done.catch(() => kept.delete(ref));
  return done;
}
