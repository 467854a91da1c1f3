import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { tools } from '../../src/agents/tools/all.ts';
import type { Tool } from '../../src/agents/tools/tool.ts';
import { openChromium, openPage } from '../support/chromium.ts';
import { inChromium } from '../support/in-chromium.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';
import { textClient } from '../support/text-client.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';

const section = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').split('\n## Talk\n')[1]!;
const block = (language: string): string => section.split(`\`\`\`${language}\n`)[1]!.split('```')[0]!;

inChromium('the page of the README', {}, () => {
  test('it shows the answer by showing whatever comes', { timeout: 60_000 }, async () => {
    const answer = 'A bridge is a structure <b>that</b> carries a road over a river.';
    const vendor = await simulatedOpenAi({ like: 'ollama', answers: () => answer });
    let page = '';
    const pages = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(page)).listen(0, '127.0.0.1');
    await once(pages, 'listening');
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    const house = await served({ OPENAI_BASE_URL: vendor.url, OPENAI_MODEL: 'simulated', VOICE: 'none', ALLOWED_ORIGINS: origin });
    page = block('html').replace('localhost:8000', new URL(house.base).host);
    const browser = await openChromium();
    try {
      const { page: tab, wrongs } = await openPage(browser, origin);
      const connected = tab.waitForEvent('websocket');
      await tab.goto(`${origin}/talk.html`);
      const socket = await connected;
      const frames: string[] = [];
      socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
      await tab.waitForFunction('socket.readyState === 1');
      await tab.fill('#say', 'What is a bridge?');
      await tab.press('#say', 'Enter');
      await tab.locator('#answer', { hasText: 'over a river.' }).waitFor();
      expect((await tab.locator('#answer').textContent())!.trim()).toBe(answer);
      expect(frames.length).toBeGreaterThan(5);
      expect(frames.join('')).toBe(answer);
      expect(wrongs).toEqual([]);
    } finally {
      await browser.close();
      await house[Symbol.asyncDispose]();
      await vendor.close();
      pages.close();
    }
  });
});

test('the tool of the README is ten lines, and works with a model and without one', { timeout: 60_000 }, async () => {
  const code = block('ts');
  expect(code.trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(10);
  const file = join(newFolder(), 'days-until.ts');
  const at = (path: string) => new URL(path, import.meta.url).href;
  writeFileSync(file, code.replace("'zod'", `'${import.meta.resolve('zod')}'`).replace("'./tool.ts'", `'${at('../../src/agents/tools/tool.ts')}'`));
  const { daysUntil } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { daysUntil: Tool };
  const own = [...tools, daysUntil];
  const ask = async (environment: Record<string, string>, question: string, enough: RegExp) => {
    await using house = await served(environment, { tools: own });
    const client = textClient(`${house.base.replace('http', 'ws')}/ws/session/${crypto.randomUUID()}`);
    await client.opened;
    client.send(question);
    return await client.until((text) => enough.test(text));
  };
  expect(await ask({}, 'How many days until 2999-12-31?', /until 2999/)).toMatch(/^\d{6} days until 2999-12-31\./);
  const vendor = await simulatedOpenAi({
    like: 'ollama',
    answers: ({ messages }) => {
      const { role, content } = messages.at(-1)!;
      return role === 'tool' ? `So: ${content}` : { tool: 'days_until', args: { date: '2999-12-31' } };
    },
  });
  expect(await ask({ OPENAI_BASE_URL: vendor.url, OPENAI_MODEL: 'simulated' }, 'How long until the year 3000?', /\}\}/)).toMatch(/"days":\d{6}/);
  await vendor.close();
});
