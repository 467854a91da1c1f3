import { lasting, RATE } from '../../../src/core/ports.ts';
import { joined } from '../wav.ts';
import type { Fault } from './faults.ts';
import type { Heard } from './growing-hearing.ts';
import { dripMs, slept } from './line-faults.ts';
import { type Activity, ActivityFinder, type TurnDetection } from './openai-activity.ts';
import type { ErrorBody } from './openai-errors.ts';
import type { Mouth } from './openai-mouth.ts';
import type { Service } from './openai-service.ts';
import { segmentsOf, soundUsage } from './openai-transcriptions.ts';

/** How the model of a session tells what it hears. */
export type Manner = {
  /** Deltas while one speaks, deltas when the turn is over, the whole text as one delta, or none. */
  readonly deltas: 'live' | 'after' | 'one' | 'none';
  readonly diarizes: boolean;
  readonly bySecond: boolean;
  readonly languages: boolean;
  readonly logprobs: boolean;
};

type Turn = { readonly item: string; readonly number: number; told: number };

/** So much new sound there is before somebody listens again, in ms. */
const listenEveryMs = 200;
/** A word that ends so near to the end of the sound may go on, in ms. */
const openMs = 40;
/** Where the server finds the turns it keeps so much of what was before, in ms. */
const keptMs = 2_000;
/** Out of order: so long the first of two turns waits for the second, in ms. */
const heldMs = 1_000;

const textOf = (words: readonly Heard[]) => words.map(({ text }) => text).join(' ');
const event = (kind: string) => `conversation.item.input_audio_transcription.${kind}`;

/** The sound of a session, its turns, and what is told of them. */
export class Turns {
  manner: Manner | undefined;
  detection: TurnDetection | undefined;
  readonly #service: Service;
  readonly #mouth: Mouth;
  readonly #fault: Fault | undefined;
  /** The events that tell of a new item. */
  readonly #items: readonly string[];
  readonly #finder = new ActivityFinder();
  #sound: Int16Array[] = [];
  /** Where the sound that is kept begins, and how far it has been listened to, in samples of the session. */
  #from = 0;
  #to = 0;
  #listenedTo = 0;
  #previous: string | null = null;
  #turn: Turn;
  #count = 0;
  #over = false;
  #held: (() => void) | undefined;

  constructor(service: Service, mouth: Mouth, fault: Fault | undefined, items: readonly string[]) {
    this.#service = service;
    this.#mouth = mouth;
    this.#fault = fault;
    this.#items = items;
    this.#turn = this.#newTurn();
  }

