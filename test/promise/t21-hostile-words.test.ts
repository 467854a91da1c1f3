import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import { metricsOf } from '../../src/insight/metrics.ts';
import { childServer } from '../support/child-server.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { foreignElements } from '../support/foreign-elements.ts';
import { inChromium } from '../support/in-chromium.ts';
import { newFolder } from '../support/new-folder.ts';
import { payloads } from '../support/payloads.ts';
import { type Fault, planted } from '../support/planted.ts';
import { interview, served } from '../support/served.ts';
import { figure } from '../support/tier.ts';
import { begin, linesOf, type } from '../support/web-page.ts';

/** Payloads packed into texts of at most so many characters. */
function packed(most: number): string[] {
  const texts: string[] = [];
  for (const payload of payloads.filter(({ length }) => length <= most)) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + payload.length < most) texts[texts.length - 1] = `${last} ${payload}`;
    else texts.push(payload);
  }
  return texts;
}

/** What a page must never come to: scripts that ran, things that a policy had to stop, and elements that nobody put there. */
const harmOf = (page: Page) =>
  page.evaluate(
    (foreign) => ({
      ran: 'owned' in globalThis || 'owned' in Object.prototype,
      stopped: (globalThis as unknown as { stopped: string[] }).stopped,
      elements: document.querySelectorAll(foreign).length,
    }),
    foreignElements,
  );
const unharmed = { ran: false, stopped: [], elements: 0 };

