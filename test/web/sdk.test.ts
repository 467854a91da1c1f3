import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { RATE } from '../../src/core/ports.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';
import { figure } from '../support/tier.ts';
import { counting, toneEars } from '../support/tone-words.ts';
import { noteSounds } from '../support/web-page.ts';

const example = readFileSync('README.md', 'utf8')
  .split('\n### With the SDK\n')[1]!
  .match(/```html\n([\s\S]*?)```/)![1]!;

describe('the SDK', () => {
  test('it is one file of at most 12 kB, compressed, that asks for no other', () => {
    const file = readFileSync('dist/client.js');
    const kilobytes = gzipSync(file, { level: 9 }).length / 1_000;
    figure('pages', 'the SDK, kB', kilobytes, { most: 12 });
    expect(file.toString()).not.toMatch(/\bimport\s*[({'"]|\bfrom\s*['"]/);
    expect(statSync('dist/client.js.gz').size).toBeLessThanOrEqual(12_000);
  });

  test('its types need nothing but themselves, and know what may be asked for and what comes', () => {
    const folder = newFolder();
    const home = join(folder, 'node_modules/aside');
    mkdirSync(home, { recursive: true });
    for (const name of ['dist', 'package.json']) cpSync(name, join(home, name), { recursive: true });
    const compile = (wanted: string) => {
      writeFileSync(
        join(folder, 'page.ts'),
        `import { coach, Trouble } from 'aside/client';
const talk = await coach({ baseUrl: 'http://localhost:8000' }).start(${wanted});
for await (const event of talk.events) {
  if (event.type === 'suggestion') console.log(event.text.length, event.reply.toFixed());
  if (event.type === 'trouble' && event.trouble instanceof Trouble) console.log(event.trouble.code);
}
const stars: string[] = (await talk.finish()).stars;
console.log(stars, talk.level()?.toFixed());
export {};
`,
      );
      const options = ['--noEmit', '--strict', '--target', 'esnext', '--module', 'nodenext', '--lib', 'esnext,dom', '--types', ''];
      const { stdout } = spawnSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '--ignoreConfig', 'page.ts', ...options], {
        cwd: folder,
        encoding: 'utf8',
      });
      return stdout;
    };
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    expect(compile("{ context: 'a', goal: 'b', userName: 'c', tone: 'calm', settings: { cadence: 1 } }")).toBe('');
    expect(compile("{ context: 'a', goal: 'b' }")).toContain("'userName' is missing");
  });
});

inChromium('the example of the README with the SDK', {}, () => {
  test('pasted into a page of somebody else: words appear, a whisper is heard, and feedback comes in the end', { timeout: 115_000 }, async () => {
    const sound = join(newFolder(), 'microphone.wav');
    // counted on and on: the pretended microphone begins before the page does, and a busy machine may miss the first
    writeFileSync(
      sound,
      wavFile(
        counting(
          0,
          Array.from({ length: 20 }, () => 4),
        ),
        RATE,
      ),
    );
    let html = '';
    const pages = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(html)).listen(0, '127.0.0.1');
    await once(pages, 'listening');
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    await using service = await served({ ALLOWED_ORIGINS: origin }, toneEars);
    html = example.replaceAll('http://localhost:8000', service.base);
    const browser = await openChromium({ sound });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(30_000);
      const wrongs: string[] = [];
      page.on('pageerror', (error) => wrongs.push(error.message));
      const sounds = await noteSounds(page);
      await page.goto(origin);
      await page.click('#start');
      const talk = await expect
        .poll(() => service.house.hub.talks()[0], { timeout: 20_000 })
        .toBeDefined()
        .then(() => service.house.hub.talks()[0]!);
      await page.locator('#lines', { hasText: /: w\d/ }).waitFor();
      // whoever speaks silences a whisper, so help is asked for until there is a pause
      const loudest = async () => {
        await page.click('#help');
        return Math.max(0, ...(await sounds()).map((sound) => sound.loudest));
      };
      await expect.poll(loudest, { timeout: 50_000, interval: 1_500 }).toBeGreaterThan(0.05);
      await page.locator('#whisper:not(:text("Press Start"))').waitFor();
      await page.click('#finish');
      await page.locator('#lines', { hasText: '"takeaways"' }).waitFor();
      expect(wrongs).toEqual([]);
      expect(talk.entries.filter(({ type }) => type === 'ended')).toHaveLength(1);
    } finally {
      await browser.close();
      pages.close();
    }
  });
});
