import { Decoder } from '@evan/opus';
import { RATE } from '../core/ports.ts';
import { type OpusTrack, packetSamples } from './opus-packet.ts';
import { unreadable } from './unreadable.ts';

/** Turns Opus packets into 16 kHz mono sound; two channels are mixed by the codec itself, before any work is done on the second. */
export function opusDecoder(track: OpusTrack): (packet: Uint8Array) => Int16Array {
  // the package falls back from its native build to its wasm build by itself
  const decoder = new Decoder({ channels: 1, sample_rate: RATE });
  if (track.gain !== 0) decoder.gain = track.gain;
  return (packet) => {
    packetSamples(packet);
    try {
      const bytes = decoder.decode(packet);
      return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
    } catch (cause) {
      throw unreadable('an Opus packet is damaged', cause);
    }
  };
}
