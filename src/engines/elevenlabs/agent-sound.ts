import { RATE } from '../../core/ports.ts';
import { HIGH_RATE, upsampler } from '../upsampled.ts';
import { VendorProblem } from '../vendor-problem.ts';

/** Turns our sound into what an agent wants to hear, piece by piece in base64; an agent that wants anything else is refused. */
export function soundFor(format: string): (samples: Int16Array) => string {
  const raise = format === `pcm_${HIGH_RATE}` ? upsampler() : undefined;
  if (!raise && format !== `pcm_${RATE}`)
    throw new VendorProblem(
      'ears_failed',
      'The agent at ElevenLabs wants sound that Aside does not make. Set its input to PCM with 16000 Hz in its settings.',
      { fatal: true },
    );
  return (samples) => {
    const out = raise ? raise(samples) : samples;
    return Buffer.from(out.buffer, out.byteOffset, out.byteLength).toString('base64');
  };
}

/** How many samples a second the sound of an agent has; nothing where it is not of a kind that we play. */
export function rateOf(format: string): number | undefined {
  const [, rate] = /^pcm_(8000|16000|22050|24000|44100|48000)$/.exec(format) ?? [];
  return rate === undefined ? undefined : Number(rate);
}
