import type { Conversation } from '../core/conversation.ts';
import type { News } from '../core/entry.ts';
import { type PushTo, shared } from '../core/shared.ts';

/** Sends a message to a browser whose page is closed; answers whether that address is gone for ever. */
export type Push = (to: PushTo, message: object) => Promise<'sent' | 'gone' | 'failed'>;

/** Tells those who asked for it and are not there that something was said: once until they come back, and without a word of it. */
export function shareReminders(push: Push | undefined) {
  const reminded = new WeakMap<Conversation, Set<string>>();

  return (talk: Conversation, news: News): void => {
    const known = reminded.get(talk) ?? new Set();
    reminded.set(talk, known);
    if (news.type === 'joined') known.delete(news.by);
    if (!push || (news.type !== 'said' && news.type !== 'attached')) return;
    const { pushes, here } = shared(talk.entries);
    for (const [by, to] of pushes) {
      if (here.has(by) || by === news.by || known.has(by)) continue;
      known.add(by);
      void push(to, { type: 'new_message', room_id: talk.id }).then((done) => {
        // a browser that took its address back is asked no more
        if (done === 'gone') talk.append({ by, type: 'subscribed' }).catch(() => undefined);
        if (done === 'failed') known.delete(by);
      });
    }
  };
}
