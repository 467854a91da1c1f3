import { expect, test } from 'vitest';
import type { Sound, Voice } from '../../src/core/ports.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { wholeMp3 } from '../../src/engines/whole-mp3.ts';

const never = new AbortController().signal;
const halves: Sound[] = [
  { format: 'wav', data: wavFile(Int16Array.of(1, 2, 3), 16_000), ms: 200 },
  { format: 'wav', data: wavFile(Int16Array.of(4, 5), 16_000), ms: 300 },
];
const voice: Voice = {
  async *speak() {
    yield* halves;
  },
};

test('the whole suggestion is one piece, every sample in its order', async () => {
  const mp3 = wholeMp3(voice, async (samples, rate) => Uint8Array.of(...samples, rate / 1000));
  expect(await Array.fromAsync(mp3.speak('go on', never))).toEqual([{ format: 'mp3', data: Uint8Array.of(1, 2, 3, 4, 5, 16), ms: 500 }]);
});

test('what cannot be made smaller is spoken as it is', async () => {
  const mp3 = wholeMp3(voice, () => Promise.reject(new Error('ffmpeg has gone')));
  expect(await Array.fromAsync(mp3.speak('go on', never))).toEqual(halves);
});

test('stopped while it is made smaller, it is not spoken at all', async () => {
  const control = new AbortController();
  const mp3 = wholeMp3(voice, async () => {
    control.abort();
    throw control.signal.reason;
  });
  expect(await Array.fromAsync(mp3.speak('go on', control.signal))).toEqual([]);
});
