import { encoded, glued, type OpusOptions, type OpusPacket, opusHeadOf } from './opus-packets.ts';

const bytesOf = (value: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) % 256);
const idBytes = (id: number): Uint8Array => bytesOf(id, id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1);

/** A WebM element: its id, the length of its body in as few bytes as possible, its body. */
export function element(id: number, ...body: Uint8Array[]): Uint8Array {
  const whole = glued(body);
  const length = whole.length < 0x7f ? 1 : whole.length < 0x3fff ? 2 : whole.length < 0x1fffff ? 3 : 4;
  const size = bytesOf(whole.length, length);
  size[0]! |= 0x80 >> (length - 1);
  return glued([idBytes(id), size, whole]);
}

/** The head of an element that says a length of its own choice, in eight bytes; without one, «unknown». */
export const claimed = (id: number, size?: number): Uint8Array =>
  glued([idBytes(id), size === undefined ? Uint8Array.of(1, 255, 255, 255, 255, 255, 255, 255) : glued([Uint8Array.of(1), bytesOf(size, 7)])]);

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const number = (value: number): Uint8Array => bytesOf(value, value > 255 ? 2 : 1);

/** The first bytes of a recorder, as Chromium writes them. */
export function webmHeader({
  channels = 1,
  preSkip = 0,
  codec = 'A_OPUS',
  track = 1,
}: {
  channels?: 1 | 2;
  preSkip?: number;
  codec?: string;
  track?: number;
} = {}): Uint8Array {
  const entry = element(
    0xae,
    element(0xd7, number(track)),
    element(0x83, number(2)),
    element(0x86, text(codec)),
    element(0x63a2, opusHeadOf(channels, preSkip)),
    element(0xe1, element(0x9f, number(channels))),
  );
  return glued([
    element(0x1a45dfa3, element(0x4286, number(1)), element(0x4282, text('webm')), element(0x4287, number(4))),
    claimed(0x18538067),
    element(0x1549a966, element(0x2ad7b1, bytesOf(1_000_000, 3)), element(0x4d80, text('Aside'))),
    element(0x1654ae6b, entry),
  ]);
}

/** The beginning of a cluster of unknown length. */
export const clusterOf = (ms: number): Uint8Array => glued([claimed(0x1f43b675), element(0xe7, bytesOf(ms, 4))]);

/** A block of one packet; `flags` as WebM has them. */
export const blockOf = (packet: Uint8Array, ms: number, track = 1, flags = 0x80): Uint8Array =>
  element(0xa3, Uint8Array.of(0x80 | track, (ms >> 8) & 255, ms & 255, flags), packet);

type Pieces = { chunkMs?: number; preSkip?: number; clusterMs?: number };

/** One recording in pieces of about `chunkMs`, as MediaRecorder gives them: the header is in the first, borders mean nothing. */
export const webmOf = (samples: Int16Array, options: OpusOptions & Pieces = {}): Uint8Array[] => [...webmPieces(encoded(samples, options), options)];

/** The same from packets that exist already, or that come one by one. */
export function* webmPieces(
  packets: Iterable<OpusPacket>,
  { chunkMs = 100, preSkip = 0, clusterMs = 5000, channels = 1 }: Pieces & { channels?: 1 | 2 } = {},
): Generator<Uint8Array> {
  let open: Uint8Array[] = [webmHeader({ channels, preSkip })];
  let cluster = Number.NEGATIVE_INFINITY;
  let border = chunkMs;
  for (const { at, ms, bytes } of packets) {
    if (at - cluster >= clusterMs) {
      cluster = at;
      open.push(clusterOf(at));
    }
    open.push(blockOf(bytes, at - cluster));
    if (at + ms < border) continue;
    yield glued(open);
    open = [];
    border += chunkMs;
  }
  if (open.length > 0) yield glued(open);
}
