import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { person, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { look } from '../support/look.ts';
import { served } from '../support/served.ts';
import { begin, noteSounds, type } from '../support/web-page.ts';

/** The wearer makes a link for a friend, and closes the dialog. */
async function invites(page: Page, name: string, role: 'whisper' | 'watch'): Promise<string> {
  await page.click('#invite');
  await page.fill('#invite-name', name);
  await page.selectOption('#invite-role', role);
  const made = page.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith('/tokens'));
  await page.click('#invite-go');
  const link = await page.locator('#invite-link').inputValue();
  // whoever asks the service by hand has the same link
  expect(((await (await made).json()) as { link: string }).link).toBe(link);
  await page.getByRole('button', { name: 'Close' }).click();
  return link;
}

const friend = (page: Page, name: string) => page.locator('#friends li', { hasText: name });

inChromium('a friend beside the wearer', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('comes by a link, reads along and whispers; the wearer sees and hears it as theirs, and sends them away', async () => {
    await using service = await served();
    const { page: alex, wrongs } = await person(browser, service.base);
    const sounds = await noteSounds(alex);
    await alex.goto(service.base);
    await begin(alex);
    await alex.locator('#state[data-mood=live]').waitFor();
    const link = await invites(alex, 'Ben', 'whisper');
    await friend(alex, 'Ben').filter({ hasText: 'may whisper · not here' }).waitFor();

    const { page: ben, wrongs: others } = await person(browser, service.base);
    await ben.goto(link);
    await ben.locator('h1', { hasText: 'Beside Alex' }).waitFor();
    await ben.locator('#compose').waitFor();
    await friend(alex, 'Ben').filter({ hasText: 'here now' }).waitFor();
    await type(alex, 'user', "Hi, I'm Alex.");
    await ben.locator('.line.user', { hasText: "Hi, I'm Alex." }).waitFor();
    expect(await ben.locator('.line.user .who').first().innerText()).toBe('Alex');
    expect(await ben.locator('#invite, #finish, #pause, #hint').count()).toBe(0);

    await write(ben, 'Ask who leads the team');
    await alex.locator('#whisper-kind', { hasText: 'Ben whispers' }).waitFor();
    expect(await alex.locator('#whisper-words').innerText()).toBe('Ask who leads the team');
    expect(await alex.locator('#useful, #useless').filter({ visible: true }).count()).toBe(0);
    await alex.locator('.line.friend', { hasText: 'Ben' }).filter({ hasText: 'Ask who leads the team' }).waitFor();
    await alex.waitForFunction(() => (globalThis as unknown as { noted: unknown[] }).noted.length > 0);
    expect((await sounds())[0]!.loudest).toBeGreaterThan(0.01);
    await ben.locator('#standing', { hasText: 'It is there' }).waitFor();
    const wrong = [...(await look(alex, 'friend-live-en')), ...(await look(ben, 'friend-en'))];

    // whoever is off the record is not whispered to, and what was written is not lost
    await alex.click('#pause');
    await ben.locator('#notice-text', { hasText: 'Alex is off the record' }).waitFor();
    await write(ben, 'Later then');
    await ben.locator('#notice-text', { hasText: 'so this was not whispered' }).waitFor();
    await alex.click('#pause');
    await alex.locator('#pause[aria-pressed=false]').waitFor();
    await ben.click('#notice-action');
    await alex.locator('.line.friend', { hasText: 'Later then' }).waitFor();

    // a page that is read anew still knows whom it let in
    await alex.reload();
    await alex.click('#notice-action');
    await friend(alex, 'Ben').filter({ hasText: 'here now' }).waitFor();
    await alex.getByRole('button', { name: 'End it for Ben' }).click();
    await ben.locator('#notice-text', { hasText: 'Your invitation does not hold any more' }).waitFor();
    expect(await ben.locator('#compose').isVisible()).toBe(false);
    expect(await friend(alex, 'Ben').count()).toBe(0);
    await ben.reload();
    await ben.locator('#notice-text', { hasText: 'the invitation has ended' }).waitFor();
    expect(wrong).toEqual([]);
    expect([...wrongs, ...others]).toEqual([]);
    for (const page of [alex, ben]) await page.context().close();
  });

  test('who may only read along cannot write, is told when it is over, and without its end a link lets nobody in', async () => {
    await using service = await served();
    const { page: alex, wrongs } = await person(browser, service.base, { locale: 'de-DE' });
    await alex.goto(service.base);
    await begin(alex);
    await alex.locator('#state[data-mood=live]').waitFor();
    await alex.click('#invite');
    await alex.fill('#invite-name', '<img src=x onerror=alert(1)>');
    await alex.selectOption('#invite-role', 'watch');
    await alex.click('#invite-go');
    const link = await alex.locator('#invite-link').inputValue();
    const wrong = await look(alex, 'friend-invite-de');
    await alex.getByRole('button', { name: 'Schließen', exact: true }).click();
    await friend(alex, '<img').filter({ hasText: 'liest mit · nicht da' }).waitFor();

    const { page: wes, wrongs: others } = await person(browser, service.base, { locale: 'de-DE', colorScheme: 'dark' });
    await wes.goto(link.split('#')[0]!);
    await wes.locator('#notice-text', { hasText: 'fehlt das Ende' }).waitFor();
    expect(await alex.locator('#state').getAttribute('data-mood')).toBe('live');
    await wes.goto(link);
    await wes.locator('#may', { hasText: 'lässt dich mitlesen' }).waitFor();
    await friend(alex, '<img').filter({ hasText: 'liest mit · gerade da' }).waitFor();
    expect(await wes.locator('#compose').isVisible()).toBe(false);
    wrong.push(...(await look(wes, 'friend-de')));
    await alex.click('#finish');
    await wes.locator('#notice-text', { hasText: 'Dieses Gespräch ist zu Ende' }).waitFor();
    expect(wrong).toEqual([]);
    expect([...wrongs, ...others]).toEqual([]);
    for (const page of [alex, wes]) await page.context().close();
  });
});
