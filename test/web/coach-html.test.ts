import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type Brought, compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import { type Detector, RATE } from '../../src/core/ports.ts';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { person } from '../support/chat-page.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { spoken } from '../support/dialogue.ts';
import { openFirefox } from '../support/firefox.ts';
import { inChromium } from '../support/in-chromium.ts';
import { inFirefox } from '../support/in-firefox.ts';
import { loudDetector } from '../support/listening.ts';
import { newFolder } from '../support/new-folder.ts';
import { toneEars } from '../support/tone-words.ts';
import { gaps, noteSounds } from '../support/web-page.ts';

const file = readFileSync(new URL('../../fixtures/client/coach.html', import.meta.url), 'utf8');
const script = /<script type="module">\n([\s\S]*?)\n<\/script>/.exec(file)![1]!;

test('the client of the README is the one that is tested here', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`html\n${file}\`\`\``);
});

test('the client of the README has at most twenty lines', () => {
  expect(script.split('\n').length).toBeLessThanOrEqual(20);
});

/** The service, and beside it the page as somebody who copied it would have it. */
async function hosted(environment: Record<string, string>, brought: Brought = {}) {
  const house = await compose(readSettings({ STORE: 'memory', DATA_DIR: newFolder(), ...environment }), brought);
  const server = await house.server(pino({ level: 'silent' }));
  // a page of one's own has no policy but one's own
  server.get('/coach.html', (request, reply) =>
    reply
      .removeHeader('content-security-policy')
      .type('text/html')
      .send(file.replace('http://localhost:8000', `http://${request.host}`)),
  );
  return {
    house,
    base: await server.listen({ port: 0, host: '127.0.0.1' }),
    async [Symbol.asyncDispose]() {
      await server.close();
      await house.close();
    },
  };
}

inChromium('the client of the README', {}, () => {
  test('it works as it stands: sound goes in, a whisper comes out, feedback in the end', { timeout: 60_000 }, async () => {
    const pocketsphinx = await findPocketsphinx();
    const { samples } = await spoken([{ voice: 'awb', text: "Hi, I'm Alex.", pauseMs: 8_000 }]);
    const sound = join(newFolder(), 'microphone.wav');
    writeFileSync(sound, wavFile(samples, RATE));
    await using service = await hosted({ EARS: pocketsphinx ? 'pocketsphinx' : 'browser' });
    const { base, house } = service;
    const browser = await openChromium({ sound });
    try {
      const { page, wrongs } = await openPage(browser, base);
      const sounds = await noteSounds(page);
      await page.goto(`${base}/coach.html`);
      const connected = page.waitForEvent('websocket');
      await page.click('#start');
      const id = /ws\/([0-9a-f-]{36})/.exec((await connected).url())![1]!;
      const talk = (await house.hub.find(id))!;
      if (pocketsphinx) {
        await page.locator('#lines', { hasText: 'user: ' }).waitFor();
        for await (const news of talk.follow(0, new AbortController().signal)) if (news.type === 'passed') break;
      }
      // listened for before it is asked for: what was signalled is not told again
      const spokenOut = (async () => {
        for await (const news of talk.follow(talk.entries.length, new AbortController().signal)) if (news.type === 'sound' && news.last) return;
      })();
      await talk.append({ by: 'user', type: 'asked', what: 'hint' });
      await page.locator('#whisper:not(:text("Press Start"))').waitFor();
      await spokenOut;
      await page.waitForFunction(() => (globalThis as unknown as { noted: unknown[] }).noted.length > 1);
      expect(gaps(await sounds())).toEqual((await sounds()).slice(1).map(() => 0));
      expect(talk.entries.find((entry) => entry.type === 'segment')).toMatchObject({ format: 'webm' });
      await page.click('#finish');
      await page.locator('#lines', { hasText: '"takeaways"' }).waitFor();
      expect(wrongs).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

inFirefox('the client of the README in Firefox', {}, () => {
  test('it works as it stands: the microphone hums until it is silenced, a whisper comes out, feedback in the end', {
    timeout: 180_000,
  }, async () => {
    const hummed = Promise.withResolvers<void>();
    const loud = loudDetector();
    let frames = 0;
    const detector: Detector = {
      ...loud,
      speech(samples) {
        const speech = loud.speech(samples);
        frames += speech;
        // longer than a word has to be
        if (frames > 30) hummed.resolve();
        return speech;
      },
    };
    await using service = await hosted({}, { ...toneEars, detector: () => detector });
    const browser = await openFirefox();
    try {
      const { page, wrongs } = await person(browser, service.base);
      const sounds = await noteSounds(page);
      await page.addInitScript(() => {
        // an empty page has no devices
        const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
        if (!ask) return;
        navigator.mediaDevices.getUserMedia = async (wanted) => {
          const stream = await ask(wanted);
          const silence = () => Object.assign(stream.getAudioTracks()[0]!, { enabled: false });
          return Object.assign(globalThis, { silence }) && stream;
        };
      });
      await page.goto(`${service.base}/coach.html`);
      await page.click('#start');
      await hummed.promise;
      await page.evaluate(() => void (globalThis as unknown as { silence(): void }).silence());
      await page.locator('#lines', { hasText: /: w\d+/ }).waitFor();
      const talk = service.house.hub.talks()[0]!;
      expect(talk.entries.find((entry) => entry.type === 'segment')).toMatchObject({ format: expect.stringMatching(/^(webm|ogg)$/) });
      await talk.append({ by: 'user', type: 'asked', what: 'hint' });
      await page.locator('#whisper:not(:text("Press Start"))').waitFor();
      const loudest = async () => Math.max(0, ...(await sounds()).map((sound) => sound.loudest));
      await expect.poll(loudest, { timeout: 40_000, interval: 200 }).toBeGreaterThan(0.05);
      await page.click('#finish');
      await page.locator('#lines', { hasText: '"takeaways"' }).waitFor();
      expect(wrongs).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
