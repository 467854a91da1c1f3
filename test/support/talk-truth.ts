import { setTimeout as sleep } from 'node:timers/promises';
import { tell } from '../../src/api/coach.ts';
import { addTo, checkHistory, checkOrder, logOf, nothingWrong, numbered, owedOf, spokenWords, unshown, type Verdict } from './history.ts';
import type { Client } from './recording-client.ts';
import type { Talked } from './talk-on.ts';
import { counted } from './tone-words.ts';

/** What some talks came to, both ways. `unheard`: pieces of sound that were sent and never acknowledged. */
export type TalkTruth = Verdict & { unheard: number; words: number; suggestions: number };

/** A truth to which talks are added. */
export const nothingSaid = (): TalkTruth => ({ ...nothingWrong(), unheard: 0, words: 0, suggestions: 0 });

/** Ends the microphone of somebody who spoke, and waits until everything was heard. */
export async function stopped({ link, until }: Client): Promise<void> {
  const told = until(({ type }) => type === 'stopped');
  link.say({ type: 'stop' });
  await told;
}

/** Holds what one talker said and was shown to the end against what is kept, adds it to the sum, and sends the talker away. */
export async function addTalk(sum: TalkTruth, base: string, { session, link, seen, until, close }: Client, { typed, sent }: Talked): Promise<void> {
  const owed = owedOf(await logOf(base, session.id), tell);
  const last = owed.at(-1)?.seq ?? 0;
  // what was written down last may still be on its way; whoever is never told it must not wait for ever
  if (link.seq < last) await Promise.race([until(() => link.seq >= last), sleep(10_000)]);
  close();
  const log = await logOf(base, session.id);
  const written = log.flatMap((entry) => (entry.type === 'said' && entry.from === undefined ? [entry.text] : []));
  const spoken = spokenWords(log);
  // the talking stopped in mid-word: how many words it came to is known by the last one
  for (const verdict of [checkHistory(seen, log, tell), checkOrder(written, typed), checkOrder(spoken, numbered(counted(0, spoken.length)))])
    addTo(sum, verdict);
  sum.lost += unshown(seen, owed);
  sum.unheard += sent - (log.findLast((entry) => entry.type === 'heard')?.chunk ?? 0);
  sum.words += spoken.length;
  sum.suggestions += log.filter(({ type }) => type === 'advised').length;
}
