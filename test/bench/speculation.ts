import { coach } from '../../src/agents/coach.ts';
import { conversation } from '../../src/core/conversation.ts';
import { isEntry } from '../../src/core/entry.ts';
import type { Happening } from '../../src/core/meter.ts';
import type { Sound, Voice } from '../../src/core/ports.ts';
import { foreseeing } from '../../src/engines/foreseeing.ts';
import { scriptedModel } from '../../src/engines/scripted/model.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';
import { quantile } from './bench-measure.ts';
import { partnersModel, promptText, type Sentences } from './bench-partner.ts';
import { heldBackQuestions, longQuestions, type PartnerTurn, shortTurns, unseenQuestions, unseenShortTurns } from './bench-partner-turns.ts';

/** Delays as those of good services, in ms: final words after the end of speech is told, first token and tokens a second, first sound. */
const delays = { words: 280, firstToken: 450, tokensPerSecond: 60, sound: 120 };
/** The ear tells a lull and a pause so late, and partial words come so often and so much behind what is spoken, the last of them of so much silence; between two sentences somebody draws breath. */
const ear = { lull: 288, pause: 544, every: 250, behind: 120, tail: 256, breath: 400 };

/** How the partial words are: with signs or without, `dirty` where every third one ends in a word that was not said; and whether anything is asked ahead. */
type Way = {
  readonly turns: readonly PartnerTurn[];
  readonly ahead: boolean;
  readonly marks: boolean;
  readonly dirty: boolean;
  readonly cautious: boolean;
  readonly sentences?: Sentences;
  /** A voice that begins to make a whisper before it is wanted, in one piece or by sentences, also where nothing is asked ahead; how long it takes to its first sound, and the model's tokens a second. */
  readonly voice?: { readonly inOnePiece: boolean; readonly sound: number; readonly tokensPerSecond: number };
};
type Result = { readonly first: number[]; readonly atOnce: number; readonly counts: Record<string, number> };

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}' ]/gu, '');

