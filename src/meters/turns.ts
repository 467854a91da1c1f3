import type { Happening } from '../core/meter.ts';
import type { Span } from './spans.ts';

/** The stages of a turn, in their order: from the end of somebody's speech to the first sound of advice. */
export const stages = ['speech_ended', 'pause_noticed', 'words_final', 'words_kept', 'decided', 'verdict_kept', 'first_sound'] as const;

export type Stage = (typeof stages)[number];

/** A turn that is over: when it reached which stage, in ms of the clock, and whether advice came of it. */
export type Turn = { readonly talk: string; readonly reached: Readonly<Partial<Record<Stage, number>>>; readonly advised: boolean };

/** A turn as a span, with its stages as events. */
export function spanOf({ talk, reached, advised }: Turn, hash: (id: string) => string): Span {
  const events = stages.flatMap((name) => (reached[name] === undefined ? [] : [{ name, at: reached[name] }]));
  const times = events.map(({ at }) => at);
  return {
    name: 'turn',
    kind: 'turn',
    from: Math.min(...times),
    to: Math.max(...times),
    attributes: { 'aside.session': hash(talk), 'aside.advised': advised },
    events,
  };
}

/** How long after its beginning a turn reached each later stage, in whole ms. */
export function timing({ reached }: Turn): Partial<Record<Stage, number>> {
  const known = stages.filter((stage) => reached[stage] !== undefined);
  return Object.fromEntries(known.slice(1).map((stage) => [stage, Math.round(reached[stage]! - reached[known[0]!]!)]));
}

type Open = { talk: string; reached: Partial<Record<Stage, number>>; to?: number; said?: number; advised?: number; latest: number };

/** So many turns of one conversation may be open at once, those of so many conversations, and for so long, in ms; older ones are over as they are. */
const open = 4;
const most = 256;
const patience = 60_000;

export type TurnParts = {
  readonly now: () => number;
  /** A stage was reached, so many ms after the one before it and after the first. */
  readonly onStage: (stage: Stage, ms: number, since: { stage: Stage; ms: number }) => void;
  readonly onOver: (turn: Turn) => void;
};

/** Puts the moments of turns together. What it holds is bounded, whatever is never finished. */
export function turns({ now, onStage, onOver }: TurnParts) {
  const talks = new Map<string, Open[]>();

  const over = (turn: Open) => onOver({ talk: turn.talk, reached: turn.reached, advised: turn.advised !== undefined });

  function forget(talk: string): void {
    for (const turn of talks.get(talk) ?? []) over(turn);
    talks.delete(talk);
  }

  /** The conversations that were silent the longest are the first in the map. */
  function forgetOld(at: number): void {
    for (const [talk, [...those]] of talks) {
      if (those.at(-1)!.latest > at - patience && talks.size <= most) return;
      forget(talk);
    }
  }

  function begin(talk: string, what: Partial<Open>): Open {
    const turn: Open = { talk, reached: {}, latest: now(), ...what };
    const those = talks.get(talk) ?? [];
    those.push(turn);
    if (those.length > open) over(those.shift()!);
    talks.delete(talk);
    talks.set(talk, those);
    return turn;
  }

  function reach(turn: Open, stage: Stage, at = now()): void {
    if (turn.reached[stage] !== undefined) return;
    const before = stages.slice(0, stages.indexOf(stage)).findLast((each) => turn.reached[each] !== undefined);
    const first = stages.find((each) => turn.reached[each] !== undefined);
    turn.reached[stage] = at;
    turn.latest = at;
    if (before && first) onStage(stage, at - turn.reached[before]!, { stage: first, ms: at - turn.reached[first]! });
  }

  function end(turn: Open): void {
    over(turn);
    const those = talks.get(turn.talk)?.filter((each) => each !== turn) ?? [];
    if (those.length > 0) talks.set(turn.talk, those);
    else talks.delete(turn.talk);
  }

  const endingAt = (talk: string, to: number) => talks.get(talk)?.findLast((turn) => turn.to !== undefined && Math.abs(turn.to - to) < 1);
  const about = (talk: string, said: number) => talks.get(talk)?.find((turn) => turn.said === said);

  function kept({ talk, entries, ms }: Extract<Happening, { type: 'kept' }>): void {
    for (const entry of entries) {
      // what is written in a chat is nobody's turn to be coached
      if (entry.type === 'said' && entry.via === 'voice') {
        const turn = (entry.to !== undefined && endingAt(talk, entry.to)) || begin(talk, {});
        turn.said = entry.seq;
        reach(turn, 'words_final', now() - ms);
        reach(turn, 'words_kept');
      }
      if (entry.type === 'advised' || entry.type === 'passed') {
        const turn = about(talk, entry.about);
        // what a later silence brings about the same words is no part of their turn
        if (turn?.reached.decided === undefined || turn.advised !== undefined) continue;
        reach(turn, 'verdict_kept');
        if (entry.type === 'passed') end(turn);
        else turn.advised = entry.seq;
      }
      if (entry.type === 'ended') forget(talk);
    }
  }

  return {
    note(happening: Happening): void {
      switch (happening.type) {
        case 'pause': {
          forgetOld(now());
          const turn = begin(happening.talk, { to: happening.to });
          reach(turn, 'speech_ended', now() - happening.late);
          reach(turn, 'pause_noticed');
          break;
        }
        case 'words':
          reach(endingAt(happening.talk, happening.to) ?? begin(happening.talk, { to: happening.to }), 'words_final');
          break;
        case 'kept':
          forgetOld(now());
          kept(happening);
          break;
        case 'decided': {
          const turn = about(happening.talk, happening.about);
          if (turn) reach(turn, 'decided');
          break;
        }
        case 'sounded': {
          const turn = talks.get(happening.talk)?.find(({ advised }) => advised === happening.about);
          if (!turn) break;
          reach(turn, 'first_sound');
          end(turn);
          break;
        }
        case 'erased':
          forget(happening.talk);
      }
    },
    /** Nothing more will happen: what is open is over. */
    close(): void {
      for (const talk of [...talks.keys()]) forget(talk);
    },
  };
}
