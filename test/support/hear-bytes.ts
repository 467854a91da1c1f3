import { existsSync, readFileSync } from 'node:fs';
import type { Demuxer } from '../../src/audio/demuxer.ts';
import { type MediaOptions, mediaDecoder, type Segment } from '../../src/audio/media.ts';
import type { Pcm } from '../../src/core/ports.ts';
import type { Problem } from '../../src/core/problem.ts';
import { joined } from './wav.ts';

/** A stream of pieces that exist already. */
export async function* streamOf(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces;
}

/** Bytes cut at the given places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const borders = [0, ...[...places].sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index]!, end));
}

/** Bytes cut at random, into pieces of up to `most` bytes. */
export function cutAnywhere(bytes: Uint8Array, random: () => number, most: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + Math.floor(random() * most));
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

/** What a demuxer makes of these pieces: its packets, how it ended, and the most it ever kept. */
export function demuxed(demuxer: Demuxer, pieces: Iterable<Uint8Array>): { packets: Uint8Array[]; problem: unknown; most: number } {
  const packets: Uint8Array[] = [];
  let most = 0;
  try {
    for (const piece of pieces) {
      demuxer.push(piece, packets);
      most = Math.max(most, demuxer.buffered);
    }
  } catch (problem) {
    return { packets, problem, most };
  }
  return { packets, problem: undefined, most };
}

/** Everything that came out of a microphone's bytes. */
export type HeardBytes = { pcm: Pcm[]; samples: Int16Array; segments: Segment[]; problems: Problem[] };

/** Decodes pieces to the end. */
export async function heardBytes(pieces: Iterable<Uint8Array>, options: MediaOptions = {}): Promise<HeardBytes> {
  const segments: Segment[] = [];
  const problems: Problem[] = [];
  const pcm: Pcm[] = [];
  const decoder = mediaDecoder({ ...options, onSegment: (segment) => segments.push(segment), onBroken: (problem) => problems.push(problem) });
  for await (const piece of decoder.decode(streamOf(pieces), new AbortController().signal)) {
    // sound that goes back replaces what was there
    while ((pcm.at(-1)?.at ?? 0) >= piece.at && pcm.length > 0) pcm.pop();
    pcm.push(piece);
  }
  return { pcm, samples: joined(pcm.map(({ samples }) => samples)), segments, problems };
}

const browser = new URL('../../../shared/sound/browser/', import.meta.url);

/** The recordings of real browsers, where they are. */
export const recordings: readonly string[] = existsSync(browser)
  ? [
      'cr-webm-default.webm',
      'cr-webm-opus-1000ms.webm',
      'cr-webm-opus-16k.webm',
      'cr-webm-opus-20ms.webm',
      'cr-webm-opus-24k.webm',
      'cr-webm-opus-250ms.webm',
      'cr-webm-opus-32k.webm',
      'cr-webm-opus-stereo.webm',
      'ff-default.ogg',
      'ff-ogg-opus-24k.ogg',
      'ff-webm-opus-24k.webm',
    ]
  : [];

/** A recording of a real browser: its bytes, where it is, and the chunks in which the browser gave it. */
export function recording(name: string): { path: string; bytes: Uint8Array; chunks: Uint8Array[] } {
  const path = new URL(name, browser).pathname;
  const bytes = new Uint8Array(readFileSync(path));
  const notes: { chunks: { offset: number; size: number }[] } = JSON.parse(readFileSync(path.replace(/\.\w+$/, '.json'), 'utf8'));
  return { path, bytes, chunks: notes.chunks.map(({ offset, size }) => bytes.subarray(offset, offset + size)) };
}
