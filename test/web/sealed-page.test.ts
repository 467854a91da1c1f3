import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealedRoom } from '../../src/client/sealed-room.ts';
import { comeIn, person, textsOf, write } from '../support/chat-page.ts';
import { openChromium } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { look } from '../support/look.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';

/** Everything that a browser sends: addresses, bodies and what goes over sockets. */
function sentBy(page: Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${JSON.stringify(request.headers())} ${request.postDataBuffer()?.toString('latin1')}`));
  page.on('websocket', (socket) => {
    sent.push(socket.url());
    socket.on('framesent', ({ payload }) => sent.push(payload.toString()));
  });
  return sent;
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());

/** Opens an encrypted conversation; its whole link. */
async function opens(page: Page, base: string, topic: string, name: string): Promise<URL> {
  await page.goto(`${base}/conversations`);
  await page.fill('#topic', topic);
  await page.fill('#person-name', name);
  await page.check('#encrypt');
  await page.click('#open-conversation');
  await page.locator('.state[data-mood=live]').waitFor();
  return new URL(page.url());
}

inChromium('the page of an encrypted conversation', { timeout: 300_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test('two people read everything, and neither what is sent nor what is kept has a word of it', async () => {
    const folder = newFolder();
    await using service = await served({ STORE: 'sqlite', DATA_DIR: folder });
    const { page: ann, wrongs } = await person(browser, service.base, { permissions: ['clipboard-read', 'clipboard-write'] });
    const sent = sentBy(ann);
    const whole = await opens(ann, service.base, 'The heist', 'Annabel');
    const [, key = ''] = /^#key=([\w-]{43})$/.exec(whole.hash) ?? [];
    expect(key).not.toBe('');
    await ann.locator('h1', { hasText: 'The heist' }).waitFor();
    await ann.click('.copy');
    await ann.waitForFunction(async () => (await navigator.clipboard.readText()).includes('/conversation/'));
    expect(await ann.evaluate(() => navigator.clipboard.readText())).toBe(whole.href);

    const { page: ben, wrongs: others } = await person(browser, service.base);
    const sentToo = sentBy(ben);
    await comeIn(ben, whole.href, 'Benedict');
    await ben.locator('h1', { hasText: 'The heist' }).waitFor();
    await ann.locator('.people li', { hasText: 'Benedict' }).waitFor();
    await write(ben, 'Meet at the vault');
    const asked = ann.locator('.said.other', { hasText: 'Meet at the vault' });
    await asked.locator('b', { hasText: 'Benedict' }).waitFor();
    await asked.locator('.react').click();
    await asked.getByRole('button', { name: 'React with 👍' }).click();
    const own = ben.locator('.said.mine:not([data-state])', { hasText: 'Meet at the vault' });
    // the same feeling of two people is one, though no two are sealed alike
    await own.getByRole('button', { name: '👍 1 by Annabel' }).click();
    await asked.locator('.feeling', { hasText: '👍 2' }).waitFor();
    await asked.locator('.feeling[aria-pressed=true]').click();
    await own.getByRole('button', { name: '👍 1 by You' }).waitFor();

    await ann.setInputFiles('#file', { name: 'oaktree.txt', mimeType: 'text/plain', buffer: Buffer.from('dig behind the chapel') });
    const file = ben.locator('.said.other', { hasText: 'oaktree.txt' });
    const [download] = await Promise.all([ben.waitForEvent('download'), file.locator('.file').click()]);
    expect(download.suggestedFilename()).toBe('oaktree.txt');
    let bytes = '';
    for await (const piece of await download.createReadStream()) bytes += piece;
    expect(bytes).toBe('dig behind the chapel');

    // whoever comes back by the whole link reads it again, and goes on
    await ben.reload();
    await ben.locator('.said.mine', { hasText: 'Meet at the vault' }).waitFor();
    await ben.locator('.feeling', { hasText: '👍 1' }).waitFor();
    await ben.locator('.state[data-mood=live]').waitFor();
    await write(ben, 'At midnight');
    await ann.locator('.said.other', { hasText: 'At midnight' }).waitFor();
    expect(await ann.locator('#notice').isVisible()).toBe(false);

    const plain = ['heist', 'Annabel', 'Benedict', 'vault', 'midnight', 'oaktree', 'chapel', '👍', key];
    const leaks = (where: string) => plain.filter((word) => where.includes(word));
    expect(sent.length).toBeGreaterThan(20);
    expect([...sent, ...sentToo].flatMap(leaks)).toEqual([]);
    expect(service.log.flatMap(leaks)).toEqual([]);
    const log = JSON.stringify((await service.house.hub.find(whole.pathname.split('/').at(-1)!))!.entries);
    expect(log).toContain('aside1.');
    expect(leaks(log)).toEqual([]);
    const files = filesIn(folder);
    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((path) => plain.some((word) => readFileSync(path).includes(word)))).toEqual([]);
    // nor does this browser remember the key, or what it is about
    expect(await ann.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(new RegExp(`${key}|heist|vault`));
    expect([...wrongs, ...others]).toEqual([]);
    await ann.context().close();
    await ben.context().close();
  });

  test('without the key, or with a wrong one, it says what happened and what to do, and the whole link helps', async () => {
    await using service = await served();
    const { page: ann } = await person(browser, service.base);
    const whole = await opens(ann, service.base, 'The heist', 'Annabel');
    const bare = whole.origin + whole.pathname;

    const { page: cid, wrongs } = await person(browser, service.base);
    await cid.goto(bare);
    await cid.locator('[data-why=keyMissing] h1', { hasText: 'This conversation is encrypted' }).waitFor();
    expect(await cid.locator('main').textContent()).toContain('lacks its last part');
    expect(await cid.locator('main').textContent()).not.toContain('aside1');
    expect(await look(cid, 'sealed-without-key-en')).toEqual([]);
    await cid.goto('about:blank');
    await cid.goto(`${bare}#key=${(await sealedRoom()).key}`);
    await cid.locator('[data-why=keyWrong] h1', { hasText: 'This key does not open it' }).waitFor();
    await cid.goto('about:blank');
    await cid.goto(whole.href.slice(0, -3));
    await cid.locator('[data-why=keyWrong]').waitFor();
    await cid.fill('#whole-link', bare);
    await cid.click('#unlock');
    await cid.locator('#whole-link-wrong', { hasText: 'There is no key in that' }).waitFor();
    await cid.fill('#whole-link', ` ${whole.href} `);
    await cid.click('#unlock');
    await cid.fill('#person-name', 'Cid');
    await cid.click('#come-in');
    await cid.locator('h1', { hasText: 'The heist' }).waitFor();
    await cid.locator('.state[data-mood=live]').waitFor();
    // in the list of what is open there is no gibberish either
    await cid.goto(`${service.base}/conversations`);
    await cid.locator('#open-ones', { hasText: 'Encrypted conversation' }).waitFor();
    expect(await cid.locator('main').textContent()).not.toContain('aside1');
    expect(wrongs).toEqual([]);
    await ann.context().close();
    await cid.context().close();
  });

  test('what nobody with the key wrote is not shown as if somebody had, and what is not encrypted takes no secrets', async () => {
    await using service = await served();
    const { page: ann } = await person(browser, service.base);
    const whole = await opens(ann, service.base, 'The heist', 'Annabel');
    const id = whole.pathname.split('/').at(-1)!;
    const talk = (await service.house.hub.find(id))!;
    await write(ann, 'true words');
    await ann.locator('.said.mine:not([data-state])', { hasText: 'true words' }).waitFor();
    // as a service would that puts words into somebody's mouth: in plain text, by another key, or taken from another conversation
    const key = whole.hash.slice('#key='.length);
    await talk.append({ by: 'mallory', type: 'said', text: 'plain lie', via: 'text' });
    await talk.append({ by: 'mallory', type: 'said', text: await (await sealedRoom(undefined, id)).seal('lie'), via: 'text' });
    await talk.append({ by: 'mallory', type: 'said', text: await (await sealedRoom(key, 'another')).seal('moved'), via: 'text' });
    await talk.append({ by: 'mallory', type: 'said', text: await (await sealedRoom(key, id)).seal('true as well'), via: 'text' });
    await ann.locator('.said.other', { hasText: 'true as well' }).waitFor();
    const broken = 'This does not open with the key of your link: it was changed on the way, or sealed by another key.';
    expect(await textsOf(ann)).toEqual(['true words', broken, broken, broken, 'true as well']);

    const open = (await (await service.post('/api/conversations/create', { title: 'Open' })).json()) as { join_link: string };
    const { page: ben } = await person(browser, service.base);
    const sent = sentBy(ben);
    await ben.goto(open.join_link + whole.hash);
    await ben.locator('[data-why=notEncrypted]').waitFor();
    expect(sent.filter((each) => each.includes('socket.io'))).toEqual([]);
    await ann.context().close();
    await ben.context().close();
  });

  test.each(['en', 'de'] as const)('fits a phone and a laptop, can be read and hit (%s)', async (locale) => {
    await using service = await served();
    const dark = locale === 'de' && { colorScheme: 'dark' as const };
    const { page, wrongs } = await person(browser, service.base, { locale, ...dark });
    const wrong: string[] = [];
    await page.goto(`${service.base}/conversations`);
    await page.locator('#open-ones .hint:not([role])').waitFor();
    wrong.push(...(await look(page, `conversations-${locale}`)));
    await opens(page, service.base, locale === 'de' ? 'Sommer am See' : 'Summer at the lake', 'Ann');
    wrong.push(...(await look(page, `sealed-empty-${locale}`)));
    await write(page, locale === 'de' ? 'Wer bringt das Boot mit?' : 'Who brings the boat?');
    await page.locator('.said.mine:not([data-state])').waitFor();
    await page.click('#sealed-note summary');
    wrong.push(...(await look(page, `sealed-note-${locale}`)));
    expect(wrong).toEqual([]);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
