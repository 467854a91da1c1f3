/** The kinds of recording Aside can hear; `pcm` is bare s16le, 16 kHz, mono, without any header. */
export type Container = 'webm' | 'ogg' | 'mp4' | 'wav' | 'pcm';

/** How many bytes decide in the worst case. */
const SNIFF = 8;

const magics: readonly (readonly [Container, number, readonly number[]])[] = [
  ['webm', 0, [0x1a, 0x45, 0xdf, 0xa3]],
  ['ogg', 0, [...'OggS'].map((letter) => letter.charCodeAt(0))],
  ['wav', 0, [...'RIFF'].map((letter) => letter.charCodeAt(0))],
  // the size of an ftyp box is below 64 KiB, so its upper half is zero
  ['mp4', 0, [0, 0]],
];
const ftyp = [...'ftyp'].map((letter) => letter.charCodeAt(0));

const agrees = (bytes: Uint8Array, at: number, magic: readonly number[]): boolean =>
  magic.every((value, index) => at + index >= bytes.length || bytes[at + index] === value);

/** What a recording is, by its first bytes; `undefined` while they could still become something else. */
export function sniff(bytes: Uint8Array): Container | undefined {
  if (bytes.length === 0) return undefined;
  for (const [format, at, magic] of magics) {
    if (!agrees(bytes, at, magic)) continue;
    if (format !== 'mp4') return bytes.length >= magic.length ? format : undefined;
    if (agrees(bytes, 4, ftyp)) return bytes.length >= SNIFF ? 'mp4' : undefined;
  }
  return 'pcm';
}
