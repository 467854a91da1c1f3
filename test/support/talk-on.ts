import { setTimeout as sleep } from 'node:timers/promises';
import { encoded } from './opus-packets.ts';
import type { Client } from './recording-client.ts';
import { counting } from './tone-words.ts';
import { webmPieces } from './webm-writer.ts';

// long enough that no word comes twice within a crash
const utterances = Array.from({ length: 16 }, (_, index) => 2 + ((index * 5) % 6));
const perRound = utterances.reduce((sum, words) => sum + words, 0);

/** What somebody typed, and how many pieces of sound they sent. */
export type Talked = { typed: string[]; sent: number };

/** Counts aloud into a session, types into it and asks for hints until told to stop. */
export async function talkOn({ link }: Client, who: number, rounds: number, stop: AbortSignal): Promise<Talked> {
  const typed: string[] = [];
  let sent = 0;
  for (let round = 0; round < rounds; round += 1)
    // encoded bit by bit: who encodes a minute at once hears nothing meanwhile
    for (const piece of webmPieces(encoded(counting(round * perRound, utterances, 700)))) {
      if (stop.aborted) return { typed, sent };
      link.sound(new Blob([piece.slice()]), performance.timeOrigin + performance.now());
      sent += 1;
      if (sent % 25 === 0) {
        typed.push(`typed ${who} ${sent}`);
        link.say({ type: 'said', text: typed.at(-1)!, speaker: 'other' });
        link.say({ type: 'hint' });
      }
      await sleep(8);
    }
  return { typed, sent };
}
