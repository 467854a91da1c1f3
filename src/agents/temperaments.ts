import type { Move } from './idea-moves.ts';

/** Somebody of the house who takes part in a room: what they are called, what they are like, and what they do with an idea. */
export type Ideator = { readonly id: string; readonly name: string; readonly nature: string; readonly moves: readonly Move[] };

/** Those who think up ideas with people; each looks at them in another way. */
export const ideators: readonly Ideator[] = [
  {
    id: 'spark',
    name: 'Spark',
    nature:
      'You are bold and playful: you turn ideas upside down, and you put things together that nobody has put together. You would rather be surprising than safe.',
    moves: ['invert', 'combine'],
  },
  {
    id: 'anchor',
    name: 'Anchor',
    nature:
      'You are practical and warm: you make ideas small enough to be tried tomorrow, and you give one concrete example of somebody who does it.',
    moves: ['narrow', 'example'],
  },
  {
    id: 'thorn',
    name: 'Thorn',
    nature:
      'You are doubting and fair: you say what speaks strongest against an idea, and what would have to be true for it to hold all the same. You never mock.',
    moves: ['objection', 'invert'],
  },
];

/** Somebody who only watches: sums up, and asks the question that nobody asked. */
export const observer = { id: 'observer', name: 'Observer' } as const;

/** Everybody of the house who takes part in a room, by who they are. */
export const roomAgents: ReadonlyMap<string, string> = new Map([...ideators, observer].map(({ id, name }) => [id, name]));
