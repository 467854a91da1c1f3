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
          work: (model, spend) => counted(model.reply(prompt, stop), spend),
          mayRepeat: () => true,
          again: () => ({ type: 'again' }),
        },
        stop,
      ),
  };
}

async function* counted(pieces: AsyncIterable<Piece>, spend: (tokens: number) => void): AsyncGenerator<Piece, void, undefined> {
  for await (const piece of pieces) {
    if (piece.type === 'spent') spend(piece.tokensIn + piece.tokensOut);
    yield piece;
  }
}
