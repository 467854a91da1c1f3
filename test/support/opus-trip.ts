import { Decoder, Encoder } from '@evan/opus';
import { RATE } from '../../src/core/ports.ts';

/** What is left of a sound after a browser's microphone sent it through Opus. */
export function throughOpus(samples: Int16Array, bitrate = 24_000): Int16Array {
  const encoder = new Encoder({ channels: 1, sample_rate: RATE, application: 'voip' });
  encoder.bitrate = bitrate;
  const decoder = new Decoder({ channels: 1, sample_rate: RATE });
  const out = new Int16Array(samples.length);
  const size = RATE / 50;
  for (let at = 0; at + size <= samples.length; at += size) {
    const decoded = decoder.decode(encoder.encode(samples.slice(at, at + size)));
    out.set(new Int16Array(decoded.slice().buffer), at);
  }
  return out;
}
