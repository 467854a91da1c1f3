import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RATE } from '../../src/core/ports.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { hasFfmpeg } from '../support/ffmpeg-reference.ts';
import { inChromium } from '../support/in-chromium.ts';
import { needs } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';
import { counted, counting, toneEars } from '../support/tone-words.ts';
import { begin, linesOf } from '../support/web-page.ts';

inChromium('browsers that record other things', { timeout: 90_000 }, () => {
  test('one that writes MP4 only, as Safari does, is heard word for word', async (context) => {
    if (!hasFfmpeg) return context.skip(needs.ffmpeg);
    const sound = join(newFolder(), 'counting.wav');
    writeFileSync(sound, wavFile(counting(0, Array(10).fill(4)), RATE));
    await using service = await served({ VOICE: 'none' }, toneEars);
    const browser = await openChromium({ sound });
    try {
      const { page, wrongs } = await openPage(browser, service.base);
      await page.addInitScript(() => {
        const supports = MediaRecorder.isTypeSupported.bind(MediaRecorder);
        MediaRecorder.isTypeSupported = (type) => type.startsWith('audio/mp4') && supports(type);
      });
      await page.goto(service.base);
      await begin(page);
      await page
        .locator('#lines .line .text', { hasText: /\bw3\d$/ })
        .first()
        .waitFor({ timeout: 60_000 });
      const words = (await linesOf(page)).flatMap((text) => text.split(' '));
      // a busy machine may open the microphone after the first words
      expect(words).toEqual(counted(Number(words[0]!.slice(1)), words.length));
      expect(words.length).toBeGreaterThan(12);
      const talk = service.house.hub.talks()[0]!;
      const formats = talk.entries.flatMap((entry) => (entry.type === 'segment' ? [entry.format] : []));
      expect(new Set(formats)).toEqual(new Set(['mp4']));
      expect(wrongs).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
