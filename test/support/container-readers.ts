import { wavHeader } from '../../src/audio/wav.ts';
import { oggHeader } from './ogg-writer.ts';
import type { Format } from './webm-mutator.ts';
import { webmHeader } from './webm-writer.ts';

/** Something that takes bytes apart, as the fuzz sees it: what it made of them in the end, and how much it says it keeps. */
export type Reader = { push(bytes: Uint8Array): void; made(): Uint8Array[]; forget(): void; readonly kept: number };

/** A kind of reader, and which recordings it is given. */
export type Subject = { readonly name: string; readonly format: Format; readonly share: number; make(): Reader };

type Module<Name extends string> = Name extends 'webm.ts'
  ? typeof import('../../src/audio/webm.ts')
  : Name extends 'ogg.ts'
    ? typeof import('../../src/audio/ogg.ts')
    : Name extends 'fragments.ts'
      ? typeof import('../../src/audio/fragments.ts')
      : Name extends 'seams.ts'
        ? typeof import('../../src/audio/seams.ts')
        : typeof import('../../src/audio/wav.ts');

const asBytes = (samples: Int16Array): Uint8Array => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

/** The readers of a folder like src/audio: the real ones, or copies with a fault planted in them. */
export async function readersOf(audio: string): Promise<Subject[]> {
  const load = <const Name extends string>(name: Name): Promise<Module<Name>> => import(new URL(name, audio).href);
  const { WebmDemuxer } = await load('webm.ts');
  const { OggDemuxer } = await load('ogg.ts');
  const { FragmentsHeader } = await load('fragments.ts');
  const { Seams } = await load('seams.ts');
  const { WavReader } = await load('wav.ts');

  const demuxing = (demuxer: InstanceType<typeof WebmDemuxer> | InstanceType<typeof OggDemuxer>): Reader => {
    const packets: Uint8Array[] = [];
    return {
      push: (bytes) => demuxer.push(bytes, packets),
      made: () => (demuxer.header ? [Buffer.concat([demuxer.header, Buffer.from(JSON.stringify(demuxer.track))]), ...packets] : packets),
      forget() {
        packets.length = 0;
      },
      get kept() {
        return demuxer.buffered;
      },
    };
  };
  const waves = (reader: InstanceType<typeof WavReader>): Reader => {
    const sound: Uint8Array[] = [];
    return {
      push: (bytes) => void sound.push(...reader.push(bytes).map(asBytes)),
      made: () => [Buffer.concat([...sound, asBytes(reader.end()), reader.header ?? Buffer.of()])],
      forget() {
        sound.length = 0;
      },
      kept: 0,
    };
  };
  return [
    { name: 'WebM', format: 'webm', share: 50, make: () => demuxing(new WebmDemuxer()) },
    { name: 'WebM that goes on', format: 'webm', share: 14, make: () => demuxing(new WebmDemuxer(webmHeader())) },
    { name: 'Ogg', format: 'ogg', share: 22, make: () => demuxing(new OggDemuxer()) },
    { name: 'Ogg that goes on', format: 'ogg', share: 6, make: () => demuxing(new OggDemuxer(oggHeader())) },
    { name: 'Ogg that goes on from half a header', format: 'ogg', share: 0, make: () => demuxing(new OggDemuxer(oggHeader().subarray(0, 50))) },
    { name: 'WAV', format: 'wav', share: 1, make: () => waves(new WavReader()) },
    { name: 'WAV that goes on', format: 'wav', share: 0, make: () => waves(new WavReader(wavHeader(16_000, 1))) },
    {
      name: 'the front of MP4',
      format: 'mp4',
      share: 4,
      make() {
        const front = new FragmentsHeader();
        return { push: (bytes) => front.push(bytes), made: () => (front.header ? [front.header] : []), forget: () => undefined, kept: 0 };
      },
    },
    {
      name: 'the seams between recorders',
      format: 'webm',
      share: 3,
      make() {
        const seams = new Seams();
        const recorders: Uint8Array[][] = [[]];
        const note = (piece: { bytes: Uint8Array; starts: boolean }) => {
          if (piece.starts) recorders.push([]);
          recorders.at(-1)!.push(piece.bytes);
        };
        return {
          forget: () => recorders.splice(0, recorders.length, []),
          push: (bytes) => seams.push(bytes).forEach(note),
          made() {
            seams.end().forEach(note);
            return recorders.map((pieces) => Buffer.concat(pieces));
          },
          kept: 0,
        };
      },
    },
  ];
}
