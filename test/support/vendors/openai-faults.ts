import type { Fault, FaultName } from './faults.ts';
import type { Frame } from './openai-sse.ts';

/*
 * What each fault does where. `connect` is as the call is made, `first` instead of its first answer, `stream` in the middle.
 *
 * fault          over HTTP (model, speech, transcription, models)                    on the realtime socket
 * bad-key        connect, first: 401 · stream: as troubled                           connect: 401 · first: opened, error, 3000 · stream: error, 3000
 * quota          connect, first: 429 insufficient_quota · stream: as troubled        connect: 429 · then error, 1008
 * busy           connect, first: 429 without Retry-After · stream: as troubled       connect: 429 · then error, 1013
 * busy-until     the same with Retry-After                                           the same with Retry-After
 * broken         connect, first: 500 · stream: as troubled                           connect: 500 · first: error, 1011 · stream: a failed turn, error, 1011
 * refused        the line is reset: before the head, after it, in the middle         the same, with 1006
 * hang           nothing more comes: no head, no body, not the rest                  no upgrade, no session.created, nothing after the first of a turn
 * slow           a byte each 50 ms: the head, the body, the second half              the same
 * cut            FIN: without a head, after it, in the middle (between two events)     connect: FIN · then close 1000 without a reason
 * malformed      no HTTP · a body that is no message · in the middle                 no HTTP · frames that are no messages, then silence
 * unknown        an event (a field) of a megabyte that nobody knows, then all as usual; in phase stream behind the first words
 * session-limit  connect, first: 400, too long for it                                session_expired, 1001
 *                stream: cut off (length) where models write, otherwise as troubled
 * repeated       what ends the stream comes twice and turned round (JSON: nothing)   completed twice and the turns in the wrong order
 * empty          connect: 200 without a byte · first: an answer with nothing in it   turns without words
 *                stream: after the first words only empty ones (transcription: none)
 * endless        goes on for ever, as its kind of answer would                       deltas for ever, never completed
 *
 * As troubled: an error in the stream where streams have those (chat, Responses, events of sound), otherwise the line is reset.
 */

const ofTheLine: readonly FaultName[] = ['refused', 'hang', 'slow', 'cut', 'malformed'];

/** The fault if it is one of the line, which needs no words of the vendor. */
export const lineFault = (fault: Fault | undefined): Fault | null => (fault && ofTheLine.includes(fault.name) ? fault : null);

const inTrouble: readonly FaultName[] = ['bad-key', 'quota', 'busy', 'busy-until', 'broken'];

/** The fault if it tears a body that has no place for an error. */
export const tornBody = (fault: Fault | undefined): Fault | null =>
  lineFault(fault) ?? (fault?.phase === 'stream' && inTrouble.includes(fault.name) ? { name: 'refused', phase: 'stream' } : null);

/** Whether the vendor gets into trouble in the middle of a stream. */
export const troubled = (fault: Fault | undefined): boolean => fault?.phase === 'stream' && inTrouble.includes(fault.name);

/** Where no answer can be cut off, a limit in the middle is trouble like any other. */
export const withoutLimit = (fault: Fault | undefined): Fault | undefined =>
  fault?.name === 'session-limit' && fault.phase === 'stream' ? { name: 'broken', phase: 'stream' } : fault;

/** What nobody knows, and huge. */
export const unheardOf = { type: 'simulated.weather_report', padding: 'x'.repeat(1 << 20) } as const;

/** The fields of one message with those that nobody knows. */
export const withUnknown = (fault: Fault | undefined, body: object): object =>
  fault?.name === 'unknown' ? { ...body, weather_report: unheardOf } : body;

/** What goes wrong with the line of a stream of events; what is said between events goes wrong in `faulty`. */
export const streamFault = (fault: Fault | undefined): Fault | null =>
  fault?.name === 'malformed' || (fault?.name === 'cut' && fault.phase === 'stream') ? null : lineFault(fault);

/** Frames among which something goes wrong at the beginning or behind so many: one that nobody knows, one that is none, or the end. */
export async function* faulty(fault: Fault | undefined, frames: AsyncIterable<Frame>, middle: number, named: boolean): AsyncGenerator<Frame> {
  let left = fault?.phase === 'stream' ? middle : 0;
  for await (const frame of frames) {
    if (left-- === 0) {
      if (fault?.name === 'unknown') yield named ? { event: unheardOf.type, data: unheardOf } : { data: unheardOf };
      if (fault?.name === 'malformed') return yield { data: '{"this is no: [message' };
      if (fault?.name === 'cut') return;
    }
    yield frame;
  }
}

/** What ends a stream: usually once and in order. */
export const endings = (fault: Fault | undefined, frames: readonly Frame[]): readonly Frame[] =>
  fault?.name === 'repeated' ? [...[...frames].reverse(), ...frames] : frames;
