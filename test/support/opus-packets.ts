import { Encoder } from '@evan/opus';

/** How sound becomes Opus: bits a second, silence left out or not, length of a packet in ms, two equal channels or one. */
export type OpusOptions = { readonly bitrate?: number; readonly dtx?: boolean; readonly packetMs?: 10 | 20 | 40 | 60; readonly channels?: 1 | 2 };

/** One Opus packet and the place of its sound, in ms. */
export type OpusPacket = { readonly at: number; readonly ms: number; readonly bytes: Uint8Array };

/** Encodes 16 kHz mono sound as browsers do: voice, variable bit rate. What does not fill the last packet is filled with silence. */
export const opusPackets = (samples: Int16Array, options: OpusOptions = {}): OpusPacket[] => [...encoded(samples, options)];

/** The same, each packet when it is asked for. */
export function* encoded(
  samples: Int16Array,
  { bitrate = 24_000, dtx = false, packetMs = 20, channels = 1 }: OpusOptions = {},
): Generator<OpusPacket> {
  const encoder = new Encoder({ channels, sample_rate: 16_000, application: 'voip' });
  encoder.bitrate = bitrate;
  // made-up speech is so even that the encoder would take it for music
  encoder.signal = 'voice';
  encoder.dtx = dtx;
  const size = packetMs * 16;
  for (let at = 0; at < samples.length; at += size) {
    const frame = new Int16Array(size * channels);
    for (let index = 0; index < size; index += 1) frame.fill(samples[at + index] ?? 0, index * channels, (index + 1) * channels);
    yield { at: at / 16, ms: packetMs, bytes: encoder.encode(frame) };
  }
}

/** The `OpusHead` of both containers. */
export function opusHeadOf(channels: 1 | 2, preSkip = 0): Uint8Array {
  const bytes = new Uint8Array(19);
  bytes.set(new TextEncoder().encode('OpusHead'));
  const view = new DataView(bytes.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, channels);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, 48_000, true);
  return bytes;
}

/** Several pieces of bytes as one. */
export function glued(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
