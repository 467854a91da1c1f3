import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { served } from '../support/served.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The example in a section of the README. */
const example = (section: string): string => {
  const text = readme.split(`# ${section}\n`)[1]!;
  return /```js\n([\s\S]*?)```/.exec(text)![1]!;
};

/** Runs it as it stands against the service at this address, until it has told what is waited for. */
async function run(code: string, base: string, until: RegExp): Promise<string> {
  const script = code.replaceAll('localhost:8000', new URL(base).host);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      told += chunk;
      if (until.test(told)) resolve();
    });
    child.stderr.on('data', (chunk) => reject(new Error(String(chunk))));
    child.once('exit', () => reject(new Error(`It ended after it had told “${told}”.`)));
  }).finally(() => child.kill());
  return told;
}

test('the example of “Rooms” works as it stands: who is called answers', { timeout: 60_000 }, async () => {
  await using house = await served({}, { budgets: { agentsWait: 1 } });
  expect(await run(example('Rooms'), house.base, /\n/)).toMatch(/^Spark: .*“village”/);
});

test('the example of “Desk” works as it stands: the answer comes, and what was said is found', { timeout: 60_000 }, async () => {
  await using house = await served();
  const told = await run(example('Desk'), house.base, /\]\n/);
  expect(told).toMatch(/^1 user: What is 15% of 80\?\n2 assistant: 15% of 80 = 12\n/);
  expect(told).toContain("'What is 15% of 80?'");
});

test('the example of “Share” works as it stands: what is said is told to everybody', { timeout: 60_000 }, async () => {
  await using house = await served();
  expect(await run(example('Share'), house.base, /\n/)).toMatch(/^Ann: Come in: http:.*\/conversation\/[a-z0-9-]{30}\n$/);
});

test('the example of “A friend who whispers” works as it stands, also where there are keys: a link to hand on, and what Ben whispers is told as his', {
  timeout: 60_000,
}, async () => {
  await using house = await served();
  const told = await run(example('A friend who whispers'), house.base, /From Ben.*\n/);
  expect(told).toMatch(/^Ben may come by http:\S+\/friend\/[\w-]{36}#token=[\w-]{43}\nFrom Ben: Ask who leads the team\n$/);
  await using keyed = await served({ API_KEYS: 'a-key-for-the-friend-of-the-readme' });
  const withKey = example('A friend who whispers').replace("'/session', undefined", "'/session', 'a-key-for-the-friend-of-the-readme'");
  expect(await run(withKey, keyed.base, /From Ben.*\n/)).toContain('\nFrom Ben: Ask who leads the team\n');
});

/** Each example, and the test that runs it. */
const examples: [string, string, string][] = [
  ['In twenty lines', 'html', 'test/web/coach-html.test.ts'],
  ['With the SDK', 'html', 'test/web/sdk.test.ts'],
  ['Rooms', 'js', 'test/api/readme.test.ts'],
  ['Desk', 'js', 'test/api/readme.test.ts'],
  ['Talk', 'html', 'test/api/talk-page.test.ts'],
  ['Talk', 'ts', 'test/api/talk-page.test.ts'],
  ['Share', 'js', 'test/api/readme.test.ts'],
  ['A friend who whispers', 'js', 'test/api/readme.test.ts'],
];

test('every example of the README is one that a test runs, and each of the five systems has one', () => {
  let section = '';
  const found = readme.split('\n').flatMap((line) => {
    section = /^#+ (.*)$/.exec(line)?.[1] ?? section;
    const [, language] = /^```(js|ts|html)$/.exec(line) ?? [];
    return language === undefined ? [] : [[section, language]];
  });
  expect(found).toEqual(examples.map(([section, language]) => [section, language]));
  for (const [, , path] of examples) expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')).toContain('README.md');
});

test('every test that the README calls as a witness is there', () => {
  const named = readme.matchAll(/`(test\/[\w./-]+\.ts)`/g);
  const missing = [...named].flatMap(([, path]) => (existsSync(new URL(`../../${path}`, import.meta.url)) ? [] : [path]));
  expect(missing).toEqual([]);
});