  /** How much sound waits for a commit, in ms. */
  get waitingMs(): number {
    return lasting(this.#to - this.#from);
  }

  append(samples: Int16Array): void {
    if (this.#over) return;
    this.#sound.push(samples);
    this.#to += samples.length;
    if (this.detection) {
      for (const activity of this.#finder.push(samples, this.detection)) this.#stirred(activity, this.detection);
      // long silence is not kept
      if (!this.#finder.speaking && this.waitingMs > 2 * keptMs) this.#taken(this.#to - (keptMs * RATE) / 1000);
    } else if (this.manner?.deltas === 'live' && lasting(this.#to - this.#listenedTo) >= listenEveryMs) this.#tellSettled();
  }

  /** The turn is over; what is kept of the sound is what was said in it. */
  commit(): void {
    this.#finder.forget();
    this.#end(this.#taken(this.#to));
  }

  clear(): void {
    this.#finder.forget();
    this.#taken(this.#to);
    this.#turn = this.#newTurn();
  }

  #newTurn(): Turn {
    return { item: this.#service.newId('item'), number: this.#count++, told: 0 };
  }

  /** The sound up to there, which is kept no longer. */
  #taken(to: number): Int16Array {
    const all = joined(this.#sound);
    const cut = Math.max(0, Math.min(all.length, to - this.#from));
    this.#sound = [all.slice(cut)];
    this.#from += cut;
    this.#listenedTo = this.#from;
    return all.subarray(0, cut);
  }

  #stirred({ kind, at }: Activity, { prefixMs }: TurnDetection): void {
    const { item } = this.#turn;
    if (kind === 'started') {
      const begins = Math.max(lasting(this.#from), at - prefixMs);
      this.#taken((begins * RATE) / 1000);
      this.#mouth.say('input_audio_buffer.speech_started', { audio_start_ms: Math.round(begins), item_id: item });
    } else {
      this.#mouth.say('input_audio_buffer.speech_stopped', { audio_end_ms: Math.round(at), item_id: item });
      this.#end(this.#taken((at * RATE) / 1000));
    }
  }

  #heard(samples: Int16Array): readonly Heard[] {
    return this.#fault?.name === 'empty' ? [] : this.#service.hears(samples);
  }

  /** Live models tell the words that are over. */
  #tellSettled(): void {
    this.#listenedTo = this.#to;
    const sound = joined(this.#sound);
    const settled = this.#heard(sound).filter(({ to }) => to + openMs <= lasting(sound.length));
    const turn = this.#turn;
    const fresh = settled.slice(turn.told);
    if (fresh.length === 0) return;
    const first = turn.told === 0;
    turn.told = settled.length;
    this.#mouth.link.after(this.#service.delays.partial, () => {
      if (this.#over) return;
      this.#delta(turn, `${first ? '' : ' '}${textOf(fresh)}`);
      if (first) this.#over = this.#mouth.goWrong('stream', (error) => this.#fail(turn, error));
    });
  }

  #end(sound: Int16Array): void {
    const turn = this.#turn;
    this.#mouth.say('input_audio_buffer.committed', { item_id: turn.item, previous_item_id: this.#previous });
    const content = [{ type: 'input_audio', transcript: null }];
    const item = { id: turn.item, object: 'realtime.item', type: 'message', status: 'completed', role: 'user', content };
    for (const kind of this.#items) this.#mouth.say(kind, { previous_item_id: this.#previous, item });
    this.#previous = turn.item;
    this.#turn = this.#newTurn();
    this.#over = this.#over || (turn.told === 0 && this.#mouth.goWrong('stream', (error) => this.#fail(turn, error)));
    const { heard, partial } = this.#service.delays;
    const wait = Math.max(partial, typeof heard === 'number' ? heard : heard(turn.number));
    this.#mouth.link.after(wait, () => this.#complete(turn, sound));
  }

  #complete(turn: Turn, sound: Int16Array): void {
    const { manner } = this;
    if (this.#over || !manner) return; // without a model nobody writes anything down
    const words = this.#heard(sound);
    const rest = words.slice(turn.told);
    const pieces = manner.deltas === 'one' && rest.length > 0 ? [textOf(rest)] : manner.deltas === 'none' ? [] : rest.map(({ text }) => text);
    for (const [index, piece] of pieces.entries()) this.#delta(turn, `${turn.told + index > 0 ? ' ' : ''}${piece}`);
    if (this.#fault?.name === 'endless') void this.#goOn(turn);
    else this.#inOrder(() => this.#finals(turn, words, lasting(sound.length), manner));
  }

  #finals(turn: Turn, words: readonly Heard[], ms: number, { diarizes, bySecond, languages, logprobs }: Manner): void {
    const transcript = textOf(words);
    const at = { item_id: turn.item, content_index: 0 };
    if (diarizes) for (const segment of segmentsOf(words, this.#service.newId)) this.#mouth.say(event('segment'), { ...at, ...segment });
    this.#mouth.say(event('completed'), {
      ...at,
      transcript,
      usage: soundUsage(bySecond, ms, transcript),
      ...(languages ? { languages: [{ code: 'en' }] } : {}),
      ...(logprobs ? { logprobs: words.map(({ text }) => logprob(text)) } : {}),
    });
  }

  /** As they come; or, where finals are repeated, two turns the wrong way round and each twice. */
  #inOrder(final: () => void): void {
    if (this.#fault?.name !== 'repeated') {
      final();
      return;
    }
    const earlier = this.#held;
    if (!earlier) {
      this.#held = final;
      this.#mouth.link.after(heldMs, () => {
        if (this.#held !== final) return;
        this.#held = undefined;
        for (const each of [final, final]) each();
      });
      return;
    }
    this.#held = undefined;
    for (const each of [final, earlier, final, earlier]) each();
  }

  async #goOn(turn: Turn): Promise<void> {
    do this.#delta(turn, ' and');
    while (await slept(this.#service.clock, dripMs, this.#mouth.link.stop));
  }

  #delta({ item }: Turn, delta: string): void {
    this.#mouth.say(event('delta'), { item_id: item, content_index: 0, delta, ...(this.manner?.logprobs ? { logprobs: [logprob(delta)] } : {}) });
  }

  #fail({ item }: Turn, { type, code, message }: ErrorBody): void {
    this.#mouth.say(event('failed'), { item_id: item, content_index: 0, error: { type, code, message, param: null } });
  }
}

const logprob = (token: string) => ({ token, logprob: -0.05, bytes: [...Buffer.from(token)] });
