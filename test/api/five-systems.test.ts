import { expect, test } from 'vitest';
import { coachClient, deskClient, type Heard, roomClient, shareClient, talkClient } from '../support/five-clients.ts';
import { loudDetector } from '../support/listening.ts';

import { served } from '../support/served.ts';
import { counted, toneTranscriber } from '../support/tone-words.ts';
import { type Answers, politeAnswers } from '../support/vendors/openai-answers.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';

const systems = { coach: coachClient, room: roomClient, desk: deskClient, share: shareClient, talk: talkClient } as const;
const ears = { ...toneTranscriber, close: async () => undefined };
type Name = keyof typeof systems;
const names = Object.keys(systems) as Name[];
/** Two conversations of each kind, each with a word that nobody else knows. */
const people = ['amber', 'birch'] as const;
const marks = people.flatMap((who) => names.map((name) => ({ name, mark: `${who}${name}` })));
const anyMark = new RegExp(marks.map(({ mark }) => mark).join('|'), 'g');
const marksIn = (text: string): string[] => [...new Set(text.match(anyMark) ?? [])];

/** Says which of the words it was told; whatever has a shape is answered in it. */
const answers: Answers = (asked) =>
  asked.schema === undefined ? `I was told of ${marksIn(asked.messages.map(({ content }) => content).join()).join(' and ')}.` : politeAnswers(asked);

/** Nobody goes on before everybody is there. */
function gate(most: number): () => Promise<void> {
  let waiting: (() => void)[] = [];
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length < most) return;
      for (const go of waiting) go();
      waiting = [];
    });
}

const listed = async (base: string, path: string): Promise<string> => (await fetch(base + path)).text();

/** All five systems in one process, used by all clients at once; what everybody was told, and what the model was asked. */
async function allAtOnce(composes?: Parameters<typeof served>[2]) {
  await using vendor = Object.assign(await simulatedOpenAi({ like: 'ollama', answers }), {
    [Symbol.asyncDispose]: () => vendor.close(),
  });
  await using house = await served(
    { OPENAI_BASE_URL: vendor.url, OPENAI_MODEL: 'simulated', VOICE: 'slt' },
    { transcriber: ears, detector: loudDetector, budgets: { agentsWait: 1, talkGrace: 1 } },
    composes,
  );
  const { base } = house;
  const together = gate(marks.length);
  const heard = await Promise.all(
    marks.map(async ({ name, mark }, index) => {
      const counts = index * 5;
      const secrets = name === 'coach' ? [mark, ...counted(counts, 3)] : [mark];
      return { mark, secrets, ...(await systems[name]({ base, mark, counts, together })) };
    }),
  );
  // when its last client is gone a talk is summed up and ends
  const ends = await Promise.all(
    heard
      .filter(({ mark }) => mark.endsWith('talk'))
      .map(async ({ id }) => {
        for await (const news of (await house.house.hub.find(id))!.follow(0, new AbortController().signal)) if (news.type === 'ended') break;
        return JSON.parse(await listed(base, `/api/talks/${id}`)) as { end_time: string; duration_seconds: number; summary: string };
      }),
  );
  const desks = await listed(base, '/api/sessions');
  const shares = await listed(base, '/api/conversations');
  const found = await Promise.all(marks.map(async ({ mark }) => [mark, marksIn(await listed(base, `/api/search?q=${mark}`))] as const));
  return { heard, ends, desks, shares, found, asked: vendor.calls.map(({ got }) => JSON.stringify(got)) };
}

/** What of the others somebody was told. */
const leaks = (heard: readonly (Heard & { mark: string; secrets: readonly string[] })[]) =>
  heard.flatMap(({ mark, told }) => {
    const words = told.join('\n').split(/[^\w-]+/);
    const others = heard.filter((other) => other.mark !== mark).flatMap(({ id, secrets }) => [id, ...secrets]);
    return others.filter((secret) => words.includes(secret)).map((secret) => `${mark} was told ${secret}`);
  });

test('all five systems side by side in one process, two conversations of each at once: everybody sees what is theirs, and nothing else', {
  timeout: 120_000,
}, async () => {
  const { heard, ends, desks, shares, found, asked } = await allAtOnce();
  expect(leaks(heard)).toEqual([]);
  for (const { mark, told } of heard) expect([mark, told.join('').includes(mark)]).toEqual([mark, true]);
  // lists are of one kind, and search finds each where it was said
  expect(marksIn(desks).sort()).toEqual(['amberdesk', 'birchdesk']);
  expect(marksIn(shares)).toEqual([]);
  expect(found).toEqual(marks.map(({ mark }) => [mark, [mark]]));
  for (const end of ends)
    expect(end).toMatchObject({ end_time: expect.any(String), duration_seconds: expect.any(Number), summary: expect.any(String) });
  // no model was told of two conversations at once
  expect(asked.map(marksIn).filter((words) => words.length > 1)).toEqual([]);
  expect(new Set(asked.flatMap(marksIn))).toEqual(new Set(marks.map(({ mark }) => mark).filter((mark) => !mark.endsWith('share'))));
});
