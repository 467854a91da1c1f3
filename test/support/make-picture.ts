import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RATE } from '../../src/core/ports.ts';
import { wavFile } from '../../src/engines/wav-file.ts';
import { openChromium } from './chromium.ts';
import { spoken } from './dialogue.ts';
import { interviewLines } from './interview.ts';
import { newFolder } from './new-folder.ts';
import { served } from './served.ts';
import { begin } from './web-page.ts';

// Makes docs/session.png, the picture of the README: the interview, heard through a browser's microphone.
const { samples } = await spoken(interviewLines);
const sound = join(newFolder(), 'microphone.wav');
writeFileSync(sound, wavFile(samples, RATE));
await using service = await served({ EARS: 'pocketsphinx' });
const browser = await openChromium({ sound });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5, baseURL: service.base });
await page.goto('/');
await begin(page);
await page.locator('.line', { hasText: /seven people/ }).waitFor({ timeout: 60_000 });
await page.locator('.whisper[data-mood=advice] .words', { hasText: /martin/i }).waitFor({ timeout: 20_000 });
await page.locator('.line.partial').waitFor({ timeout: 20_000 });
await page.screenshot({ path: process.argv[2] ?? 'docs/session.png' });
await browser.close();
process.exit();
