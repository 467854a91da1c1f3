import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginToWrite, comeIn, person, textsOf, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';

inChromium('the page of rooms', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('two people and the agents: everybody reads the same, whoever comes late reads what was before, and people lead', async () => {
    await using service = await served({}, { budgets: { agentsWait: 50 } });
    const { page: ann, wrongs } = await person(browser, service.base);
    await ann.goto(`${service.base}/rooms`);
    await ann.locator('.visits .hint', { hasText: 'No room yet' }).waitFor();
    await ann.fill('#person-name', 'Ann');
    await ann.click('#open-room');
    await ann.locator('.state[data-mood=live]').waitFor();
    await ann.locator('.empty', { hasText: 'Write the first thought' }).waitFor();
    await ann.locator('[data-person]', { hasText: 'Ann (You)' }).waitFor();
    // what each agent is like stands beside its name
    await ann.locator('.agent', { hasText: 'bold and playful' }).waitFor();
    await write(ann, 'How could a village get over its river?');
    await ann.locator('.said.agent', { hasText: 'Spark' }).waitFor();

    const { page: ben, wrongs: others } = await person(browser, service.base);
    await comeIn(ben, ann.url(), 'Ben');
    await ben.locator('.said.other', { hasText: 'over its river' }).waitFor();
    await ann.locator('.note', { hasText: 'Ben came in' }).waitFor();

    // an @ shows whom one can ask; the keyboard takes it
    await beginToWrite(ben, 'A bridge of rope, @th', ann, 'Ben');
    await ben.locator('#offers li', { hasText: '@thorn' }).waitFor();
    await ben.press('#compose', 'Tab');
    expect(await ben.inputValue('#compose')).toBe('A bridge of rope, @thorn ');
    await ben.press('#compose', 'Enter');
    await ann.locator('.said.agent', { hasText: 'Thorn' }).waitFor();

    await ann.click('#sum-up');
    await ben.locator('.said.observer').waitFor();

    // muted by a button, seen by both; whoever is muted does not answer
    await ann.locator('.agent', { hasText: 'Thorn' }).getByRole('button').click();
    await ben.locator('.note', { hasText: 'Ann asked thorn to be quiet' }).waitFor();
    await ben.locator('.agent', { hasText: 'quiet' }).filter({ hasText: 'Thorn' }).waitFor();
    await write(ben, '/agents');
    await ben.locator('.note', { hasText: '@thorn (muted)' }).waitFor();
    await ann.locator('#mute-all').click();
    await ann.locator('#mute-all', { hasText: 'Let all speak' }).waitFor();
    await write(ben, 'Nobody of you now.');
    await ann.locator('.said.other', { hasText: 'Nobody of you now.' }).waitFor();
    expect(await textsOf(ann)).toEqual(await textsOf(ben));

    // after a reload everything is there, and the list leads back
    const before = await textsOf(ann);
    await ann.reload();
    await ann.locator('.said.other', { hasText: 'Nobody of you now.' }).waitFor();
    expect(await textsOf(ann)).toEqual(before);
    await ann.click('.bar a');
    await ann.locator('.visits a', { hasText: 'How could a village get over its river?' }).click();
    await ann.locator('.said.observer').waitFor();
    expect([...wrongs, ...others]).toEqual([]);
    await ann.context().close();
    await ben.context().close();
  });

  test('what is written while the line is down is sent when it is back, once, and nothing that was missed is missing', async () => {
    await using service = await served();
    const { page: ann, wrongs } = await person(browser, service.base);
    await ann.goto(`${service.base}/rooms`);
    await ann.fill('#person-name', 'Ann');
    await ann.uncheck('#with-agents');
    await ann.click('#open-room');
    await ann.locator('.state[data-mood=live]').waitFor();
    await ann.locator('.people', { hasText: 'opened without agents' }).waitFor();
    const { page: ben } = await person(browser, service.base);
    await comeIn(ben, ann.url(), 'Ben');
    await ann.locator('.note', { hasText: 'Ben came in' }).waitFor();
    await ann.context().setOffline(true);
    // a browser that is offline keeps its open sockets: the service hangs up
    for (const socket of service.server.websocketServer.clients) socket.terminate();
    await ann.locator('.state[data-mood=lost]').waitFor();
    await write(ann, 'said in a tunnel');
    await ann.locator('.said[data-state=sending]').waitFor();
    await ben.locator('.state[data-mood=live]').waitFor();
    await write(ben, 'meanwhile');
    await ben.locator('.said:not([data-state])', { hasText: 'meanwhile' }).waitFor();
    await ann.context().setOffline(false);
    await ben.locator('.said.other', { hasText: 'said in a tunnel' }).waitFor();
    await ann.locator('.said:not([data-state])', { hasText: 'said in a tunnel' }).waitFor();
    expect(await textsOf(ann)).toEqual(['meanwhile', 'said in a tunnel']);
    expect(await textsOf(ben)).toEqual(['meanwhile', 'said in a tunnel']);
    expect(wrongs).toEqual([]);
    await ann.context().close();
    await ben.context().close();
  });

  test('a link that leads nowhere says so and what to do, in the language of the browser', async () => {
    await using service = await served();
    const { page } = await person(browser, service.base, { locale: 'de-DE' });
    await page.goto(`${service.base}/rooms`);
    await page.locator('h1', { hasText: 'Zusammen denken' }).waitFor();
    await page.fill('#join-link', 'nix');
    await page.click('#join');
    await page.locator('#notice-text', { hasText: 'weder der Link noch die Kennung' }).waitFor();
    await page.fill('#join-link', `${service.base}/rooms#2222-22222-2222`);
    await page.click('#join');
    await page.fill('#person-name', 'Eve');
    await page.click('#come-in');
    await page.locator('#notice-text', { hasText: 'Unter dieser Adresse ist nichts' }).waitFor();
    await page.context().close();
  });

  test('a service that asks for a key is given one, and whoever has the link needs none', async () => {
    const key = 'k'.repeat(24);
    await using service = await served({ API_KEYS: key });
    const { page: ann } = await person(browser, service.base);
    await ann.goto(`${service.base}/rooms`);
    await ann.fill('#person-name', 'Ann');
    await ann.click('#open-room');
    await ann.fill('#service-key', 'x'.repeat(24));
    await ann.click('#use-key');
    await ann.locator('dialog', { hasText: 'That is not a key of this Aside' }).waitFor();
    await ann.fill('#service-key', key);
    await ann.click('#use-key');
    await ann.locator('.state[data-mood=live]').waitFor();
    const { page: ben } = await person(browser, service.base);
    await comeIn(ben, ann.url(), 'Ben');
    await write(ben, 'hello');
    await ann.locator('.said.other', { hasText: 'hello' }).waitFor();
    await ann.context().close();
    await ben.context().close();
  });
});