/** One talk in virtual time: every turn of the partner, far enough from the next that something may be said about each. */
async function talk({ turns, ahead, marks, dirty, cautious, sentences = 'one', voice }: Way): Promise<Result> {
  const clock = virtualClock(Date.parse('2030-01-01T10:00:00Z'));
  const opened = clock.now();
  const talk = conversation('bench', [], async () => undefined, clock.now);
  await talk.append({ by: 'user', type: 'opened', kind: 'coach', title: 'A talk', user: 'Jo', goal: 'Be at ease', settings: { cadence: 5 } });
  const slow: Voice = {
    async *speak(_text, stop): AsyncGenerator<Sound> {
      await clock.sleep(voice?.sound ?? delays.sound, stop).catch(() => undefined);
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
  const answers = partnersModel({ cautious, sentences });
  const model = scriptedModel({ clock, answers: (prompt) => answers(promptText(prompt)), ...delays, ...voice });
  const mouth = ahead || voice ? foreseeing(slow, clock, voice) : slow;
  const attending = coach({ clock, meter, voice: mouth, brain: { model, newMark } }).attend(talk, stop.signal);
  const first: number[] = [];
  let ended = 0;
  const listening = (async () => {
    for await (const news of talk.follow(0, stop.signal))
      if (!isEntry(news) && news.type === 'sound' && news.index === 0) first.push(Math.round(clock.now() - ended));
  })();
  await settled();
  for (const turn of turns) {
    const said = marks ? turn.words.join(' ') : plain(turn.words.join(' '));
    const from = clock.now() - opened;
    const to = from + endsOf(turn).at(-1)!;
    for (const { at, tell } of heardOf(turn, said.split(' '), from, dirty)) {
      await clock.advance(opened + at - clock.now());
      const signal = tell();
      if (signal && (ahead || signal.type !== 'partial')) talk.signal(signal);
    }
    ended = clock.now();
    await clock.advance(delays.words);
    await talk.append({ by: 'ear', type: 'said', via: 'voice', text: said, speaker, from, to });
    await clock.advance(9_000);
  }
  stop.abort();
  await Promise.all([attending, listening]);
  return { first, counts, atOnce: first.filter((ms) => ms <= delays.words + 1).length };
}

const speaker = { who: 'other' as const, probability: 0.95 };

/** Where each word ends, in ms from the first: people draw breath between sentences, and nobody knows then that they go on. */
function endsOf({ words, wordMs }: PartnerTurn): number[] {
  let at = 0;
  return words.map((_, index) => {
    if (/[.?!]$/.test(words[index - 1] ?? '')) at += ear.breath;
    at += wordMs;
    return at;
  });
}

/** What the ear tells of one turn, and when: partial words, a lull after each sentence, the pause last. */
function heardOf(turn: PartnerTurn, written: readonly string[], from: number, dirty: boolean) {
  const ends = endsOf(turn);
  const length = ends.at(-1)!;
  let shown = 0;
  const partial = (at: number, index: number) => {
    const known = ends.filter((end) => end <= at - ear.behind).length;
    const wrong = dirty && index % 3 === 1 && known > 0;
    if (known <= shown && !(dirty && index % 3 === 2 && known > 0)) return undefined;
    shown = Math.max(shown, known);
    const text = [...written.slice(0, wrong ? known - 1 : known), ...(wrong ? ['something'] : [])].join(' ');
    return { type: 'partial' as const, text, from, speaker };
  };
  const sentences = ends.filter((_, index) => /[.?!]$/.test(turn.words[index]!) || index === ends.length - 1);
  const partials = Array.from({ length: Math.floor((length + ear.tail) / ear.every) }, (_, index) => ({
    at: (index + 1) * ear.every + ear.behind,
    index,
  }));
  return [
    { at: from, tell: () => ({ type: 'onset' as const, at: from }) },
    ...sentences.map((at) => ({ at: from + at + ear.lull, tell: () => ({ type: 'lull' as const, at: from + at }) })),
    ...partials.map(({ at, index }) => ({ at: from + at, tell: () => partial(at, index) })),
    { at: from + length + ear.pause, tell: () => ({ type: 'pause' as const, at: from + length }) },
  ].toSorted((a, b) => a.at - b.at);
}

/** How much thinking ahead gains, and what it wastes, in virtual time: ratios of one run. */
export async function bench(print: (line: string) => void): Promise<void> {
  const usual: Way = { turns: longQuestions, ahead: true, marks: true, dirty: false, cautious: false };
  const serial = await talk({ ...usual, ahead: false });
  const sum = quantile(serial.first, 0.5);
  print(
    `In virtual time. The end of a turn is when the ear tells it, ${ear.pause} ms after the last sound; the words are final ${delays.words} ms later.`,
  );
  print('Ready: the whisper and its first sound are there when the words are final, the first moment at which it may be given.');
  print(`one after the other, nothing ahead: p50 ${sum} ms, p95 ${quantile(serial.first, 0.95)} ms from the end of a turn to the first sound`);
  const ways: readonly (readonly [string, Partial<Way>])[] = [
    [`${longQuestions.length} questions at length, clean partial words`, {}],
    ['… without signs', { marks: false }],
    ['… dirty: every third partial ends in a word that was not said', { dirty: true }],
    ['… a model that keeps silent until a line has ended', { cautious: true }],
    [`${heldBackQuestions.length} others, looked at as well, clean partial words`, { turns: heldBackQuestions }],
    [`${shortTurns.length} short turns, looked at as well, clean partial words`, { turns: shortTurns }],
    [`${unseenQuestions.length} questions at length by which nothing was chosen, clean partial words`, { turns: unseenQuestions }],
    [`${unseenShortTurns.length} short turns by which nothing was chosen, clean partial words`, { turns: unseenShortTurns }],
  ];
  for (const [name, way] of ways) {
    const { first, counts, atOnce } = await talk({ ...usual, ...way });
    const turns = (way.turns ?? usual.turns).length;
    const [p50, p95] = [quantile(first, 0.5), quantile(first, 0.95)];
    const share = (count = 0) => `${((100 * count) / turns).toFixed(0)} %`;
    print(`${name}: p50 ${p50} ms (× ${(p50 / sum).toFixed(2)}, goal ≤ 0.5), p95 ${p95} ms (× ${(p95 / sum).toFixed(2)}, goal ≤ 0.8)`);
    print(
      `  ready ${share(counts.ready)} of the turns (goal ≥ 60; whispered in that moment ${share(atOnce)}), on its way ${share(counts.late)}; ${((counts.asked ?? 0) / turns).toFixed(2)} questions a turn (goal ≤ 1.7), ${counts.wasted ?? 0} of ${counts.asked} wasted; ${first.length} whispers in ${turns} turns`,
    );
  }
  await bySentences(print, usual);
}

/** What it gains to speak sentence by sentence, in virtual time, nothing asked ahead: the voice begins with the first while the rest is written; and what it would gain to let it be heard before the rest is known. */
async function bySentences(print: (line: string) => void, usual: Way): Promise<void> {
  print('The voice begins with the first sentence while the rest is written; nothing asked ahead, from the end of a turn to the first sound, p50:');
  for (const tokensPerSecond of [60, 15])
    for (const sound of [120, 300, 600]) {
      const took = async (sentences: Sentences, inOnePiece: boolean) => {
        const { first } = await talk({ ...usual, ahead: false, sentences, voice: { inOnePiece, sound, tokensPerSecond } });
        return quantile(first, 0.5);
      };
      const waited = (sentences: Sentences) =>
        Math.round(delays.words + delays.firstToken + (proofFirst(sentences) * 1_000) / tokensPerSecond + sound);
      const [one, whole, parts] = [await took('one', false), await took('two', true), await took('two', false)];
      print(
        `  ${tokensPerSecond} tokens a second, first sound of a voice after ${sound} ms: two sentences ${whole} ms in one piece, ${parts} ms by sentences; were the proof written first and the first sentence heard at once ${waited('two')} ms. One sentence ${one} ms; with the proof first ${waited('one')} ms`,
      );
    }
}

/** So many tokens come after the first until a first sentence could be heard, if the proof of a whisper stood before its words. */
function proofFirst(sentences: Sentences): number {
  const { speak, lines, kind, ear } = JSON.parse(partnersModel({ sentences })('{"seq":12,"speaker":"other","text":"Why?"')) as Record<string, string>;
  const written = JSON.stringify({ speak, lines, kind, ear });
  // a sentence has ended when the next begins; the last one with its quotation mark
  const end = sentences === 'two' ? written.indexOf('. ') + 3 : written.length - 1;
  return Math.ceil(end / 4) - 1;
}
