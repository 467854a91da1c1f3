import type { Entry } from '../core/entry.ts';
import { members } from '../core/members.ts';
import { every } from '../core/views.ts';
import { ideaPrompt } from './idea-moves.ts';
import { observation } from './observation.ts';
import { saidByPeople, type Turn } from './room-turn.ts';
import { observer } from './temperaments.ts';

/** Told once in each room where agents answer by rules because there is nothing else. */
export const byRules = 'No language model is set up here, so we agents work from simple rules: we do not understand what you say, but we can ask.';

/** So much of what was said before is looked at for something to put beside it. */
const recent = 12;

/** Whom somebody calls is not what they speak of. */
const uncalled = <Words extends { text: string }>(words: Words): Words => ({ ...words, text: words.text.replace(/@[\p{L}\p{N}_-]+/gu, '') });

/** What an agent says by rules alone. */
export function ruledAnswer(entries: readonly Entry[], { who, about }: Turn): string {
  const people = saidByPeople(entries).map(uncalled);
  const own = every(entries, 'said').filter(({ by }) => by === who.id);
  if (who.id === observer.id || !('moves' in who)) {
    const since = people.filter(({ seq }) => seq > (own.at(-1)?.seq ?? 0));
    const nameOf = (by: string) => members(entries).get(by)?.name ?? by;
    return observation(
      since,
      people,
      own.map(({ text }) => text),
      nameOf,
    );
  }
  const { moves } = who;
  const before = people.filter(({ seq }) => seq < about.seq).slice(-recent);
  return ideaPrompt(
    moves[own.length % moves.length]!,
    uncalled(about).text,
    before.map(({ text }) => text),
    Math.floor(own.length / moves.length),
  );
}

/** Whether it was told in this room that there are only rules. */
export const saysByRules = (entries: readonly Entry[]): boolean => every(entries, 'said').some(({ text }) => text.startsWith(byRules));
