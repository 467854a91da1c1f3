import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginToWrite, comeIn, person, textsOf, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { served } from '../support/served.ts';

type Created = { join_link: string; room_id: string; token: string };

inChromium('the pages of shared conversations', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('by a link: messages, who writes, who is there, reactions, a file, and the end', async () => {
    await using service = await served();
    const { page: ann, wrongs } = await person(browser, service.base, { permissions: ['clipboard-read', 'clipboard-write'] });
    await ann.goto(`${service.base}/conversations`);
    await ann.locator('#open-ones', { hasText: 'Nobody has one open' }).waitFor();
    await ann.fill('#topic', 'Summer');
    await ann.fill('#person-name', 'Ann');
    await ann.click('#open-conversation');
    await ann.locator('.state[data-mood=live]').waitFor();
    await ann.locator('h1', { hasText: 'Summer' }).waitFor();
    await ann.click('.copy');
    await ann.waitForFunction(async () => (await navigator.clipboard.readText()).includes('/conversation/'));
    const link = await ann.evaluate(() => navigator.clipboard.readText());

    const { page: ben, wrongs: others } = await person(browser, service.base);
    await comeIn(ben, link, 'Ben');
    await ann.locator('.people li', { hasText: 'Ben' }).waitFor();
    await beginToWrite(ben, 'Who brings', ann, 'Ben');
    await ben.locator('#compose').pressSequentially(' the boat?');
    await ben.press('#compose', 'Enter');
    const asked = ann.locator('.said.other', { hasText: 'Who brings the boat?' });
    await asked.locator('.react').click();
    await asked.getByRole('button', { name: 'React with 👍' }).click();
    await ben.locator('.said.mine').getByRole('button', { name: '👍 1 by Ann' }).click();
    await asked.locator('.feeling', { hasText: '👍 2' }).waitFor();
    // it is taken back by the same button
    await asked.locator('.feeling[aria-pressed=true]').click();
    await asked.locator('.feeling', { hasText: '👍 1' }).waitFor();

    await ben.setInputFiles('#file', { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('oars, towels') });
    const file = ann.locator('.said.other', { hasText: 'list.txt' });
    const [download] = await Promise.all([ann.waitForEvent('download'), file.locator('.file').click()]);
    expect(download.suggestedFilename()).toBe('list.txt');
    let bytes = '';
    for await (const piece of await download.createReadStream()) bytes += piece;
    expect(bytes).toBe('oars, towels');
    // what may not be kept says why
    await ben.setInputFiles('#file', { name: 'x.html', mimeType: 'text/html', buffer: Buffer.from('<p>') });
    await ben.locator('#notice-text', { hasText: '“x.html” was not sent.' }).waitFor();

    // only whoever opened it is offered its end
    expect(await ben.locator('#end').count()).toBe(0);
    await ann.click('#end');
    await ann.click('#sure .danger');
    await ben.locator('#notice-text', { hasText: 'has ended' }).waitFor();
    expect(await ben.locator('#compose').isVisible()).toBe(false);
    expect(await ben.locator('#who-is-here').isVisible()).toBe(false);
    // it can still be read
    await ben.reload();
    await ben.locator('.said.mine', { hasText: 'Who brings the boat?' }).waitFor();
    await ben.locator('#notice-text', { hasText: 'has ended' }).waitFor();
    expect([...wrongs, ...others]).toEqual([]);
    await ann.context().close();
    await ben.context().close();
  });

  test('links that the service gives out lead in: to whoever has one, and by an invitation where one is needed', async () => {
    await using service = await served();
    const open = async (body: object) => (await (await service.post('/api/conversations/create', body)).json()) as Created;
    const { join_link } = await open({ title: 'Open', user_id: 'program' });
    const { page } = await person(browser, service.base);
    await comeIn(page, join_link, 'Ann');
    await page.locator('h1', { hasText: 'Open' }).waitFor();

    const closed = await open({ title: 'Closed', user_id: 'program', invited_only: true });
    await page.goto(closed.join_link);
    await page.locator('#notice-text', { hasText: 'There is nothing here under this address' }).waitFor();
    const answer = await fetch(`${service.base}/api/conversations/${closed.room_id}/invitations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${closed.token}` },
      body: '{"role":"talk"}',
    });
    const { link } = (await answer.json()) as { link: string };
    await page.goto('about:blank');
    await page.goto(link);
    await page.locator('.state[data-mood=live]').waitFor();
    await write(page, 'let in');
    await page.locator('.said.mine:not([data-state])', { hasText: 'let in' }).waitFor();
    await page.context().close();
  });

  test('what is written while the line is down is sent when it is back, once', async () => {
    await using service = await served();
    const created = (await (await service.post('/api/conversations/create', { title: 'Tunnel' })).json()) as Created;
    const { page: ann } = await person(browser, service.base);
    await comeIn(ann, created.join_link, 'Ann');
    const { page: ben } = await person(browser, service.base);
    await comeIn(ben, created.join_link, 'Ben');
    let cut = true;
    await ann.routeWebSocket(/socket\.io/, (socket) => (cut ? socket.close() : void socket.connectToServer()));
    await ann.reload();
    await ann.locator('.state[data-mood=lost]').waitFor();
    await write(ann, 'said in a tunnel');
    await ann.locator('.said[data-state=sending]').waitFor();
    await write(ben, 'meanwhile');
    cut = false;
    await ben.locator('.said.other', { hasText: 'said in a tunnel' }).waitFor();
    await ann.locator('.said.mine:not([data-state])', { hasText: 'said in a tunnel' }).waitFor();
    expect(await textsOf(ann)).toEqual(['meanwhile', 'said in a tunnel']);
    await ann.context().close();
    await ben.context().close();
  });
});
