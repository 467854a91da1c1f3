import type { Model, Piece, Serving } from '../core/ports.ts';
import { climbed, type Rung } from './ladder.ts';

/** Models over one another, for one conversation: what one began and did not finish is begun anew by the next. */
export function modelLadder(rungs: readonly Rung<Model>[], talk: string): Model<Serving> {
  return {
    reply: (prompt, stop) =>
      climbed<Model, Piece>(
        {
          rungs,
          code: 'brain_failed',
          talk,
          work: (model) => model.reply(prompt, stop),
          mayRepeat: () => true,
          again: () => ({ type: 'again' }),
        },
        stop,
      ),
  };
}
