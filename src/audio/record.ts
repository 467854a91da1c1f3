import type { Conversation } from '../core/conversation.ts';
import { isPaused } from '../core/views.ts';

/** Watches whether the user is on the record. `begin` gives a question: has it been on the record ever since? */
export function record(talk: Conversation): { begin(): () => boolean } {
  let read = talk.entries.length;
  let paused = isPaused(talk.entries);
  let changes = 0;
  const look = () => {
    for (; read < talk.entries.length; read++) {
      const { type } = talk.entries[read]!;
      if (type !== 'paused' && type !== 'resumed') continue;
      paused = type === 'paused';
      changes += 1;
    }
  };
  return {
    begin() {
      look();
      const before = changes;
      const from = paused;
      return () => {
        look();
        return !from && changes === before;
      };
    },
  };
}
