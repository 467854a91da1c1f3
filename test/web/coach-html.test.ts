import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import { RATE } from '../../src/core/ports.ts';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { spoken } from '../support/dialogue.ts';
import { inChromium } from '../support/in-chromium.ts';
import { newFolder } from '../support/new-folder.ts';
import { gaps, noteSounds } from '../support/web-page.ts';

const file = readFileSync(new URL('../../fixtures/client/coach.html', import.meta.url), 'utf8');
const script = /<script type="module">\n([\s\S]*?)\n<\/script>/.exec(file)![1]!;

test('the client of the README has at most twenty lines', () => {
  expect(script.split('\n').length).toBeLessThanOrEqual(20);
});

inChromium('the client of the README', {}, () => {
  test('it works as it stands: sound goes in, a whisper comes out, feedback in the end', { timeout: 60_000 }, async () => {
    const pocketsphinx = await findPocketsphinx();
    const { samples } = await spoken([{ voice: 'awb', text: "Hi, I'm Alex.", pauseMs: 8_000 }]);
    const sound = join(newFolder(), 'microphone.wav');
    writeFileSync(sound, wavFile(samples, RATE));
    const house = await compose(readSettings({ STORE: 'memory', DATA_DIR: newFolder(), EARS: pocketsphinx ? 'pocketsphinx' : 'browser' }));
    const server = await house.server(pino({ level: 'silent' }));
    // a page of one's own has no policy but one's own
    server.get('/coach.html', (request, reply) =>
      reply
        .removeHeader('content-security-policy')
        .type('text/html')
        .send(file.replace('http://localhost:8000', `http://${request.host}`)),
    );
    const base = await server.listen({ port: 0, host: '127.0.0.1' });
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
      await talk.append({ by: 'user', type: 'asked', what: 'hint' });
      await page.locator('#whisper:not(:text("Press Start"))').waitFor();
      for await (const news of talk.follow(talk.entries.length, new AbortController().signal)) if (news.type === 'sound' && news.last) break;
      await page.waitForFunction(() => (globalThis as unknown as { noted: unknown[] }).noted.length > 1);
      expect(gaps(await sounds())).toEqual((await sounds()).slice(1).map(() => 0));
      expect(talk.entries.find((entry) => entry.type === 'segment')).toMatchObject({ format: 'webm' });
      await page.click('#finish');
      await page.locator('#lines', { hasText: '"takeaways"' }).waitFor();
      expect(wrongs).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
      await house.close();
    }
  });
});
