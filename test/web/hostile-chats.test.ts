import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comeIn, person, textsOf, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { foreignElements } from '../support/foreign-elements.ts';
import { attacks } from '../support/hostile-words.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';

/** Nothing on the page is more than words, and nothing ran. */
async function isHarmless(page: Page, base: string): Promise<void> {
  expect(await page.evaluate(() => 'owned' in globalThis)).toBe(false);
  expect(await page.locator(foreignElements).count()).toBe(0);
  expect(await page.locator(`a[href]:not([href^="/"], [href^="#"])`).count()).toBe(0);
  expect(new URL(page.url()).origin).toBe(base);
}

inChromium('hostile words in chats are only ever text', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('in a room: names and messages', async () => {
    await using service = await served();
    const { page, wrongs } = await person(browser, service.base);
    await page.goto(`${service.base}/rooms`);
    await page.fill('#person-name', attacks[1]!);
    await page.uncheck('#with-agents');
    await page.click('#open-room');
    await page.locator('.people', { hasText: attacks[1]! }).waitFor();
    for (const attack of attacks) await write(page, attack);
    await page.waitForFunction((count) => document.querySelectorAll('.said:not([data-state])').length === count, attacks.length);
    expect(await textsOf(page)).toEqual(attacks);
    const { page: other, wrongs: others } = await person(browser, service.base);
    await comeIn(other, page.url(), attacks[0]!);
    await page.locator('.note', { hasText: `${attacks[0]} came in` }).waitFor();
    await other.waitForFunction((count) => document.querySelectorAll('.said:not([data-state])').length === count, attacks.length);
    expect(await textsOf(other)).toEqual(attacks);
    await isHarmless(page, service.base);
    await isHarmless(other, service.base);
    // and in the list of rooms, which is called by the first words
    await page.click('.bar a');
    await page.locator('.visits a', { hasText: attacks[0]! }).waitFor();
    await isHarmless(page, service.base);
    expect([...wrongs, ...others]).toEqual([]);
    await page.context().close();
    await other.context().close();
  });

  test('in a shared conversation: title, name, messages, a reaction, the name of a file and where it is said to be', async () => {
    await using service = await served();
    const answer = await service.post('/api/conversations/create', { title: attacks[2] });
    const { join_link, room_id } = (await answer.json()) as { join_link: string; room_id: string };
    const { page, wrongs } = await person(browser, service.base);
    await comeIn(page, join_link, attacks[3]!);
    for (const attack of attacks) await write(page, attack);
    await page.waitForFunction((count) => document.querySelectorAll('.said:not([data-state])').length === count, attacks.length);
    const talk = (await service.house.hub.find(room_id))!;
    const first = talk.entries.find(({ type }) => type === 'said')!;
    await talk.append({ by: 'eve', type: 'reacted', of: first.seq, emoji: attacks[1]!, on: true });
    await page.locator('.feeling', { hasText: attacks[1]! }).waitFor();
    await page.setInputFiles('#file', { name: '<img src=x onerror=owned=1>.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await page.locator('.attached', { hasText: '<img src=x onerror=owned=1>.txt' }).waitFor();
    await isHarmless(page, service.base);
    await page.goto(`${service.base}/conversations`);
    await page.locator('#open-ones a', { hasText: attacks[2]! }).waitFor();
    await page.locator('.visits a', { hasText: attacks[2]! }).first().waitFor();
    await isHarmless(page, service.base);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('at the desk, in what is found there, and in a talk with what its tools give back', async () => {
    await using service = await served();
    const { id } = (await (await service.post('/api/sessions', { title: attacks[1] })).json()) as { id: string };
    for (const content of attacks) await service.post(`/api/sessions/${id}/messages`, { content: `trap ${content}`, sender: 'assistant' });
    const { page, wrongs } = await person(browser, service.base);
    await page.goto(`${service.base}/desk#${id}`);
    await page.waitForFunction((count) => document.querySelectorAll('.said').length === count, attacks.length);
    expect(await textsOf(page)).toEqual(attacks.map((attack) => `trap ${attack}`));
    await page.fill('#search', 'trap');
    await page.locator('.results mark').first().waitFor();
    await isHarmless(page, service.base);

    await page.goto(`${service.base}/talk#new`);
    await page.locator('.state[data-mood=live]').waitFor();
    const talk = service.house.hub.talks().find(({ entries }) => entries[0]?.type === 'opened' && entries[0].kind === 'talk')!;
    await talk.append({ by: 'assistant', type: 'called', call: 'call-1', tool: attacks[0]!, input: { [attacks[1]!]: attacks[2]! } });
    await talk.append({ by: 'assistant', type: 'returned', call: 'call-1', output: { error: attacks[1]! } });
    await page.locator('.use[data-state=failed]', { hasText: attacks[1]! }).waitFor();
    await page.locator('.use summary').click();
    await page.locator('.use dd', { hasText: attacks[2]! }).waitFor();
    await isHarmless(page, service.base);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
