import type { compose } from '../../src/compose.ts';
import type { Entry } from '../../src/core/entry.ts';
import { numberedClient } from './numbered-client.ts';
import { advice, breakerTimes, deadlines, type Port, providerStage, type Vendor } from './provider-stage.ts';
import { counted, counting } from './tone-words.ts';
import type { Fault } from './vendors/faults.ts';
import { msPerCharacter } from './vendors/spoken-tones.ts';
import { webmOf } from './webm-writer.ts';

/** What came of one cell; all times in ms. */
export type Outcome = {
  /** What must not be, in words. */
  readonly wrong: readonly string[];
  /** Somebody else had to do it. */
  readonly fell: boolean;
  /** How much longer than its deadline what was wanted took; from falling to its entry in the log; from healing to the best engine, and how long that may take. */
  readonly late: number;
  readonly told: number;
  readonly back: number;
  readonly backBy: number;
  /** How often the vendor was asked while it was ill. */
  readonly asked: number;
  /** How long after the end something was open towards a vendor. */
  readonly open: number;
};

const wordsEach = 3;
const utterances = 60;
const pieceMs = 100;
const pauseMs = 1_000;
let recording: { pieces: Uint8Array[]; ends: number[] } | undefined;

/** One long count, encoded once for all cells, and in which piece each utterance is surely over and the next not begun. */
function spoken() {
  recording ??= {
    pieces: webmOf(counting(0, Array(utterances).fill(wordsEach), pauseMs), { chunkMs: pieceMs, bitrate: 32_000 }),
    ends: Array.from({ length: utterances }, (_, index) => Math.floor((400 + (index + 1) * (wordsEach * 260 + pauseMs) - 250) / pieceMs)),
  };
  return recording;
}

/** Nothing in a cell may take longer than this, however busy the machine is. */
const patience = 10_000;

