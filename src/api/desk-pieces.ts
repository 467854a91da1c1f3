import type { Entry } from '../core/entry.ts';
import { othersFirst } from '../core/flow.ts';
import { type Page, sessionOf } from './desk.ts';

/** About so many letters are written at a time. */
const piece = 65_536;

/** A session as JSON, piece by piece: others get their turn in between, and a long one never stands in memory as one text. */
export async function* sessionPieces(id: string, entries: readonly Entry[], page?: Page): AsyncGenerator<string, void, undefined> {
  const { messages, ...head } = sessionOf(id, entries, page);
  let text = `${JSON.stringify(head).slice(0, -1)},"messages":[`;
  for (const [index, message] of messages.entries()) {
    text += `${index > 0 ? ',' : ''}${JSON.stringify(message)}`;
    if (text.length < piece) continue;
    yield text;
    text = '';
    await othersFirst();
  }
  yield `${text}]}`;
}

/** All these sessions as one JSON list, each read when its turn comes. */
export async function* listPieces(ids: readonly string[], logOf: (id: string) => Promise<readonly Entry[]>): AsyncGenerator<string, void, undefined> {
  let before = '[';
  for (const id of ids) {
    const entries = await logOf(id);
    // it was erased meanwhile
    if (entries.length === 0) continue;
    yield before;
    yield* sessionPieces(id, entries);
    before = ',';
    await othersFirst();
  }
  yield before === '[' ? '[]' : ']';
}
