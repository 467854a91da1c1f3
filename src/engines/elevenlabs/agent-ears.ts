import type { Budgets } from '../../core/budgets.ts';
import { until } from '../../core/flow.ts';
import { type Clock, lasting, type Pcm, RATE, type Transcriber, type Words } from '../../core/ports.ts';
import { unrepeated } from '../repeated-text.ts';
import { isEmpty, type Replayable, replayable } from '../replayable.ts';
import { LateProblem, VendorProblem } from '../vendor-problem.ts';
import { breathsIn } from './agent-breaths.ts';
import type { AgentLine } from './agent-line.ts';
import { soundFor } from './agent-sound.ts';

export type AgentEarsParts = {
  /** The line to the agent of a conversation. */
  readonly line: (talk: string) => AgentLine;
  /** Keeps the line while it is used; call what it returns when done. */
  readonly listen: (line: AgentLine) => () => void;
  readonly rest: (talk: string) => void;
  readonly clock: Clock;
  readonly budgets: Pick<Budgets, 'earsMute' | 'earsLast'>;
};

/** The agent ends a turn where it hears silence: so much at once, then as it passes, in ms. */
const silence = 1_000;
const step = 100;
/** So long more words may come where the agent may have taken a breath for the end of a turn, in ms: while somebody speaks, and where much was sent at once. */
const afterthought = 300;
const hurriedThought = 800;
/** Unsent bytes above which nothing more is given to a line. */
const enough = 262_144;

const zeros = (ms: number) => new Int16Array((ms * RATE) / 1_000);

/** The ears of an agent: it hears each utterance while it lasts, and once more from its beginning where its line breaks. One utterance at a time. */
export function agentEars({ line: lineFor, listen, rest, clock, budgets }: AgentEarsParts): Transcriber {
  /** Who listens now, for each conversation. */
  const floors = new Map<string, Promise<void>>();

  async function* heardOn(line: AgentLine, utterance: Replayable<Pcm>, stop: AbortSignal): AsyncGenerator<Words, boolean, undefined> {
    const make = soundFor((await line.ready).input);
    const over = new AbortController();
    const here = AbortSignal.any([stop, over.signal]);
    const since = clock.now();
    const news = line.listen();
    let lapse: Error | undefined;
    const breaths = breathsIn();
    let [open, done, sent, finals] = ['', '', 0, 0];
    let committed = false;
    let settling = new AbortController();

    const alarm = (ms: number, quiet: AbortSignal, ring: () => void) =>
      void clock.sleep(ms, AbortSignal.any([quiet, over.signal])).then(
        () => {
          ring();
          over.abort();
        },
        () => undefined,
      );
    const late = (what: string) => () => {
      lapse ??= new LateProblem('ears_failed', `The agent at ElevenLabs ${what}.`);
    };
    const send = (samples: Int16Array) => line.send({ user_audio_chunk: make(samples) });
    /** Whether anything follows is only known by waiting. */
    const settle = () => {
      settling.abort();
      settling = new AbortController();
      const hurried = sent > clock.now() - since + silence;
      alarm(hurried ? hurriedThought : afterthought, settling.signal, () => undefined);
    };

    const write = async () => {
      for await (const pcm of until(utterance.read(), here)) {
        send(pcm.samples);
        sent += lasting(pcm.samples.length);
        breaths.hear(pcm.samples);
        while (line.unsent > enough && !here.aborted) await clock.sleep(step / 5, here).catch(() => undefined);
        if (clock.now() - Math.max(since, line.alive) > budgets.earsMute) late('says nothing though somebody speaks')();
        if (lapse) return over.abort();
      }
      if (here.aborted) return;
      committed = true;
      if (breaths.isSilence && done === '' && open === '') return over.abort();
      if (done !== '' && open === '') settle();
      const ended = clock.now();
      alarm(budgets.earsLast, over.signal, () => {
        // about what was no speech it says nothing, while it is well
        const isAll = open === '' && (done !== '' || line.alive > ended);
        if (!isAll) late('did not send the words of what was just said in time')();
      });
      for (let rest = silence; !here.aborted; rest = step) {
        send(zeros(rest));
        await clock.sleep(step, here).catch(() => undefined);
      }
    };
    const writing = write().catch((error) => {
      lapse ??= error;
      over.abort();
    });
    const told = (): Words => ({ text: [done, open].filter(Boolean).join(' '), words: [], confidence: null, final: false });

    try {
      for await (const heard of until(news, here)) {
        settling.abort();
        if (heard.type === 'partial') open = heard.text;
        else {
          open = '';
          done = [done, unrepeated(heard.text, sent)].filter(Boolean).join(' ');
          if (heard.text !== '') finals += 1;
          // it may end a turn at each breath, and nobody says which was the last
          if (committed && news.size === 0 && (finals > breaths.count || heard.text === '')) break;
          if (committed) settle();
        }
        if (open !== '' || done !== '') yield told();
      }
    } catch (problem) {
      lapse ??= problem as Error;
    } finally {
      over.abort();
      settling.abort();
      await writing;
    }
    if (stop.aborted) return false;
    if (lapse) throw lapse;
    // words that come after all must not be taken for those of the next utterance
    if (done === '') return breaths.isSilence;
    line.written(done);
    yield { ...told(), final: true };
    return true;
  }

  async function* attempt(utterance: Replayable<Pcm>, talk: string, stop: AbortSignal): AsyncGenerator<Words, void, undefined> {
    const line = lineFor(talk);
    const release = listen(line);
    const letGo = () => line.close();
    stop.addEventListener('abort', letGo, { once: true });
    let fit = false;
    try {
      fit = yield* heardOn(line, utterance, stop);
    } finally {
      stop.removeEventListener('abort', letGo);
      // who stands in the middle of an utterance would take the next one for its end
      if (!fit) line.close();
      release();
    }
  }

  return {
    async *transcribe(sound, { talk = '' }, stop) {
      if (stop.aborted) return;
      const utterance = replayable(sound);
      const before = floors.get(talk);
      const floor = Promise.withResolvers<void>();
      floors.set(talk, floor.promise);
      try {
        await before;
        if (await isEmpty(utterance, stop)) return;
        for (let again = false; !stop.aborted; again = true) {
          try {
            yield* attempt(utterance, talk, stop);
            return;
          } catch (problem) {
            if (stop.aborted) return;
            const passing = problem instanceof VendorProblem && !(problem instanceof LateProblem) && !problem.fatal && problem.after === undefined;
            if (again || !passing) throw problem;
          }
        }
      } finally {
        floor.resolve();
        if (floors.get(talk) === floor.promise) floors.delete(talk);
        utterance.release();
      }
    },
    rest,
  };
}