inChromium('T21 in the page', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  async function watchedPage(base: string) {
    const { page, wrongs } = await openPage(browser, base);
    await page.addInitScript(() => {
      const stopped: string[] = [];
      Object.assign(globalThis, { stopped });
      document.addEventListener('securitypolicyviolation', (event) => stopped.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    await page.goto(base);
    return { page, wrongs };
  }

  test('a name, a context and a goal are only text', async () => {
    await using service = await served({ VOICE: 'none' });
    const { page, wrongs } = await watchedPage(service.base);
    const names = packed(190);
    const rest = packed(3900);
    for (const [index, text] of rest.entries()) {
      await begin(page, { user_name: names[index * 5]!, context: text, goal: rest[(index + 1) % rest.length]! });
      await page.locator('#live:not([hidden])').waitFor();
      await page.locator('#whisper-words', { hasText: /Hi/ }).waitFor();
      expect(await harmOf(page), text).toEqual(unharmed);
      // the next page offers to go on and names the goal of this one
      await page.goto(service.base);
      await page.locator('#notice:not([hidden])').waitFor();
      expect(await harmOf(page), text).toEqual(unharmed);
    }
    // all names at once, as no service would greet them
    const whole = payloads.join(' ').replaceAll("'", '');
    const answer = {
      session_id: crypto.randomUUID(),
      token: 'none',
      message: `Say 'Hi, ${whole}'`,
      ws_url: `${service.base.replace('http', 'ws')}/ws/none`,
    };
    await page.route('**/session', (route) => route.fulfill({ json: answer }));
    await begin(page);
    await page.locator('#whisper-words', { hasText: 'onerror' }).waitFor();
    expect(await harmOf(page)).toEqual(unharmed);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('what is said, whispered, corrected, reported and judged is only text', async () => {
    await using service = await served({ VOICE: 'none' });
    const { page, wrongs } = await watchedPage(service.base);
    const opened = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/session');
    await begin(page);
    const { session_id } = (await (await opened).json()) as { session_id: string };
    await page.locator('#whisper-words', { hasText: 'Alex' }).waitFor();
    const talk = (await service.house.hub.find(session_id))!;
    for (const [index, text] of payloads.entries()) {
      talk.signal({ type: 'partial', text, from: index });
      const { seq } = await talk.append({
        by: 'ear',
        type: 'said',
        text,
        via: 'voice',
        speaker: { who: index % 2 ? 'user' : 'other', probability: 0.9 },
      });
      if (index % 10 === 0) await talk.append({ by: 'ear', type: 'corrected', of: seq, text: `${text} ` });
      const { seq: of } = await talk.append({ by: 'coach', type: 'advised', text, kind: 'hint', about: seq, reason: text, evidence: [seq] });
      await talk.append({ by: 'coach', type: 'elaborated', of, text });
      await talk.append({ by: 'ear', type: index % 2 ? 'failed' : 'recovered', part: 'voice', code: text, message: text });
    }
    await talk.append({ by: 'ear', type: 'said', text: 'the last line', via: 'voice' });
    await page.locator('#lines .line', { hasText: 'the last line' }).waitFor();
    // half a character is written as one that says so
    const asText = (text: string) => text.toWellFormed().trim();
    const shown = new Set((await linesOf(page)).map(asText));
    expect(payloads.map(asText).filter((text) => !shown.has(text))).toEqual([]);
    expect(await harmOf(page)).toEqual(unharmed);

    const whole = payloads.join(' ');
    const metrics = { ...metricsOf(talk.entries, { overlap: false }), filler_words: Object.fromEntries(payloads.map((text) => [text, 1])) };
    await talk.append({
      by: 'reviewer',
      type: 'reviewed',
      review: {
        stars: [whole, whole],
        wish: whole,
        filler_percentage: 1,
        takeaways: [whole, whole, whole],
        summary_bullets: [whole, whole, whole],
        metrics,
        moments: payloads.map((text, seq) => ({ seq, at: null, quote: text, why: text })),
        engine: '<img src=x onerror=globalThis.owned=1>',
        degraded: false,
      },
    });
    await talk.append({ by: 'reviewer', type: 'ended', why: 'finished' });
    await page.locator('#feedback-title:focus').waitFor();
    const quotes = await page.locator('#moments q').allTextContents();
    expect(quotes.map(asText)).toEqual(payloads.map(asText));
    expect(await harmOf(page)).toEqual(unharmed);
    expect(new URL(page.url()).origin).toBe(service.base);
    expect(wrongs).toEqual([]);
    figure('T21', 'hostile words', new Set(payloads).size, { least: 200 });
    figure('T21', 'scripts that ran, requests elsewhere', wrongs.length, { most: 0 });
    await page.context().close();
  });

  test('an error is only text', async () => {
    await using service = await served({ VOICE: 'none' });
    const { page, wrongs } = await watchedPage(service.base);
    const detail = payloads.join(' ');
    await page.route('**/session', (route) => route.fulfill({ status: 422, json: { code: detail, title: detail, detail } }));
    await begin(page);
    await page.locator('#notice-text', { hasText: 'onerror' }).waitFor();
    expect(await harmOf(page)).toEqual(unharmed);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  test('planted: a page that takes words for HTML is caught', async () => {
    const copy = planted(
      {
        file: 'src/web/element.ts',
        was: /element\.append\(.*\);/,
        is: "for (const child of children) typeof child === 'string' ? element.insertAdjacentHTML('beforeend', child) : child && element.append(child);",
      },
      { file: 'src/web/transcript.ts', was: /words!\.textContent = text/, is: 'words!.innerHTML = text' },
      { file: 'src/api/pages.ts', was: "'content-security-policy': policyFor(", is: "'content-security-policy': ((..._parts: string[]) => '')(" },
    );
    await using service = await childServer({ VOICE: 'none', STORE: 'memory' }, { cwd: copy.pathname });
    const { page } = await watchedPage(service.base);
    await begin(page);
    await page.locator('#whisper-words', { hasText: 'Alex' }).waitFor();
    await type(page, 'other', '<img src=x onerror="globalThis.owned=1">');
    await page.waitForFunction(() => 'owned' in globalThis);
    expect(await harmOf(page)).not.toEqual(unharmed);
    await page.context().close();
  });
});

/** Asks every route for its headers: how many there are, how many of them are pages, and what is wrong with which. */
async function headersOf(composes = compose) {
  const routes: string[] = [];
  const house = await composes(readSettings({ STORE: 'memory', EARS: 'browser', VOICE: 'none', DATA_DIR: newFolder() }));
  const server = await house.server(pino({ level: 'silent' }), ({ method, url }) => routes.push(...[method].flat().map((each) => `${each} ${url}`)));
  await server.ready();
  const asked = [...new Set(routes), 'GET /nowhere', `GET /session/${'x'.repeat(300)}`, 'GET /%zz'].filter(
    (route) => !/^(HEAD|OPTIONS)|\/ws\//.test(route),
  );
  let pages = 0;
  const wrong: string[] = [];
  for (const route of asked) {
    const [method, url] = route.split(' ') as ['GET', string];
    const answer = await server.inject({ method, url: url.replace(/:\w+|\*/g, 'none'), headers: { accept: 'text/html' } });
    const { headers } = answer;
    const isPage = String(headers['content-type']).startsWith('text/html');
    const policy = String(headers['content-security-policy']);
    pages += isPage ? 1 : 0;
    if (headers['x-content-type-options'] !== 'nosniff' || headers['referrer-policy'] !== 'no-referrer') wrong.push(`${route}: ${answer.statusCode}`);
    const data = /json|text\/plain|undefined/.test(String(headers['content-type']));
    if (data && headers['cache-control'] !== 'no-store') wrong.push(`${route} may be kept: ${headers['cache-control']}`);
    for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'", "default-src 'self'"])
      if (isPage && !policy.split('; ').includes(part)) wrong.push(`${route} lacks ${part}`);
    // the libraries of the documentation make HTML of their own; nobody's words are in it
    if (isPage && !/docs|redoc/.test(url) && !policy.includes("require-trusted-types-for 'script'")) wrong.push(`${route} takes words for HTML`);
    if (isPage && !/docs|redoc/.test(url) && /unsafe|\*/.test(policy)) wrong.push(`${route} is too free`);
  }
  await server.close();
  await house.close();
  return { asked: asked.length, pages, wrong };
}

/** Puts these words everywhere and reads the log: lines that are not one line of the service's own words, and how many there are in all. */
async function logOf(texts: readonly string[], composes = compose) {
  await using service = await served({ VOICE: 'none' }, {}, composes);
  for (const text of texts.map((payload) => payload.toWellFormed().trim()).filter(Boolean)) {
    const short = text.slice(0, 200).toWellFormed().trim();
    const request = { context: text.slice(0, 4000), goal: text.slice(0, 4000), user_name: short, participants: text.slice(0, 4000), tone: short };
    const { id } = await service.session(request);
    const answer = await fetch(`${service.base}/session/${id}`);
    const { user_name, context } = (await answer.json()) as { user_name: string; context: string };
    expect({ user_name, context }).toEqual({ user_name: short, context: text.slice(0, 4000).trim() });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  }
  const keys = ['__proto__', 'constructor', 'prototype'].map(
    (key) => `{"context":"a","goal":"b","user_name":"c","consent":{"${key}":{"owned":1}},"${key}":{"owned":1}}`,
  );
  for (const body of keys) await service.post('/session', body);
  for (const text of texts.slice(0, 60))
    await service.post('/session', { ...interview, [text]: text, language: text, settings: { voice: text, [text]: 1 } });
  expect('owned' in Object.prototype).toBe(false);
  const lines = service.log.map((line) => [line, line.endsWith('\n') && JSON.parse(line)] as const);
  // an ending is one line feed; everything else that moves a cursor or begins a line was put there by somebody
  const control = (line: string) =>
    [...line.slice(0, -1)].some((letter) => letter < ' ' || (letter >= '\u007f' && letter <= '\u009f') || /[\u2028\u2029]/.test(letter));
  const bad = lines.filter(([line, read]) => !read || control(line) || /owned|evil\.example/.test(line));
  return { lines: lines.length, bad: bad.map(([line]) => line) };
}

describe('T21 in answers and logs', () => {
  test('every answer tells the browser to guess, keep and leak nothing; every page may run only what this service serves', async () => {
    const { asked, pages, wrong } = await headersOf();
    expect(wrong).toEqual([]);
    figure('T21', 'routes asked for their headers', asked, { least: 40 });
    figure('T21', 'pages among them, all with their policy', pages, { least: 3 });
  });

  test('words come back as they were sent, as JSON and nothing else; no name reaches a prototype; no log line tells or is forged', async () => {
    const { lines, bad } = await logOf(payloads);
    expect(lines).toBeGreaterThan(payloads.length);
    expect(bad.slice(0, 5)).toEqual([]);
    figure('T21', 'log lines that are not one line of the service’s own words', bad.length, { most: 0 });
  });

  const changed = async (fault: Fault) => (await import(new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };

  test.each<[string, Fault]>([
    ['lets the browser guess', { file: 'src/api/careful.ts', was: "'x-content-type-options': 'nosniff',", is: '' }],
    ['lets data be kept', { file: 'src/api/careful.ts', was: "'cache-control': 'no-store',", is: '' }],
    ['lets a page run anything', { file: 'src/api/pages.ts', was: '"script-src \'self\'",', is: '"script-src *",' }],
  ])('planted: a service that %s is caught', async (_, fault) => {
    expect((await headersOf((await changed(fault)).compose)).wrong).not.toEqual([]);
  });

  test('planted: a log line with somebody’s words in it is caught', async () => {
    const talkative = await changed({
      file: 'src/api/app.ts',
      was: /async \(request, reply\) =>\s+parts\.answered\((\{[^}]+\})\),/,
      is: `async (request, reply) => {
    request.log.info(JSON.stringify(request.body ?? ''));
    parts.answered({ method: request.method, route: 'any', status: reply.statusCode, ms: reply.elapsedTime });
  },`,
    });
    expect((await logOf(payloads.slice(0, 10), talkative.compose)).bad).not.toEqual([]);
  });
});
