import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { steadySlope } from '../support/heap-slope.ts';
import { planted } from '../support/planted.ts';
import type { SoakKind } from '../support/soak-lives.ts';
import { figure, isLong, tier } from '../support/tier.ts';

type Left = { kind: SoakKind; bytes: number; kept: number; open: object; awake: number };

const names: Record<SoakKind, string> = {
  sound: 'a session with sound',
  room: 'a room',
  desk: 'a session of the desk',
  talk: 'a talk',
  shared: 'a shared conversation',
};
const kinds = Object.keys(names) as SoakKind[];
const lives = tier({ quick: 96, long: 1_200 });
const warmUp = 24;
const most = 64;
const house = new URL('../../src/', import.meta.url);
/** What an engine learns about the code that it runs is nobody's leak: here it learns everything at once, and forgets nothing. */
const plainly = ['--no-opt', '--no-maglev', '--always-sparkplug', '--no-lazy-feedback-allocation', '--no-flush-bytecode'];
const timeout = isLong ? 3_600_000 : 600_000;

/** What is left of so many lives of these kinds, in a process of their own. */
async function leftOf(some: readonly SoakKind[], { before = 0, count = lives, patience = 400, src = house } = {}): Promise<Left[]> {
  const run = ['tools/start.mjs', '--run', 'test/support/soak-run.ts', some.join(), before, count, most, patience, src.href].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [...plainly, ...run], { timeout });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Left);
}

describe('T12 soak with sound and chats', () => {
  test(`${lives} lives of each kind leave nothing behind: no memory, no conversation, nothing open`, { timeout }, async () => {
    const [sound, chats] = await Promise.all([leftOf(['sound'], { before: warmUp }), leftOf(kinds.slice(1), { before: warmUp })]);
    const left = [...sound, ...chats];
    expect(left.map(({ kind, open, awake }) => ({ kind, open, awake }))).toEqual(kinds.map((kind) => ({ kind, open: {}, awake: 0 })));
    for (const { kind, bytes, kept } of left) {
      figure('T12', `lives of ${names[kind]}`, lives);
      figure('T12', `of ${names[kind]}, still held when it was over`, kept, { most: 0 });
      figure('T12', `bytes kept of ${names[kind]}`, bytes, { most });
    }
  });

  test('planted: a listener or a way of sound that is never taken away is seen in each kind', { timeout }, async () => {
    const chat = 'const mic = microphones.of(pass, guest, line);';
    const share = 'sealedHere(talk, data.username);';
    const listener = "parts.stop.addEventListener('abort', () => talk.close());";
    const copy = planted(
      { file: 'src/api/sound.ts', was: 'if (away === here && ways.get(talk.id) === way) ways.delete(talk.id);', is: '' },
      { file: 'src/api/chat-socket.ts', was: chat, is: `${chat} ${listener}` },
      { file: 'src/api/share-socket.ts', was: share, is: `${share} ${listener}` },
    );
    const left = await leftOf(kinds, { count: 24, patience: 20, src: new URL('src/', copy) });
    expect(left.map(({ kind }) => kind)).toEqual(kinds);
    for (const { kind, kept } of left) figure('T12', `planted, of ${names[kind]} still held`, kept, { least: 12 });
  });

  test('what is kept of each life is told from what is set up once, and from noise', () => {
    const noise = [0, 900, -700, 300, -200, 600, -800, 100];
    const points = (each: number, once = 0) => noise.map((wrong, at): [number, number] => [at * 24, at * 24 * each + wrong + (at > 3 ? once : 0)]);
    expect(steadySlope(points(0))).toBeLessThan(16);
    expect(steadySlope(points(0, 60_000))).toBeLessThan(16);
    expect(steadySlope(points(100))).toBeGreaterThan(64);
  });
});
