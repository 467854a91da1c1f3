import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { screens } from '../support/look.ts';
import { unmannerly } from '../support/page-manners.ts';
import { finished, heldAs, interviewOf, talked, verbatimEars } from '../support/past-talk.ts';
import { served } from '../support/served.ts';
import { begin, type } from '../support/web-page.ts';

const folder = new URL('../out/', import.meta.url).pathname;
const day = 24 * 3_600_000;
const noon = Date.parse('2026-03-02T12:00:00.000Z');

type Service = Awaited<ReturnType<typeof served>>;

/** A browser that holds these conversations. */
async function holding(browser: Browser, service: Service, held: readonly object[], options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, service.base, options);
  await opened.page.goto(`${service.base}/health`);
  await opened.page.evaluate((all) => localStorage.setItem('aside.held', all), JSON.stringify(held));
  return opened;
}

/** Three finished interviews with more and fewer fillers, and one that says too little. */
async function pastOf(service: Service) {
  const told = [];
  for (const [index, fillers] of [5, 3, 0].entries()) {
    const one = await talked(service, interviewOf({ rounds: 9, fillers }));
    await finished(service, one);
    told.push(heldAs(service.base, one, noon + index * 7 * day, `interview number ${index + 1}`));
  }
  const short = await talked(service, [
    ['user', "Hi, I'm Alex."],
    ['other', 'Welcome, Alex, to the quarterly dinosaur meeting.'],
  ]);
  await finished(service, short);
  return { told, short: heldAs(service.base, short, noon + 22 * day, 'a short one') };
}

inChromium('the history', {}, () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('what was held with the coach is there, is opened, forgotten here and erased there', { timeout: 180_000 }, async () => {
    await using service = await served({ VOICE: 'none' });
    const { page, wrongs } = await openPage(browser, service.base);
    await page.goto(`${service.base}/history`);
    await page.locator('#no-talks', { hasText: 'No conversation yet' }).waitFor();
    expect(await unmannerly(page)).toEqual([]);
    for (const goal of ['the first goal', 'the second goal']) {
      await page.goto(service.base);
      await begin(page, { user_name: 'Alex', context: 'A dinner', goal });
      await type(page, 'user', "Hi, I'm Alex.");
      await page.locator('#lines .line.user').waitFor();
      if (goal !== 'the first goal') continue;
      await page.click('#finish');
      await page.locator('#feedback-title:focus').waitFor();
    }
    await page.goto(`${service.base}/history`);
    await page.locator('.talk', { hasText: 'Still running' }).waitFor();
    const first = page.locator('.talk', { hasText: 'the first goal' });
    await first.locator('.open').waitFor();
    expect(await page.locator('.talk .goal').allTextContents()).toEqual(['the second goal', 'the first goal']);

    await first.locator('.open').click();
    await page.locator('#feedback-title:focus').waitFor();
    expect(await page.locator('.star').count()).toBe(2);
    await page.goBack();
    await first.waitFor();

    // looking at the list ends nothing
    const running = page.locator('.talk', { hasText: 'the second goal' });
    const logs = await Array.fromAsync(service.house.hub.list());
    expect(logs).toHaveLength(2);
    await running.locator('.forget').click();
    await page.click('#sure [value=keep]');
    await running.locator('.forget').click();
    await page.click('#sure [value=erase]');
    await running.waitFor({ state: 'detached' });
    expect(await Array.fromAsync(service.house.hub.list())).toHaveLength(2);
    await first.locator('.erase').click();
    await page.click('#sure [value=erase]');
    await page.locator('#no-talks').waitFor();
    expect(await Array.fromAsync(service.house.hub.list())).toHaveLength(1);
    await page.reload();
    await page.locator('#no-talks').waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('words that were said are found, and one that is gone at the service says so', { timeout: 180_000 }, async () => {
    await using service = await served({ VOICE: 'none' });
    const { told, short } = await pastOf(service);
    const lost = { ...short, id: '00000000-0000-4000-8000-000000000000', goal: 'long ago' };
    const { page, wrongs } = await holding(browser, service, [...told, short, lost]);
    await page.goto(`${service.base}/history`);
    await page.locator('.talk', { hasText: 'does not have it any more' }).waitFor();
    await page.locator('.trend').first().waitFor();
    await page.fill('#search', 'DINOSAUR');
    await page.locator('#search-result', { hasText: 'Said in one conversation.' }).waitFor();
    expect(await page.locator('.talk .goal').allTextContents()).toEqual(['a short one']);
    expect(await page.locator('.place mark').allTextContents()).toEqual(['dinosaur']);
    await page.fill('#search', '<b>nobody</b>');
    await page.locator('#search-result', { hasText: '<b>nobody</b>' }).waitFor();
    expect(await page.locator('.talk').count()).toBe(0);
    await page.fill('#search', '');
    expect(await page.locator('.talk').count()).toBe(5);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('with a key of the service its other conversations are found and opened as well', { timeout: 180_000 }, async () => {
    const key = 'the-key-of-this-house-for-a-test';
    await using service = await served({ VOICE: 'none', API_KEYS: key });
    const asked = await fetch(`${service.base}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ context: 'A museum', goal: 'see the bones', user_name: 'Alex' }),
    });
    const { session_id: id } = (await asked.json()) as { session_id: string };
    const talk = (await service.house.hub.find(id))!;
    await talk.append({ by: 'user', type: 'said', via: 'voice', text: 'Where is the dinosaur?', speaker: { who: 'user', probability: null } });
    await finished(service, { id, token: key });
    const { page, wrongs } = await openPage(browser, service.base);
    await page.addInitScript((known) => sessionStorage.setItem('aside.key', known), key);
    await page.goto(`${service.base}/history`);
    await page.fill('#search', 'dinosaur');
    await page.locator('#elsewhere a', { hasText: 'see the bones' }).click();
    await page.locator('#feedback-title:focus').waitFor();
    await page.locator('#whole .line', { hasText: 'Where is the dinosaur?' }).waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test.each(screens)('trends show how far each number can be trusted, at $name', { timeout: 180_000 }, async ({ name, ...how }) => {
    await using service = await served({ VOICE: 'none' }, verbatimEars);
    const { told, short } = await pastOf(service);
    const { page, wrongs } = await holding(browser, service, [...told, short], { ...how, timezoneId: 'UTC' });
    await page.goto(`${service.base}/history`);
    const pace = page.locator('.trend[data-subject=pace]');
    await pace.waitFor();
    expect(await pace.locator('svg .told .range').count()).toBe(3);
    expect(await pace.locator('svg .untold').count()).toBe(1);
    expect(await page.locator('.trend[data-subject=fillers] .trend-verdict').innerText()).toMatch(/Lower than|Niedriger als/);
    await page.screenshot({ path: `${folder}history-${name}.png` });
    await pace.locator('summary').click();
    const texts = how.locale === 'de-DE' ? ['Keine Änderung', 'wohl', 'zu wenig'] : ['No change that could be told', 'probably', 'too little'];
    expect(await pace.locator('.trend-verdict').innerText()).toContain(texts[0]);
    expect(await pace.locator('tr').first().innerText()).toContain(texts[1]);
    expect(await pace.locator('tr').last().innerText()).toMatch(new RegExp(`${texts[2]}|not measured|nicht gemessen`));
    expect(await unmannerly(page)).toEqual([]);
    await pace.locator('summary').click();
    await page.screenshot({ path: `${folder}history-${name}-whole.png`, fullPage: true });
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
