import { lasting, type Pcm } from '../core/ports.ts';
import type { Activity } from './activity.ts';
import { Utterance } from './utterance.ts';

type Piece = Extract<Activity, { type: 'sound' }>;

/** From here on, in ms, a monologue is cut at the first breath … */
const LONG = 8_000;
const BREATH = 128;
/** … and where nobody breathes, the sound after `HELD` is kept back until `LONGEST`, then cut at its quietest place. */
const HELD = 13_000;
const LONGEST = 14_800;

const endOf = (pcm: Pcm) => pcm.at + lasting(pcm.samples.length);

/**
 * Groups activity into utterances, each given out as soon as it begins. Ask for the next one while reading this one:
 * asking is what makes the sound flow. No sample is lost or doubled where a monologue is cut.
 */
export async function* utterances(events: AsyncIterable<Activity>): AsyncGenerator<Utterance, void, undefined> {
  let current: Utterance | undefined;
  let held: Piece[] = [];
  let breath = 0;
  let breathing = false;

  const give = (pieces: readonly Piece[]) => {
    for (const { pcm, voiced } of pieces) current?.add(pcm, voiced);
  };
  const begin = (at: number) => {
    current?.end();
    current = new Utterance(at);
    breath = 0;
    breathing = false;
    return current;
  };

  try {
    for await (const event of events) {
      if (event.type === 'pause') {
        give(held.splice(0));
        current?.end();
        current = undefined;
      }
      if (event.type !== 'sound') continue;
      if (!current) yield begin(event.pcm.at);
      const length = endOf(event.pcm) - current!.from;
      breath = event.voiced ? 0 : breath + lasting(event.pcm.samples.length);
      if (breathing && event.voiced) {
        held.push(event);
        yield begin(held[0]!.pcm.at);
        give(held.splice(0));
      } else if (breathing) held.push(event);
      else if (length >= LONG && breath >= BREATH) {
        // whether a pause follows is not known yet: cut only when somebody goes on
        give([...held.splice(0), event]);
        breathing = true;
      } else if (length < HELD) give([event]);
      else {
        held.push(event);
        // in the middle of a breath nobody knows yet whether somebody goes on
        if (length < LONGEST || !event.voiced) continue;
        const cut = quietest(held);
        give(held.slice(0, cut));
        held = held.slice(cut);
        yield begin(held[0]!.pcm.at);
        give(held.splice(0));
      }
    }
  } finally {
    give(held);
    current?.end();
  }
}

/** Where to cut: before the quietest of these pieces, its neighbours counted in; never before the first. */
function quietest(pieces: readonly Piece[]): number {
  let [best, lowest] = [1, Number.POSITIVE_INFINITY];
  for (let i = 1; i < pieces.length; i++) {
    const level = pieces[i - 1]!.level + 2 * pieces[i]!.level + (pieces[i + 1] ?? pieces[i]!).level;
    if (level < lowest) [best, lowest] = [i, level];
  }
  return best;
}
