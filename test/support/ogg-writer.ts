import { oggChecksum } from '../../src/audio/ogg.ts';
import { glued, type OpusOptions, opusHeadOf, opusPackets } from './opus-packets.ts';

/** What an Ogg page says about itself. */
export type PageOptions = {
  readonly serial?: number;
  readonly sequence?: number;
  readonly granule?: number;
  readonly first?: boolean;
  readonly continued?: boolean;
};

/** One Ogg page of whole packets; with `open` its last packet goes on in the next page (its length must then be a multiple of 255). */
export function pageOf(
  packets: readonly Uint8Array[],
  { serial = 7, sequence = 0, granule = 0, first = false, continued = false }: PageOptions = {},
  open = false,
): Uint8Array {
  const lacing: number[] = [];
  packets.forEach((packet, index) => {
    for (let left = packet.length; left >= 255; left -= 255) lacing.push(255);
    if (!(open && index === packets.length - 1)) lacing.push(packet.length % 255);
  });
  const head = new Uint8Array(27);
  head.set(new TextEncoder().encode('OggS'));
  const view = new DataView(head.buffer);
  view.setUint8(5, (continued ? 1 : 0) | (first ? 2 : 0));
  view.setUint32(6, granule, true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  view.setUint8(26, lacing.length);
  const page = glued([head, Uint8Array.from(lacing), ...packets]);
  new DataView(page.buffer).setUint32(22, oggChecksum(page), true);
  return page;
}

/** The two header pages of a recorder, as Firefox writes them. */
export function oggHeader({ channels = 1, preSkip = 0, serial = 7 }: { channels?: 1 | 2; preSkip?: number; serial?: number } = {}): Uint8Array {
  const vendor = new TextEncoder().encode('OpusTags\u0005\0\0\0Aside\0\0\0\0');
  return glued([pageOf([opusHeadOf(channels, preSkip)], { serial, first: true }), pageOf([vendor], { serial, sequence: 1 })]);
}

/** One Ogg recording: the header, then a page for every `chunkMs` of sound. */
export function oggOf(samples: Int16Array, options: OpusOptions & { chunkMs?: number; preSkip?: number; serial?: number } = {}): Uint8Array[] {
  const { chunkMs = 100, preSkip = 0, serial = 7, channels = 1 } = options;
  const chunks: Uint8Array[] = [oggHeader({ channels, preSkip, serial })];
  let open: Uint8Array[] = [];
  let border = chunkMs;
  const close = (ms: number) => {
    chunks.push(pageOf(open, { serial, sequence: chunks.length + 1, granule: ms * 48 }));
    open = [];
    border += chunkMs;
  };
  const packets = opusPackets(samples, options);
  for (const { at, ms, bytes } of packets) {
    open.push(bytes);
    if (at + ms >= border) close(at + ms);
  }
  if (open.length > 0) close(packets.length * (options.packetMs ?? 20));
  return chunks;
}

/** Ogg pages whose checksums are right again, so that harm reaches what is inside. */
export function withChecksums(bytes: Uint8Array): Uint8Array {
  const pages = bytes.slice();
  for (let at = 0; at + 27 < pages.length; at += 1) {
    if (pages[at] !== 0x4f || pages[at + 1] !== 0x67 || pages[at + 2] !== 0x67 || pages[at + 3] !== 0x53) continue;
    const count = pages[at + 26]!;
    const length = 27 + count + pages.subarray(at + 27, at + 27 + count).reduce((sum, size) => sum + size, 0);
    const page = pages.subarray(at, at + length);
    new DataView(page.buffer, page.byteOffset).setUint32(22, oggChecksum(page), true);
  }
  return pages;
}
