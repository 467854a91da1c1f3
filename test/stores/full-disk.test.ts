import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { coach } from '../../src/agents/coach.ts';
import { hub } from '../../src/core/hub.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { newFolder } from '../support/new-folder.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { wholeLog } from '../support/whole-log.ts';

const opening = { type: 'opened', kind: 'coach', title: '', user: 'Alex', context: 'an interview', goal: 'talk about salary' } as const;
const say = (text: string) => ({ by: 'user', type: 'said', via: 'voice', text, speaker: { who: 'other', probability: null } }) as const;

describe('a full disk', () => {
  test('S11 costs the line that did not fit, is told in one sentence, and is forgotten when there is room again', async () => {
    const store = await sqliteStore(join(newFolder(), 'aside.db'), { pages: 60 });
    const clock = virtualClock();
    let ids = 0;
    const house = hub({ store, clock, newId: () => `id-${++ids}`, agents: () => [coach({ clock })] });
    const [talk, greedy] = [await house.open('user', opening), await house.open('user', opening)];
    const news = talk.follow(0, new AbortController().signal);
    await talk.append(say('we are glad to see you'));
    for await (const each of news) if (each.type === 'passed' || each.type === 'advised') break;

    const fill = async (size: number): Promise<unknown> => {
      for (;;) {
        const problem = await greedy.append(say('x'.repeat(size))).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (problem) return problem;
      }
    };
    await fill(20_000);
    expect(await fill(500)).toMatchObject({ code: 'storage_full', message: expect.stringMatching(/^The disk is full, .*free some space/) });
    const before = talk.entries.length;
    await expect(talk.append(say('x'.repeat(4_000)))).rejects.toMatchObject({ code: 'storage_full' });
    expect(talk.entries.length).toBe(before);

    await house.erase(greedy.id);
    const line = await talk.append(say('what salary do you expect'));
    for await (const each of talk.follow(before, new AbortController().signal))
      if (each.type === 'advised') {
        expect(each.about).toBe(line.seq);
        break;
      }
    const kept = await wholeLog(store, talk.id);
    expect(kept.slice(0, line.seq)).toEqual(talk.entries.slice(0, line.seq));
    await house.close();
    await store.close();
  });
});
