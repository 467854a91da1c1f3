import { byFfmpeg } from './ffmpeg-reference.ts';

/** One recording as a browser that speaks MP4 gives it: in fragments of 200 ms, each of which can be played when it is there. */
export function mp4Of(sound: Int16Array, codec = 'aac'): Uint8Array {
  const fragments = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '200000', '-f', 'mp4', '-'];
  const raw = ['-f', 's16le', '-ar', '16000', '-ac', '1', '-i', '-'];
  return byFfmpeg([...raw, '-ar', '48000', '-c:a', codec, '-b:a', '64k', ...fragments], new Uint8Array(sound.buffer));
}

/** The same, cut where its fragments begin; the header is with the first. */
export function fragmentsOf(mp4: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(mp4);
  const borders = [0];
  for (let at = bytes.indexOf('moof'); at >= 0; at = bytes.indexOf('moof', at + 4)) borders.push(at - 4);
  borders.splice(1, 1);
  return borders.map((from, index) => bytes.subarray(from, borders[index + 1]));
}
