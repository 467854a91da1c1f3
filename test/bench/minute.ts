import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RATE } from '../../src/core/ports.ts';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { childServer } from '../support/child-server.ts';
import { chromiumPath, openChromium, openPage } from '../support/chromium.ts';
import { spoken } from '../support/dialogue.ts';
import { newFolder } from '../support/new-folder.ts';
import { joined } from '../support/wav.ts';
import { begin } from '../support/web-page.ts';
import { quantile } from './bench-measure.ts';

/** What people are asked first. */
const questions = [
  'What salary do you expect?',
  'Can you tell me about a time when you solved a hard problem?',
  'Why do you want to work for us?',
  'Do you have any questions for us?',
  'How do you deal with stress?',
  'What are your weaknesses?',
  'Where do you see yourself in five years?',
  'So, tell me about yourself.',
];

const services = {
  'as it starts without a key': { environment: { EARS: 'pocketsphinx' }, options: {} },
  'with simulated vendors': { environment: { EARS: 'elevenlabs' }, options: { script: ['tools/start.mjs', '--run', 'test/simulated/start.ts'] } },
};

/** From opening the page on a phone to the first suggestion, in s, with everything a new user does and hears between; or what the page shows where none comes within a minute. */
async function firstMinute(base: string, question: string): Promise<number | string> {
  const { samples } = await spoken([
    { voice: 'awb', text: "Hi, I'm Alex.", pauseMs: 1_500 },
    { voice: 'slt', text: question, pauseMs: 9_000 },
  ]);
  const sound = join(newFolder(), 'microphone.wav');
  // the pretended microphone begins before the session does
  writeFileSync(sound, wavFile(joined([new Int16Array(3 * RATE), samples]), RATE));
  const browser = await openChromium({ sound });
  try {
    const from = performance.now();
    const { page } = await openPage(browser, base, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await page.goto(base);
    await begin(page);
    const advice = page.locator('.whisper[data-mood=advice] .words').filter({ hasNotText: "Hi, I'm Alex." });
    const came = await advice.waitFor({ timeout: 60_000 }).then(
      () => true,
      () => false,
    );
    if (came) return (performance.now() - from) / 1_000;
    await page.click('#why summary');
    return (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
  } finally {
    await browser.close();
  }
}

/** A new user's first minute: whether a suggestion comes, whatever is asked first, and how soon. */
export async function bench(print: (line: string) => void): Promise<void> {
  if (!chromiumPath || !(await findPocketsphinx())) return print('Chromium and PocketSphinx are needed for this, and one of them is not here.');
  for (const [name, { environment, options }] of Object.entries(services)) {
    await using service = await childServer(environment, options);
    const took: (number | string)[] = [];
    for (const question of questions) took.push(await firstMinute(service.base, question));
    const came = took.filter((seconds) => typeof seconds === 'number');
    print(
      `opening the page on a phone, filling it in, “Hi, I'm Alex.”, a first question → the first suggestion, ${name}: ${came.length} of ${questions.length} questions, median ${quantile(came, 0.5).toFixed(0)} s, worst ${Math.max(...came).toFixed(0)} s (goal: each within 60)`,
    );
    for (const [index, shown] of took.entries()) if (typeof shown === 'string') print(`  none after “${questions[index]}”; the page shows: ${shown}`);
  }
}
