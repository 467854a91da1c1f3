import { RATE } from '../../src/core/ports.ts';
import { type FliteName, fliteVoice } from '../../src/engines/local/flite-voice.ts';
import { joined, readWav } from './wav.ts';

/** A line of a dialogue to be spoken, and the silence after it. */
export type Line = { readonly voice: FliteName; readonly text: string; readonly pauseMs?: number };

/** Where a line is in the sound, in ms. */
export type Turn = { readonly from: number; readonly to: number; readonly text: string; readonly voice: FliteName };

const never = new AbortController().signal;

/** A dialogue spoken by the embedded voices, as 16 kHz sound that begins with a second of near silence, and who says what when. */
export async function spoken(lines: readonly Line[]): Promise<{ samples: Int16Array; turns: Turn[] }> {
  const voice = fliteVoice();
  const parts: Int16Array[] = [hush(1000)];
  const turns: Turn[] = [];
  let at = RATE;
  try {
    for (const line of lines) {
      const pieces: Int16Array[] = [];
      for await (const piece of voice.as(line.voice).speak(line.text, never)) pieces.push(atHouseRate(readWav(piece.data)));
      const said = joined(pieces);
      const pause = hush(line.pauseMs ?? 900);
      turns.push({ from: (at * 1000) / RATE, to: ((at + said.length) * 1000) / RATE, text: line.text, voice: line.voice });
      parts.push(said, pause);
      at += said.length + pause.length;
    }
  } finally {
    await voice.close();
  }
  return { samples: joined(parts), turns };
}

/** The sound of one turn. */
export const soundOf = (samples: Int16Array, turn: Turn): Int16Array =>
  samples.subarray(Math.round((turn.from * RATE) / 1000), Math.round((turn.to * RATE) / 1000));

// digital silence is never heard in a room: one bit of noise, the same for ever
function hush(ms: number): Int16Array {
  let seed = 1;
  return Int16Array.from({ length: (ms * RATE) / 1000 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (seed >> 16) % 5 === 0 ? 1 : 0;
  });
}

// only kal has another rate, and 8 kHz doubles by halves
function atHouseRate({ rate, samples }: { rate: number; samples: Int16Array }): Int16Array {
  if (rate === RATE) return samples;
  return Int16Array.from({ length: Math.floor((samples.length * RATE) / rate) }, (_, index) => {
    const at = (index * rate) / RATE;
    const before = samples[Math.floor(at)] ?? 0;
    const after = samples[Math.min(samples.length - 1, Math.floor(at) + 1)] ?? 0;
    return before + (after - before) * (at % 1);
  });
}
