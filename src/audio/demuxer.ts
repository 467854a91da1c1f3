import type { OpusTrack } from './opus-packet.ts';

/** Takes Opus packets out of a container whose bytes arrive cut anywhere. */
export interface Demuxer {
  /** Reads these bytes and adds each finished packet to `packets`; broken bytes throw a Problem, after the packets before them were added. */
  push(bytes: Uint8Array, packets: Uint8Array[]): void;
  /** The bytes before the first sound, once they are complete: enough to go on with this recorder elsewhere. */
  readonly header: Uint8Array | undefined;
  /** What the header says about the sound, once it is complete. */
  readonly track: OpusTrack | undefined;
  /** How many bytes are kept at this moment. */
  readonly buffered: number;
}

/** The largest header of a recorder that is accepted and kept. */
export const LARGEST_HEADER = 8192;
