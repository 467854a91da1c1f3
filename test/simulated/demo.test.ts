import { expect, test } from 'vitest';
import { elevenLabsVoice } from '../../src/engines/elevenlabs/voice.ts';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import { childServer } from '../support/child-server.ts';
import { spoken } from '../support/dialogue.ts';
import { needs, titled } from '../support/needs.ts';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { joined, readWav } from '../support/wav.ts';
import { sphinxHears } from './hears.ts';
import { fliteSpeaks } from './speaks.ts';

const never = new AbortController().signal;
/** What is late is tested elsewhere. */
const unhurried = { first: 20_000, between: 20_000, total: 60_000 };

test('a simulated vendor speaks in words where a voice is brought, over its socket and over HTTP', async () => {
  const speaks = (await fliteSpeaks())!;
  const text = 'Name your number first.';
  const words = await speaks(text, 16_000);
  const vendor = await simulatedElevenLabs({ speaks });
  for (const model of ['eleven_flash_v2_5', 'eleven_v3']) {
    const voice = elevenLabsVoice({ key: 'one', url: vendor.url, voice: 'Rachel', model, clock: realClock, waits: unhurried });
    const parts: Int16Array[] = [];
    for await (const { data } of voice.speak(text, never)) parts.push(readWav(data).samples);
    const heard = joined(parts);
    expect(heard.subarray(0, words.length)).toEqual(words);
    await voice.close();
  }
  await vendor.close();
});

const found = await findPocketsphinx();
test.runIf(found?.libraries)(titled(found?.libraries, needs.pocketsphinx, 'what grows is heard on, and what is new from its beginning'), async () => {
  const hears = (await sphinxHears())!;
  const { samples } = await spoken([{ voice: 'slt', text: 'What salary do you expect for this position?' }]);
  const whole = hears(samples).map(({ text }) => text);
  expect(whole.length).toBeGreaterThan(4);
  expect(hears(samples.subarray(8_000)).length).toBeGreaterThan(3);
  let grown: string[] = [];
  for (let to = 8_000; to < samples.length; to += 8_000) grown = hears(samples.subarray(0, to)).map(({ text }) => text);
  expect(hears(samples).map(({ text }) => text).length).toBeGreaterThanOrEqual(grown.length);
  expect(grown.length).toBeGreaterThan(3);
});

test('npm run start:simulated says with what it hears and speaks', { timeout: 120_000 }, async () => {
  await using child = await childServer({ LOG_LEVEL: 'error' }, { script: ['tools/start.mjs', '--run', 'test/simulated/start.ts'] });
  expect(child.base).not.toBe('');
  expect(child.said()).toMatch(/These vendors are simulated: they hear (?:with PocketSphinx|only counted tones), .* and speak with flite\./);
});
