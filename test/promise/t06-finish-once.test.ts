import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import type { Feedback } from '../../src/wire/coach.ts';
import { toneServer } from '../support/child-server.ts';
import { feedbackFaults } from '../support/feedback-faults.ts';
import { freePort } from '../support/free-port.ts';
import { logOf } from '../support/history.ts';
import { loudDetector } from '../support/listening.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Fault, planted } from '../support/planted.ts';
import { recordingClient } from '../support/recording-client.ts';
import { served } from '../support/served.ts';
import { seeded } from '../support/speech-like.ts';
import { figure, isLong, tier } from '../support/tier.ts';
import { counting, toneTranscriber } from '../support/tone-words.ts';
import { webmOf } from '../support/webm-writer.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const kills = tier({ quick: 5, long: 50 });
const races = tier({ quick: 20, long: 300 });
const atOnce = 50;

const sound = webmOf(counting(0, [3, 4, 2]), { chunkMs: 100, bitrate: 24_000 });
const lines = [
  ['user', "Hi, I'm Alex."],
  ['other', 'Why should we hire you for this role?'],
  ['user', 'Because I led three migrations last year, um, and we cut the cost by forty percent.'],
  ['other', 'What salary do you expect?'],
  ['user', 'What does the team look like, and how do you decide what to build?'],
  ['other', 'We are eight people, and the people who build it decide together with those who use it.'],
  ['user', 'I will send you the report tomorrow.'],
] as const;

/** The feedback as it came, or nothing where nothing came. */
async function finish(base: string, id: string): Promise<{ status: number; body: string } | undefined> {
  try {
    const answer = await fetch(`${base}/session/${id}/finish`, { method: 'POST' });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return undefined;
  }
}

describe('T6 finished once', () => {
  test(`${atOnce} at once, killed in the middle, while sound and words still come (seed ${seed})`, {
    timeout: isLong ? 900_000 : 90_000,
  }, async () => {
    const random = seeded(seed);
    const own = { PORT: String(await freePort()), DATA_DIR: newFolder() };
    let server = await toneServer(own);
    const faults: string[] = [];
    const firsts: { id: string; body: string }[] = [];
    let cut = 0;
    let slowest = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const talker = await recordingClient(server.base);
      const { id } = talker.session;
      for (const [speaker, text] of lines) talker.link.say({ type: 'said', text, speaker });
      await talker.until((message) => message.type === 'transcript' && message.text === lines.at(-1)![1]);
      for (const piece of sound) talker.link.sound(new Blob([piece.slice()]), performance.timeOrigin + performance.now());
      const begun = performance.now();
      const early = Array.from({ length: atOnce }, () => finish(server.base, id));
      for (let late = 0; late < 20; late += 1) talker.link.say({ type: 'said', text: `too late ${late}`, speaker: 'other' });
      await sleep(random() * 120);
      await server.end('SIGKILL');
      const got = (await Promise.all(early)).filter((each) => each !== undefined);
      cut += atOnce - got.length;
      server = await toneServer(own);
      for (const piece of sound) talker.link.sound(new Blob([piece.slice()]), performance.timeOrigin + performance.now());
      const again = await Promise.all(Array.from({ length: atOnce }, () => finish(server.base, id)));
      slowest = Math.max(slowest, performance.now() - begun);
      talker.close();
      faults.push(...feedbackFaults([...got, ...again], await logOf(server.base, id)));
      firsts.push({ id, body: again[0]?.body ?? '' });
    }
    await server.end();
    server = await toneServer(own);
    for (const { id, body } of firsts) if ((await finish(server.base, id))?.body !== body) faults.push('another feedback after a restart');
    const reviewed = firsts.map(({ body }) => JSON.parse(body) as Feedback);
    expect(await server.end()).toEqual([0, null]);
    expect(server.complained()).toBe('');
    expect(faults).toEqual([]);
    expect(reviewed.every(({ moments }) => moments.length > 0)).toBe(true);
    figure('T6', 'kills in the middle of finishing', kills);
    figure('T6', 'requests to finish', 2 * atOnce * kills);
    figure('T6', 'of them cut by a kill', cut, { least: 1, soft: true });
    figure('T6', 'feedbacks that were not one and the same, or cite what is not there', faults.length, { most: 0 });
    figure('T6', 'slowest feedback, kill and restart included, ms', Math.round(slowest), { most: 30_000, soft: true });
  });

  test(`finishing races with erasing, pausing, talking and leaving, ${races} times each (seed ${seed})`, {
    timeout: isLong ? 600_000 : 60_000,
  }, async () => {
    expect(await faultsOfRaces(compose, races, seed)).toEqual([]);
    expect(await faultsOfRaces(await composeWith(slowJudge), races, seed)).toEqual([]);
    figure('T6', 'races of finishing with erasing, pausing, talking and leaving', 8 * races);
  });

  test.each<[string, Fault]>([
    [
      'nobody waits for a review that has begun',
      { file: 'src/agents/reviewer.ts', was: 'working.get(talk) ?? start(talk, why, late)', is: 'start(talk, why, late)' },
    ],
    ['what comes late is still taken', { file: 'src/core/conversation.ts', was: "if (item.draft.type === 'ended') ended = true;", is: '' }],
  ])('planted: %s', async (_, fault) => {
    const composes = await composeWith(slowJudge, fault);
    let faults: string[] = [];
    for (let from = 1; faults.length === 0 && from <= 5; from += 1) faults = await faultsOfRaces(composes, 3, from);
    expect(faults).not.toEqual([]);
  });
});