/** Waits until it is so; says how long that took, or nothing where it did not come about. */
export async function soon(isSo: () => boolean, most = patience): Promise<number | undefined> {
  const since = performance.now();
  while (!isSo()) {
    if (performance.now() - since > most) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - since;
}

/** Somebody who speaks in counted tones, is asked something, and asks for hints; what was missing goes to `wrong`. */
export async function talker(stage: Awaited<ReturnType<typeof providerStage>>, wrong: string[]) {
  const { service } = stage;
  const { id } = await service.session();
  const client = await numberedClient(`${service.base.replace('http', 'ws')}/ws/${id}`);
  const talk = (await service.house.hub.find(id))!;
  const of = (type: string) => client.all.filter((message) => message.type === type);
  const heard = () => of('transcript').flatMap(({ text }) => (/^w\d/.test(String(text)) ? String(text).split(' ') : []));
  let said = 0;
  let sent = 0;
  return {
    id,
    client,
    talk,
    heard,
    get said() {
      return said;
    },
    /** What is known of how a part does, the last at the end. */
    health: (part: string): Entry[] => talk.entries.filter((entry) => (entry.type === 'failed' || entry.type === 'recovered') && entry.part === part),
    /** Says the next utterance and waits until it is `over`: until its words are there, or the vendor has answered; how long that took. */
    async speak(over: (() => boolean) | undefined = undefined): Promise<number> {
      const { pieces, ends } = spoken();
      for (; sent < ends[said]!; sent += 1) client.piece(sent + 1, sent * pieceMs, pieces[sent]!);
      said += 1;
      const took = await soon(over ?? (() => heard().at(-1) === `w${(said * wordsEach - 1) % 64}`));
      if (took === undefined) wrong.push(`utterance ${said} was not heard`);
      return took ?? patience;
    },
    /** Asks and waits for the whisper and its sound. */
    async whisper(ask: object = { type: 'hint' }): Promise<{ took: number; text: unknown; ms: number; by: 'vendor' | 'twice' | 'other' | 'nobody' }> {
      const before = of('suggestion').length;
      const known = talk.entries.length;
      client.send(ask);
      const took = await soon(() => of('suggestion').length > before);
      const suggestion = of('suggestion')[before];
      if (!suggestion) {
        wrong.push('no whisper came');
        return { took: patience, text: undefined, ms: 0, by: 'nobody' };
      }
      const pieces = () => of('audio').filter(({ reply }) => reply === suggestion.reply);
      const failure = () => talk.entries.slice(known).some((entry) => entry.type === 'failed' && entry.part === 'voice');
      const ended = () => pieces().some(({ last }) => last);
      await soon(() => ended() || failure(), 4_000);
      // who fell may still be speaking with another voice, and who broke off is told a moment after
      await soon(ended, 1_500);
      const ms = pieces().reduce((sum, { data }) => sum + msOf(String(data)), 0);
      const whole = suggestion.text === advice ? advice.length * msPerCharacter : undefined;
      const near = (times: number) => whole !== undefined && ms >= whole * times && ms < whole * times + 250;
      const by = near(1) ? 'vendor' : near(2) ? 'twice' : ms > 300 ? 'other' : 'nobody';
      return { took: took ?? patience, text: suggestion.text, ms, by };
    },
  };
}

/** Plays one cell: the vendor goes wrong, somebody speaks and is asked something, the vendor heals, and the best engine has to come back. */
export async function providerCell(composes: typeof compose, port: Port, fault: Fault, by?: Vendor): Promise<Outcome> {
  const wrong: string[] = [];
  // who is refused is asked again by the breaker's times alone: no deadline may get in between, however busy the machine is
  const refuses = /bad-key|quota|busy/.test(fault.name);
  const stage = await providerStage(port, composes, refuses ? {} : undefined, by);
  const { service, suspect } = stage;
  suspect.faults.next(fault.name, fault.phase, Number.POSITIVE_INFINITY);
  const person = await talker(stage, wrong);
  const begun = performance.now();
  const { id, client, talk } = person;
  const part = { ears: 'ears', model: 'brain', voice: 'voice' }[port];
  const health = () => person.health(part);
  const isIll = () => health().at(-1)?.type === 'failed';
  let late = Number.NEGATIVE_INFINITY;

  const whisper = async (ask?: object) => {
    const given = await person.whisper(ask);
    const told =
      given.by === 'vendor' || (await soon(() => talk.entries.some((entry) => entry.type === 'failed' && entry.part === 'voice'), 500)) !== undefined;
    if (!told && given.text === advice) wrong.push(`${Math.round(given.ms)} ms of sound for ${advice.length * msPerCharacter}, and nobody was told`);
    return { ...given, told };
  };

  const question = { type: 'said', text: 'What salary do you expect for this position?', speaker: 'other' };
  let byOthers = 0;
  if (port === 'ears')
    for (let each = 0; each < 4 && wrong.length === 0; each += 1) {
      const took = await person.speak();
      late = Math.max(late, took - deadlines.ears);
    }
  else await person.speak();
  for (const ask of [port === 'ears' ? undefined : question, ...Array<undefined>(/busy/.test(fault.name) ? 5 : 2)]) {
    if (wrong.length > 0) break;
    const given = await whisper(ask);
    if (port !== 'ears') late = Math.max(late, given.took - deadlines.model);
    const isOthers = port === 'model' ? given.text !== advice : given.text === advice && given.by !== 'vendor';
    if (isOthers) byOthers += 1;
  }
  const fell = port === 'ears' ? stage.heardHere > 0 : byOthers > 0;
  const failure = health().find(({ type }) => type === 'failed');
  if (fell && !failure) wrong.push('nobody was told of the fall');
  const told = failure ? Date.parse(failure.at) - performance.timeOrigin - begun - deadlines[port] : 0;
  const asked = suspect.calls.filter((call) => call.fault?.name === fault.name).length;
  if (asked === 0) wrong.push('who is ill was never asked');
  const elapsed = performance.now() - begun;
  if (/bad-key|quota/.test(fault.name) && asked > 1 + Math.floor(elapsed / breakerTimes.ownersTime))
    wrong.push(`asked ${asked} times with a bad key in ${Math.round(elapsed)} ms`);
  if (/busy/.test(fault.name) && asked > 2 + Math.floor(elapsed / retryAfter))
    wrong.push(`asked ${asked} times while it was busy, in ${Math.round(elapsed)} ms`);

  suspect.faults.heal();
  const healed = performance.now();
  let back: number | undefined;
  while (back === undefined && wrong.length === 0 && performance.now() - healed < patience && person.said < utterances) {
    const here = stage.heardHere;
    if (port === 'ears') await person.speak();
    const given = port === 'ears' ? undefined : await whisper();
    const isBest = port === 'ears' ? stage.heardHere === here : port === 'model' ? given!.text === advice : given!.by === 'vendor';
    if (isBest && !isIll()) back = performance.now() - healed;
    // what is there to be said lasts as long as anybody waits, also on a quick machine
    else if (port === 'ears') await soon(() => false, patience / utterances);
  }
  if (back === undefined && wrong.length === 0) wrong.push('the best engine did not come back');
  if (failure && wrong.length === 0 && !health().some(({ type, seq }) => type === 'recovered' && seq > failure.seq))
    wrong.push('nobody was told that it is back');

  client.send({ type: 'stop' });
  if ((await soon(() => client.all.some(({ type }) => type === 'stopped'))) === undefined) wrong.push('it never stopped listening');
  const words = person.heard();
  const expected = counted(0, person.said * wordsEach);
  if (words.join(' ') !== expected.join(' ')) wrong.push(`heard ${words.join(' ')} of ${expected.join(' ')}`);
  const finished = await service.post(`/session/${id}/finish`);
  if (finished.status !== 200) wrong.push(`the session is lost: finish says ${finished.status}`);
  client.close();
  await service[Symbol.asyncDispose]();
  const open = await soon(() => stage.upstream === 0);
  if (open === undefined) wrong.push(`${stage.upstream} lines to vendors were left open`);
  await stage[Symbol.asyncDispose]();
  const backBy = /bad-key|quota/.test(fault.name)
    ? breakerTimes.ownersTime
    : Math.max(breakerTimes.longestTry, /busy/.test(fault.name) ? retryAfter : 0);
  return { wrong, fell, late, told, back: back ?? patience, backBy, asked, open: open ?? patience };
}

/** How long the simulated vendors want to be left alone when they are busy; it is not scaled. */
export const retryAfter = 2_000;

/** How long a piece of WAV sounds. */
function msOf(data: string): number {
  const bytes = Buffer.from(data, 'base64');
  return ((bytes.length - 44) / bytes.readUInt32LE(28)) * 1_000;
}
