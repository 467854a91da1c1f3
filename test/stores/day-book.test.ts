import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { realClock } from '../../src/engines/real-clock.ts';
import { dayBook } from '../../src/stores/day-book.ts';
import { childServer } from '../support/child-server.ts';
import { newFolder } from '../support/new-folder.ts';
import { pullClient } from '../support/pull-client.ts';
import { interview } from '../support/served.ts';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';

const day = { date: '2026-11-21', spent: { heard: 1, tokens: 2, spoken: 3 } };

test('what a day has cost is there again; the last that was noted counts', async () => {
  const path = join(newFolder(), 'spent.json');
  const book = await dayBook(path, realClock);
  expect(book.before).toBeUndefined();
  book.note(day);
  for (let spoken = 4; spoken < 100; spoken += 1) book.note({ ...day, spent: { ...day.spent, spoken } });
  await book.close();
  expect((await dayBook(path, realClock)).before).toEqual({ ...day, spent: { ...day.spent, spoken: 99 } });
});

test.each(['', '{', '{"date":1,"spent":{}}', '{"date":"2026-11-21","spent":{"heard":-1}}', 'null'])(
  'a file that nobody understands (%j) is no empty one: the caps would not hold',
  async (text) => {
    const path = join(newFolder(), 'spent.json');
    writeFileSync(path, text);
    await expect(dayBook(path, realClock)).rejects.toThrow('it is not known what today has cost so far');
  },
);

test('what may be spent in a day is not spent once more after kill -9', { timeout: 120_000 }, async () => {
  const folder = newFolder();
  const elevenLabs = await simulatedElevenLabs();
  const start = () =>
    childServer({
      DATA_DIR: folder,
      BRAIN: 'reflexes',
      VOICE: 'elevenlabs',
      ELEVENLABS_API_KEY: 'one',
      ELEVENLABS_URL: elevenLabs.url,
      // nobody is late here, however busy the machine is
      BUDGETS: 'spokenPerDay=1,voiceFirst=30000,voiceBetween=30000,voiceTotal=60000',
    });
  /** Asks for advice in a session of its own; then tells whether its voice had to be another's. */
  const advised = async (base: string) => {
    const body = JSON.stringify(interview);
    const opened = await fetch(`${base}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { session_id } = (await opened.json()) as { session_id: string };
    const client = pullClient(`${base.replace('http', 'ws')}/ws/${session_id}`);
    await client.next('hello');
    const question = { type: 'said', text: 'What salary do you expect for this position?', speaker: 'other' };
    // a moment that has passed on a busy machine is asked about once more
    for (client.send(question); (await client.next('audio', 'silent')).type === 'silent'; ) client.send(question);
    return () => client.all.some(({ type, message }) => type === 'error' && String(message).startsWith('What speaking may cost in a day is spent.'));
  };
  {
    await using first = await start();
    const another = await advised(first.base);
    expect(another()).toBe(false);
    await expect.poll(() => readNoted(folder), { timeout: 30_000 }).toBeGreaterThan(0);
    await first.end('SIGKILL');
  }
  const spent = elevenLabs.billed.characters;
  {
    await using second = await start();
    const another = await advised(second.base);
    // sound waits for no disk, and why it is another's does
    await expect.poll(another, { timeout: 30_000 }).toBe(true);
  }
  expect(elevenLabs.billed.characters).toBe(spent);
  await elevenLabs.close();
});

function readNoted(folder: string): number {
  try {
    return (JSON.parse(readFileSync(join(folder, 'spent.json'), 'utf8')) as typeof day).spent.spoken;
  } catch {
    return 0;
  }
}
