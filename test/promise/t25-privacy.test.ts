import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { compose } from '../../src/compose.ts';
import { type Fault, planted } from '../support/planted.ts';
import { consentStory, copyStory, eraseStory, forgetStory } from '../support/privacy-story.ts';
import { figure, tier } from '../support/tier.ts';

describe('T25 privacy that is true', () => {
  test('no sound is on disk before everybody agreed, none off the record, and none once the consent is taken back', async () => {
    const { before, agreed, expected, paused, after, remains, plain } = await consentStory();
    figure('T25', 'pieces of sound on disk before consent', before, { most: 0 });
    figure('T25', 'pieces of sound on disk after consent', agreed, { least: expected });
    figure('T25', 'pieces of sound on disk from off the record', paused, { most: 0 });
    figure('T25', 'pieces of sound on disk after the consent was taken back', after, { most: 0 });
    expect(remains).toEqual([]);
    expect(plain).toEqual([]);
  });

  test('what is forgotten is in no file, no answer and no advice, and clients are told which lines went', async () => {
    const { advised, told, dense, words, quoting, remains } = await forgetStory();
    expect(advised).toBe(true);
    expect(told.length).toBeGreaterThan(1);
    expect(dense).toBe(true);
    figure('T25', 'forgotten words still shown or kept', words, { most: 0 });
    figure('T25', 'entries that still quote what was forgotten', quoting, { most: 0 });
    expect(remains).toEqual([]);
  });

  test('erased while its microphone runs, nothing of it is left in any file or log line', async () => {
    const { status, code, ms, sounds, remains, logged } = await eraseStory();
    expect([status, code]).toEqual([200, 4004]);
    expect(sounds).toBeGreaterThan(0);
    expect(remains).toEqual([]);
    figure('T25', 'log lines with words or tokens of it', logged, { most: 0 });
    figure('T25', 'erased after, ms', Math.round(ms), { most: 5_000, soft: true });
  });

  test('exported and brought in elsewhere it is the same session under another name, without any token', async () => {
    const { id, document, status, session_id, token, before, after } = await copyStory();
    expect(status).toBe(200);
    expect(session_id).not.toBe(id);
    expect(document).not.toMatch(/"key"/);
    expect(document).not.toContain(token);
    const { entries, sounds } = JSON.parse(document) as { entries: object[]; sounds: object[] };
    expect(sounds.length).toBeGreaterThan(20);
    figure(
      'T25',
      'entries that export and import change',
      before.entries.filter((entry, index) => !isDeepStrictEqual(entry, after.entries[index])).length,
      {
        most: 0,
      },
    );
    expect(after).toEqual(before);
    expect(before.entries).toEqual(entries);
    expect(before.sound).toHaveLength(1);
  });

  const faults: Record<string, [Fault[], (composes: typeof compose) => Promise<boolean>]> = {
    'words that stay on disk when they are forgotten': [
      [{ file: 'src/core/conversation.ts', was: 'await scrub(unscrubbed);', is: '' }],
      async (composes) => (await forgetStory(composes)).remains.length > 0,
    ],
    'erasing that forgets the sound': [
      [
        { file: 'src/stores/sqlite-log.ts', was: 'this.#sounds.clear(id);', is: '' },
        { file: 'src/stores/asked-store.ts', was: 'await dropSounds(id).catch(() => undefined);', is: '' },
      ],
      async (composes) => (await eraseStory(composes)).remains.length > 0,
    ],
    'sound kept off the record': [
      [
        { file: 'src/api/tape.ts', was: ' || isPaused(entries)', is: '' },
        { file: 'src/api/tape.ts', was: /return !isOff\(.*\);/, is: 'return at >= 0;' },
      ],
      async (composes) => (await consentStory(composes)).paused > 0,
    ],
    'sound kept before anybody agreed': [
      [{ file: 'src/api/tape.ts', was: '!isAgreed(entries) || ', is: '' }],
      async (composes) => (await consentStory(composes)).before > 0,
    ],
    'erasing that leaves the key': [
      [{ file: 'src/stores/sqlite-log.ts', was: 'this.#conversations.drop(id);', is: '' }],
      async (composes) => (await eraseStory(composes)).remains.length > 0,
    ],
    'sound that stays when the consent is taken back': [
      [{ file: 'src/api/coach-socket.ts', was: 'await parts.tape.drop(talk.id)', is: 'await 0' }],
      async (composes) => (await consentStory(composes)).after > 0,
    ],
    'a copy that is brought in with other times': [
      [{ file: 'src/api/session-copy.ts', was: /return entry as Entry;\n {2}\}\);/, is: 'return { ...entry, at: entries[0]!.at } as Entry;\n  });' }],
      async (composes) => {
        const { before, after } = await copyStory(composes);
        return !isDeepStrictEqual(before.entries, after.entries);
      },
    ],
    'advice that stays when its line is forgotten': [
      [{ file: 'src/core/forgetting.ts', was: 'return [entry.about, ...entry.evidence];', is: 'return [];' }],
      async (composes) => (await forgetStory(composes)).quoting > 0,
    ],
  };
  test.each(tier({ quick: Object.keys(faults).slice(0, 4), long: Object.keys(faults) }))('planted: %s is caught', async (name) => {
    const [fault, isCaught] = faults[name]!;
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(...fault)).href)) as { compose: typeof compose };
    expect(await isCaught(copy.compose)).toBe(true);
  });
});
