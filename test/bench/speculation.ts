import { readdirSync, readFileSync } from 'node:fs';
import { coach } from '../../src/agents/coach.ts';
import { conversation } from '../../src/core/conversation.ts';
import { isEntry } from '../../src/core/entry.ts';
import type { Happening } from '../../src/core/meter.ts';
import type { Prompt, Sound, Voice } from '../../src/core/ports.ts';
import { foreseeing } from '../../src/engines/foreseeing.ts';
import { scriptedModel } from '../../src/engines/scripted/model.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';
import { quantile } from './bench-measure.ts';

/** Delays as those of good services, in ms: final words after the end of speech is told, first token and tokens a second, first sound. */
const delays = { words: 280, firstToken: 450, tokensPerSecond: 60, sound: 120 };
/** The ear tells a lull and a pause so late, and partial words come so often and so much behind what is spoken. */
const ear = { lull: 288, pause: 544, every: 250, behind: 120 };

type Line = { speaker: string; text: string; from: number; to: number };
type Result = { readonly first: number[]; readonly counts: Record<string, number>; readonly turns: number };

const folder = new URL('../../fixtures/dialogues/labelled/', import.meta.url);
const lines = readdirSync(folder).flatMap((file) => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { lines: Line[] }).lines);
const asked = [
  'Can you tell me about a time when you failed?',
  'Why do you want to leave your present company?',
  'What salary do you expect in your first year?',
  'I see. How would your colleagues describe your work?',
  'Thanks for coming in today. Where do you want to be in five years?',
  'Walk me through a project that you are proud of.',
  'We are a small team and everybody does everything. Would you like that?',
].map((text): Line => ({ speaker: 'other', text, from: 0, to: text.split(' ').length * 400 }));

const partnerTurns = [...lines, ...asked].filter(
  ({ speaker, text, to }) => speaker === 'other' && Number.isFinite(to) && text.split(' ').length >= 4,
);

/** As long as such an answer really is. */
const answers = (prompt: Prompt): string => {
  const seq = /.*"seq":(\d+)/s.exec(prompt.messages[0]!.text.split('<said')[1]!)![1];
  const ear = `Say one thing about it, number ${prompt.messages[0]!.text.length}.`;
  return JSON.stringify({
    speak: true,
    ear,
    lines: [Number(seq)],
    kind: 'answer',
    screen: 'They would like to hear something that only you can tell them: take your time.',
  });
};

const spoken = (text: string, marks: boolean): string => (marks ? text : text.toLowerCase().replace(/[^\p{L}\p{N}' ]/gu, ''));

/** One talk in virtual time: every turn of the partner, far enough from the next that something may be said about each. */
async function talk(ahead: boolean, marks: boolean): Promise<Result> {
  const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
  const opened = clock.now();
  const talk = conversation('bench', [], async () => undefined, clock.now);
  await talk.append({ by: 'user', type: 'opened', kind: 'coach', title: 'A talk', user: 'Jo', goal: 'Be at ease', settings: { cadence: 5 } });
  const slow: Voice = {
    async *speak(_text, stop): AsyncGenerator<Sound> {
      await clock.sleep(delays.sound, stop).catch(() => undefined);
      if (!stop.aborted) yield { format: 'wav', data: new Uint8Array(1), ms: 1_000 };
      if (!stop.aborted) yield { format: 'wav', data: new Uint8Array(1), ms: 500 };
    },
  };
  const counts: Record<string, number> = {};
  const meter = {
    note(happening: Happening) {
      if (happening.type === 'drafted') counts[happening.how] = (counts[happening.how] ?? 0) + 1;
    },
  };
  const stop = new AbortController();
  let marked = 0;
  const newMark = () => (marked++).toString(36).padStart(32, 'm');
  const model = scriptedModel({ clock, answers, ...delays });
  const attending = coach({ clock, meter, voice: ahead ? foreseeing(slow, clock) : slow, brain: { model, newMark } }).attend(talk, stop.signal);
  const first: number[] = [];
  let ended = 0;
  const listening = (async () => {
    for await (const news of talk.follow(0, stop.signal))
      if (!isEntry(news) && news.type === 'sound' && news.index === 0) first.push(Math.round(clock.now() - ended));
  })();
  await settled();
  for (const { text, from, to } of partnerTurns) {
    const said = spoken(text, marks);
    const words = said.split(' ');
    const began = clock.now();
    const each = (to - from) / words.length;
    const speaker = { who: 'other' as const, probability: 0.95 };
    talk.signal({ type: 'onset', at: began - opened });
    let shown = 0;
    const partial = (at: number) => {
      const known = Math.min(words.length, Math.floor((at - ear.behind) / each));
      if (ahead && known > shown) talk.signal({ type: 'partial', text: words.slice(0, known).join(' '), from: began - opened, speaker });
      shown = Math.max(shown, known);
    };
    // people draw breath between sentences, and nobody knows yet that they go on
    const ends = text.split(' ').flatMap((word, index) => (/[.?!]$/.test(word) || index === words.length - 1 ? [(index + 1) * each + ear.lull] : []));
    const partials = Array.from({ length: Math.floor((to - from + ear.pause) / ear.every) }, (_, index) => (index + 1) * ear.every);
    const steps = [
      ...ends.map((at) => ({ at, do: () => talk.signal({ type: 'lull', at: began + at - ear.lull - opened }) })),
      ...partials.map((at) => ({ at, do: () => partial(at) })),
    ];
    for (const step of steps.toSorted((a, b) => a.at - b.at)) {
      await clock.advance(began + step.at - clock.now());
      step.do();
    }
    await clock.advance(began + (to - from) + ear.pause - clock.now());
    ended = clock.now();
    talk.signal({ type: 'pause', at: began + (to - from) - opened });
    await clock.advance(delays.words);
    await talk.append({ by: 'ear', type: 'said', via: 'voice', text: said, speaker, from: began - opened, to: began + (to - from) - opened });
    await clock.advance(9_000);
  }
  stop.abort();
  await Promise.all([attending, listening]);
  return { first, counts, turns: partnerTurns.length };
}

/** How much thinking ahead gains, and what it wastes, in virtual time: ratios of one run. */
export async function bench(print: (line: string) => void): Promise<void> {
  const serial = await talk(false, true);
  const sum = quantile(serial.first, 0.5);
  print(
    `${serial.turns} turns of the partner; from the end of a turn (as the ear tells it) to the first sound, one after the other: p50 ${sum} ms, p95 ${quantile(serial.first, 0.95)} ms`,
  );
  for (const marks of [true, false]) {
    const { first, counts, turns } = await talk(true, marks);
    const [p50, p95] = [quantile(first, 0.5), quantile(first, 0.95)];
    const ready = (counts.ready ?? 0) / turns;
    print(
      `ahead, partial words ${marks ? 'with' : 'without'} signs: p50 ${p50} ms (× ${(p50 / sum).toFixed(2)}, goal ≤ 0.5), p95 ${p95} ms (× ${(p95 / sum).toFixed(2)}, goal ≤ 0.8); ready when the words are final ${(ready * 100).toFixed(0)} % (goal ≥ 60), used though still on its way ${counts.late ?? 0}, wasted ${counts.wasted ?? 0}; ${((counts.asked ?? 0) / turns).toFixed(2)} questions a turn (goal ≤ 1.7)`,
    );
  }
}
