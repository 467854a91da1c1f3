import { playlistsFor } from './payloads-of-sound.ts';

// decodes everything that asks for an address, with a decoder of this address of a folder like src; told to a process of its own, so that it can be watched
const [src = '', ...addresses] = process.argv.slice(2);
const { ffmpegDecoder } = (await import(new URL('engines/ffmpeg/decoder.ts', src).href)) as typeof import('../../src/engines/ffmpeg/decoder.ts');
const { mediaDecoder } = (await import(new URL('audio/media.ts', src).href)) as typeof import('../../src/audio/media.ts');

async function* once(bytes: Uint8Array) {
  yield bytes;
}
const stop = new AbortController().signal;
let decoded = 0;
for (const address of addresses)
  for (const [, bytes] of playlistsFor(address)) {
    // as a microphone would bring it, and then straight into ffmpeg, whatever it looks like
    for (const decoder of [mediaDecoder({ external: () => ffmpegDecoder() }), ffmpegDecoder()])
      try {
        for await (const piece of decoder.decode(once(bytes), stop)) decoded += piece.samples.length > 0 ? 1 : 0;
      } catch {
        // refused: nothing else was expected
      }
  }
process.stdout.write(JSON.stringify({ decoded }));
