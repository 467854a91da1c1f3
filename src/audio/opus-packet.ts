import { unreadable } from './unreadable.ts';

/** What a recording says about its Opus sound: how many channels, what to drop at the start (in 48 kHz samples), how loud (in 1/256 dB). */
export type OpusTrack = { readonly channels: 1 | 2; readonly preSkip: number; readonly gain: number };

/** The largest Opus packet there can be: 48 frames of 1,275 bytes and their lengths. */
export const LARGEST_PACKET = 61_440;

/** Reads the `OpusHead` that every container carries. */
export function opusHead(bytes: Uint8Array): OpusTrack {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 19 || view.getUint32(0) !== 0x4f707573 || view.getUint32(4) !== 0x48656164) throw unreadable('its Opus header is damaged');
  if (view.getUint8(8) >> 4 !== 0) throw unreadable('its Opus header is of a version that nobody has defined yet');
  const channels = view.getUint8(9);
  if ((channels !== 1 && channels !== 2) || view.getUint8(18) !== 0) throw unreadable(`it has ${channels} channels; one or two can be heard`);
  return { channels, preSkip: view.getUint16(10, true), gain: view.getInt16(16, true) };
}

/** Length of one frame in samples at 16 kHz, by the configuration in the first byte. */
function frameSamples(toc: number): number {
  const config = toc >> 3;
  if (config < 12) return [160, 320, 640, 960][config & 3]!;
  if (config < 16) return config & 1 ? 320 : 160;
  return 40 << (config & 3);
}

/** How many samples at 16 kHz a packet holds (2.5–120 ms); malformed ones are refused. */
export function packetSamples(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) throw unreadable('an Opus packet is empty');
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const samples = frames * frameSamples(toc);
  if (frames === 0 || samples > 1920) throw unreadable('an Opus packet has an impossible length');
  return samples;
}

/** Where each frame of a packet begins and how long it is. */
export type Frame = { readonly at: number; readonly size: number };

/** Takes a packet apart into its frames (RFC 6716 §3.2); malformed ones are refused. */
export function packetFrames(packet: Uint8Array): Frame[] {
  packetSamples(packet);
  const code = packet[0]! & 3;
  const wrong = () => unreadable('an Opus packet is damaged');
  let at = 1;
  let end = packet.length;
  const length = (): number => {
    const first = packet[at];
    if (first === undefined || at >= end) throw wrong();
    at += 1;
    if (first < 252) return first;
    const second = packet[at];
    if (second === undefined || at >= end) throw wrong();
    at += 1;
    return first + 4 * second;
  };
  const sizes: number[] = [];
  if (code === 0) sizes.push(end - at);
  else if (code === 1) {
    if ((end - at) % 2 !== 0) throw wrong();
    sizes.push((end - at) / 2, (end - at) / 2);
  } else if (code === 2) {
    const first = length();
    sizes.push(first, end - at - first);
  } else {
    const shape = packet[at]!;
    const count = shape & 63;
    at += 1;
    if (shape & 0x40) {
      for (let more = 255; more === 255; ) {
        more = packet[at] ?? -1;
        if (more < 0) throw wrong();
        at += 1;
        end -= more === 255 ? 254 : more;
      }
    }
    if (shape & 0x80) {
      for (let frame = 1; frame < count; frame += 1) sizes.push(length());
      sizes.push(end - at - sizes.reduce((sum, size) => sum + size, 0));
    } else {
      if (end < at || (end - at) % count !== 0) throw wrong();
      for (let frame = 0; frame < count; frame += 1) sizes.push((end - at) / count);
    }
  }
  return sizes.map((size) => {
    if (size < 0 || size > 1275) throw wrong();
    const frame = { at, size };
    at += size;
    return frame;
  });
}

/** Whether a packet's own header says that somebody speaks; `null` where the encoder does not say (music modes). Nothing is decoded. */
export function voiceFlag(packet: Uint8Array): boolean | null {
  const frames = packetFrames(packet);
  const toc = packet[0]!;
  const config = toc >> 3;
  if (packet.length <= 2) return false;
  // a music-mode frame tells only one thing: that it is digital silence (its first range-coded bit is one of 2^-15)
  if (config >= 16) {
    const silent = frames.every(({ at, size }) => size <= 1 || (packet[at] === 0xff && packet[at + 1]! >= 0xfe));
    return silent ? false : null;
  }
  const inner = Math.max(1, frameSamples(toc) / 320);
  const flags = (1 << inner) - 1;
  return frames.some(({ at, size }) => {
    if (size <= 1) return false;
    // SILK begins with one bit for each 20 ms, then one for redundancy; the same again for the side channel
    const first = packet[at]!;
    if ((first >> (8 - inner)) & flags) return true;
    return (toc & 4) !== 0 && ((first >> (8 - 2 * inner - 1)) & flags) !== 0;
  });
}
