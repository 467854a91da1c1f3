import type { Conversation } from '../core/conversation.ts';
import type { Entry, EntryOf, Span } from '../core/entry.ts';
import { spokenIn, withQuotes } from '../core/forgetting.ts';
import type { Clock } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { isOver } from '../core/views.ts';
import type { Forget } from './coach.ts';
import type { SoundWay } from './sound.ts';
import type { Tape } from './tape.ts';

/** Words without a place in the sound were spoken at most so long before they were written down, in ms. */
const spokenWithin = 15_000;

const nothingThere = 'There is no such line in this session, so nothing was taken off the record. Send the seqs of its lines.';

const isSaid = (entry: Entry | undefined): entry is EntryOf<'said'> => entry?.type === 'said';

function spanOf(line: EntryOf<'said'>, opened: number): Span {
  const written = Date.parse(line.at) - opened;
  return { from: line.from ?? written - spokenWithin, to: line.to ?? written };
}

/** Takes what was said off the record after the fact: out of the log, out of the coach's mind, and out of the kept sound. */
export function forgetting({ tape, clock }: { tape: Tape; clock: Clock }) {
  return async (talk: Conversation, what: Forget, way: Pick<SoundWay, 'forget'>, ref: string | undefined): Promise<Entry> => {
    const asked = { by: 'user', ...(ref !== undefined && { ref }) };
    const opened = Date.parse(talk.entries[0]?.at ?? '');
    if (isOver(talk.entries)) return talk.forget(asked, () => []);
    if ('seqs' in what) {
      const chosen = withQuotes(talk.entries, what.seqs);
      if (chosen.length === 0) throw new Problem('invalid', nothingThere);
      const spans = chosen.map((seq) => talk.entries[seq - 1]).filter(isSaid);
      await tape.cut(
        talk.id,
        spans.map((line) => spanOf(line, opened)),
      );
      return talk.forget(asked, (entries) => withQuotes(entries, what.seqs));
    }
    const now = clock.now() - opened;
    const to = Math.min(what.until ?? now, now);
    const span = { from: Math.max(0, to - what.seconds * 1_000), to };
    // what is still being listened to belongs to that time as well
    await way.forget();
    await tape.cut(talk.id, [span]);
    return talk.forget({ ...asked, span }, (entries) => withQuotes(entries, spokenIn(entries, span)));
  };
}
