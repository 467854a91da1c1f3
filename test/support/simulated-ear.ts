import type { ListenAgain } from '../../src/api/microphone.ts';
import { numberedSound } from '../../src/audio/numbered.ts';
import { record } from '../../src/audio/record.ts';
import { settling } from '../../src/audio/settling.ts';
import { type Clock, type Decoder, lasting, type Pcm, RATE } from '../../src/core/ports.ts';

/** What a piece of sound holds: one word or silence, for how many ms, and whether a recorder begins with it. */
export type PieceOfSound = { readonly word: number; readonly ms: number; readonly begins: boolean };

export function bytesOf({ word, ms, begins }: PieceOfSound): Uint8Array {
  const view = new DataView(new ArrayBuffer(7));
  view.setUint32(0, word);
  view.setUint16(4, ms);
  view.setUint8(6, begins ? 1 : 0);
  return new Uint8Array(view.buffer);
}

function pieceIn(bytes: Uint8Array): PieceOfSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { word: view.getUint32(0), ms: view.getUint16(4), begins: view.getUint8(6) === 1 };
}

/** Every recorder begins where it belongs, and goes on without a gap. */
function wordsDecoder(startAt: (continues: boolean) => number): Decoder {
  return {
    async *decode(stream, stop) {
      let at: number | undefined;
      for await (const bytes of stream) {
        if (stop.aborted) return;
        const { word, ms, begins } = pieceIn(bytes);
        if (begins) at = Math.max(at ?? 0, startAt(false));
        at ??= startAt(true);
        const samples = new Int16Array((RATE * ms) / 1_000);
        if (word > 0) samples.fill(word);
        const pcm: Pcm = { at, samples };
        at += ms;
        yield pcm;
      }
    },
  };
}

/** An ear that understands at once: a word a piece, and what stands between two silences is an utterance. What it hears twice, and what it lets go, is decided by the real bookkeeping. */
export function simulatedEar(clock: Clock, offTheRecord: (word: string) => void): ListenAgain {
  return async (talk, pieces, numbered, stop) => {
    const age = () => clock.now() - Date.parse(talk.entries[0]!.at);
    const { bytes, startAt, decoder, settle, finish } = numberedSound(talk, pieces, age, numbered);
    const progress = settling(settle);
    const tape = record(talk);
    let open: { words: string[]; from: number; to: number; onRecord: () => boolean; kept: (to: number) => void } | undefined;
    let order: Promise<unknown> = Promise.resolve();
    let failure: { error: unknown } | undefined;

    const close = () => {
      const over = open;
      open = undefined;
      if (!over) return;
      const { words, from, to, onRecord, kept } = over;
      order = order
        .then(async () => {
          if (failure || stop.aborted) return;
          if (!onRecord()) words.forEach(offTheRecord);
          else await talk.append({ by: 'ear', type: 'said', via: 'voice', text: words.join(' '), from, to });
          kept(to);
        })
        .catch((error) => {
          failure ??= { error };
        });
    };

    for await (const { at, samples } of decoder(wordsDecoder(startAt)).decode(bytes, stop)) {
      if (stop.aborted) return;
      const to = at + lasting(samples.length);
      const word = samples.at(-1)!;
      if (word !== 0) {
        open ??= { words: [], from: at, to, onRecord: tape.begin(), kept: progress.begin(at) };
        open.words.push(`w${word}`);
        open.to = to;
      } else {
        close();
        progress.quiet(to);
      }
      if (failure) throw failure.error;
    }
    close();
    await order;
    if (failure && !stop.aborted) throw failure.error;
    if (!stop.aborted) finish();
  };
}
