import { RATE, type Sound, type Voice } from '../../core/ports.ts';
import { wavFile } from '../wav-file.ts';

/** What a scripted voice does: how many pieces of which length, and whether it breaks before one of them. */
export type VoiceScript = { readonly pieces?: number; readonly pieceMs?: number; readonly rate?: number; failsAt?(text: string): number | undefined };

/** The tone (Hz) by which one hears which piece of a scripted text this is. */
export const toneOf = (index: number): number => 300 + 100 * (index % 20);

/** A voice that hums instead of speaking: one tone a piece, each higher than the one before, the same for the same text for ever. */
export function scriptedVoice(script: VoiceScript = {}): Voice {
  const { pieceMs = 250, rate = RATE } = script;
  return {
    async *speak(text, stop) {
      const count = script.pieces ?? text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
      const fails = script.failsAt?.(text);
      for (let index = 0; index < count && !stop.aborted; index++) {
        if (index === fails) throw new Error('the script says that the voice breaks here');
        yield hum(toneOf(index), pieceMs, rate);
      }
    },
  };
}

// whole periods, so that pieces begin and end at zero and join without a click
function hum(hertz: number, ms: number, rate: number): Sound {
  const period = rate / hertz;
  const length = Math.round(Math.round((ms * rate) / 1000 / period) * period);
  const samples = Int16Array.from({ length }, (_, index) => 8000 * Math.sin((2 * Math.PI * index) / period));
  return { format: 'wav', data: wavFile(samples, rate), ms: (length * 1000) / rate };
}
