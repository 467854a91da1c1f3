import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comeIn, person, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { look } from '../support/look.ts';
import { served } from '../support/served.ts';

/** Opens a conversation to which only invitations lead. */
async function opens(page: Page, base: string, encrypted = false): Promise<void> {
  await page.goto(`${base}/conversations`);
  await page.fill('#topic', 'Summer');
  await page.fill('#person-name', 'Ann');
  await page.check('#invited-only');
  if (encrypted) await page.check('#encrypt');
  await page.click('#open-conversation');
  await page.locator('.state[data-mood=live]').waitFor();
}

/** Makes an invitation on the page of whoever opened it, and leaves its dialog open. */
async function invites(page: Page, role: 'talk' | 'watch'): Promise<string> {
  await page.click('#invite-only');
  await page.selectOption('#invite-role', role);
  await page.selectOption('#invite-length', 'hour');
  await page.click('#invite-go');
  return page.locator('#invite-link').inputValue();
}

inChromium('what whoever opened a conversation does with it', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('invites to write or only to read, takes it back, searches, and erases; nobody else is offered that', async () => {
    await using service = await served();
    const { page: ann, wrongs } = await person(browser, service.base);
    await opens(ann, service.base);
    expect(await ann.locator('.copy').isVisible()).toBe(false);
    await ann.locator('.log .empty', { hasText: 'Press Invite above' }).waitFor();
    const watch = await invites(ann, 'watch');
    const wrong = await look(ann, 'share-invite-en');

    const { page: wes, wrongs: others } = await person(browser, service.base);
    await comeIn(wes, watch, 'Wes');
    await wes.locator('#watching', { hasText: 'invited to read along' }).waitFor();
    expect(await wes.locator('#compose, #owner, #invite-only, .copy').filter({ visible: true }).count()).toBe(0);
    await ann.click('#uninvite');
    await ann.locator('.invitation', { hasText: 'worth nothing any more' }).waitFor();
    await wes.locator('.note', { hasText: 'Your invitation to this conversation does not hold any more' }).waitFor();
    await ann.getByRole('button', { name: 'Close' }).click();

    const talk = await invites(ann, 'talk');
    await ann.getByRole('button', { name: 'Close' }).click();
    const { page: ben } = await person(browser, service.base);
    await comeIn(ben, talk, 'Ben');
    await write(ben, 'Who brings the boat?');
    await ben.locator('.said.mine:not([data-state])').waitFor();
    expect(await ben.locator('#owner, #end, #invite, #erase').count()).toBe(0);
    await ann.locator('.said.other', { hasText: 'boat' }).waitFor();
    await write(ann, 'I do.');
    await ben.locator('.said.other', { hasText: 'I do.' }).waitFor();

    await ben.click('#search');
    await ben.fill('#find', 'boat oars');
    await ben.click('#find-go');
    await ben.locator('.found', { hasText: 'Nobody said “boat oars” here' }).waitFor();
    await ben.fill('#find', 'boat');
    await ben.press('#find', 'Enter');
    await ben.locator('.found [data-message]', { hasText: 'Who brings the boat?' }).waitFor();
    wrong.push(...(await look(ben, 'share-find-en')));
    await ben.locator('.found [data-message]').click();
    await ben.locator('.said:focus', { hasText: 'Who brings the boat?' }).waitFor();

    wrong.push(...(await look(ann, 'share-owner-en')));
    await ann.click('#end');
    await ann.click('#sure .danger');
    await ann.locator('#notice-text', { hasText: 'has ended' }).waitFor();
    expect(await ann.locator('#end, #invite, #invite-only').filter({ visible: true }).count()).toBe(0);
    await ann.click('#erase');
    await ann.click('#sure .danger');
    await ann.waitForURL('**/conversations');
    await ann.locator('.visits', { hasText: 'None yet' }).waitFor();
    await ben.reload();
    await ben.locator('#notice-text', { hasText: 'There is nothing here under this address' }).waitFor();
    expect(wrong).toEqual([]);
    expect([...wrongs, ...others]).toEqual([]);
    for (const page of [ann, wes, ben]) await page.context().close();
  });

  test('an invitation to an encrypted conversation brings its key along, behind the # too', async () => {
    await using service = await served();
    const { page: ann } = await person(browser, service.base);
    await opens(ann, service.base, true);
    const key = new URL(ann.url()).hash.slice('#key='.length);
    const link = new URL(await invites(ann, 'talk'));
    expect(link.hash).toMatch(new RegExp(`^#token=[\\w-]+&key=${key}$`));
    await ann.getByRole('button', { name: 'Close' }).click();
    const { page: ben } = await person(browser, service.base);
    await comeIn(ben, link.href, 'Ben');
    await ben.locator('h1', { hasText: 'Summer' }).waitFor();
    await write(ben, 'It opens');
    await ann.locator('.said.other', { hasText: 'It opens' }).waitFor();
    expect(await ben.locator('#search').count()).toBe(0);

    // with the list goes the right of whoever opened it: that is asked first, and of nobody else
    for (const page of [ann, ben]) await page.goto(`${service.base}/conversations`);
    const removing = (page: Page) => page.getByRole('button', { name: /^Remove from this list: / });
    await removing(ben).click();
    await removing(ben).waitFor({ state: 'detached' });
    await removing(ann).click();
    await ann.locator('#sure', { hasText: 'only this browser knows so' }).waitFor();
    await ann.click('#sure [value=keep]');
    await removing(ann).click();
    await ann.click('#sure .danger');
    await removing(ann).waitFor({ state: 'detached' });
    await ann.context().close();
    await ben.context().close();
  });
});