/** As one will be that asks a model. */
const slowJudge: Fault = {
  file: 'src/agents/reviewer.ts',
  was: 'const verdict =',
  is: 'await new Promise((resolve) => setTimeout(resolve, 15));\n      const verdict =',
};

const composeWith = async (...changes: readonly Fault[]) =>
  ((await import(new URL('src/compose.ts', planted(...changes)).href)) as { compose: typeof compose }).compose;

/** Lets others do things while a session is finished; whatever was not as it should be, in words. */
async function faultsOfRaces(composes: typeof compose, rounds: number, from: number): Promise<string[]> {
  const random = seeded(from);
  await using house = await served(
    { VOICE: 'none', BUDGETS: 'sessionsPerMinute=100000' },
    { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector },
    composes,
  );
  const faults: string[] = [];
  for (let round = 0; round < 4 * rounds; round += 1) {
    const { id } = await house.session();
    const client = await house.connect(id);
    for (const [speaker, text] of lines) client.send({ type: 'said', text, speaker });
    for (let count = 0; count < lines.length; count += 1) await client.next('transcript');
    const answers: Promise<{ status: number; body: string } | undefined>[] = [];
    const others = [
      () => fetch(`${house.base}/session/${id}`, { method: 'DELETE' }),
      async () => client.send({ type: round % 3 > 0 ? 'pause' : 'hint' }),
      async () => {
        for (const piece of sound) client.bytes(piece);
        for (let late = 0; late < 10; late += 1) client.send({ type: 'said', text: `too late ${late}`, speaker: 'other' });
      },
      async () => client.terminate(),
    ];
    const other = others[round % others.length]!;
    const when = Math.floor(random() * 10);
    let meanwhile: Promise<unknown> | undefined;
    for (let count = 0; count < 10; count += 1) {
      answers.push(finish(house.base, id));
      if (count === when) meanwhile = other();
      // all at once, or one after the other
      if (round % 8 >= 4 && random() < 0.5) await sleep(random() * 4);
    }
    await meanwhile;
    const got = await Promise.all(answers);
    const isErased = round % others.length === 0;
    const last = await finish(house.base, id);
    if (isErased) {
      const told = got.flatMap((each) => (each && each.status !== 404 ? [each] : []));
      if (new Set(told.map(({ body }) => body)).size > 1 || told.some(({ status }) => status !== 200))
        faults.push('two feedbacks of what was erased');
      if (last?.status !== 404) faults.push(`${last?.status} for what was erased`);
    } else faults.push(...feedbackFaults([...got, last], await logOf(house.base, id)));
    client.terminate();
  }
  const errors = house.log.filter((line) => JSON.parse(line).level >= 50);
  return [...faults, ...errors];
}
