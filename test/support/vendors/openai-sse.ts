import { faulty, streamFault } from './openai-faults.ts';
import type { Call, Visit } from './vendor-server.ts';

/** An event of a stream: its data, and its name where events have names. */
export type Frame = { readonly event?: string; readonly data: unknown };

/** What ends a stream of unnamed events. */
export const done: Frame = { data: '[DONE]' };

const written = ({ event, data }: Frame): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** Answers with a stream of events; what is to go wrong in the middle goes wrong behind so many. */
export const sendEvents = ({ call, stream }: Visit, frames: AsyncIterable<Frame>, middle: number, named = false): Promise<void> =>
  stream('text/event-stream; charset=utf-8', onTheWire(faulty(call.fault, frames, middle, named), call), {}, streamFault(call.fault), middle);

/** Frames as they go over the wire: a comment first, and a letter of several bytes always cut in two. */
async function* onTheWire(frames: AsyncIterable<Frame>, call: Call): AsyncGenerator<Uint8Array> {
  yield Buffer.from(': the simulated vendor is thinking\n\n');
  for await (const frame of frames) {
    call.sent.push(frame.event === undefined ? frame.data : { event: frame.event, data: frame.data });
    const bytes = Buffer.from(written(frame));
    const long = bytes.findIndex((byte) => byte >= 0xc0);
    if (long >= 0) {
      yield bytes.subarray(0, long + 1);
      // what is written in one turn of the event loop may arrive as one
      await new Promise((resolve) => setImmediate(resolve));
    }
    yield bytes.subarray(long + 1);
  }
}
