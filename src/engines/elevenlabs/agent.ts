import type { Budgets } from '../../core/budgets.ts';
import type { Guest, GuestSeat, Introduction } from '../../core/guest.ts';
import type { Clock, Transcriber, Voice } from '../../core/ports.ts';
import { asProblem, Problem } from '../../core/problem.ts';
import type { Breaker } from '../breaker.ts';
import type { Account } from '../purse.ts';
import { LateProblem, type VendorProblem } from '../vendor-problem.ts';
import { vendorVoice, type Waits } from '../vendor-voice.ts';
import { type AgentAddress, agentAddress } from './agent-address.ts';
import { agentEars } from './agent-ears.ts';
import { type AgentLine, agentLine } from './agent-line.ts';
import { rateOf } from './agent-sound.ts';
import type { AgentTurn } from './agent-turn.ts';

export type AgentOptions = AgentAddress & {
  /** Whether our instructions take the place of its own, as far as its owner allows that. */
  readonly changes: boolean;
  readonly clock: Clock;
  readonly budgets: Pick<Budgets, 'earsConnect' | 'earsMute' | 'earsLast' | 'modelFirst'>;
  readonly waits: Waits;
  /** How its lines do; its ears and its answers share them. */
  readonly breaker: Breaker;
  /** What may be heard and spoken; told of each text that it speaks. */
  readonly account: Account;
  readonly spoken: (talk: string, characters: number) => void;
};

/** An agent at ElevenLabs as a whole coach: its ears, its answers, and its voice for them share one line for each conversation. */
export type ElevenLabsAgent = Guest & {
  readonly ears: Transcriber;
  /** Its voice in a conversation: speaks only what it has just said there. */
  voiceOf(talk: string): Voice;
  /** Whether it has just said this there, and how that sounds is to be had. */
  hasSaid(talk: string, text: string): boolean;
  close(): Promise<void>;
};

/** A line is let go before the vendor ends it, which it does after 60 s without the user; and soon where nobody listens any more. In ms. */
const idle = 45_000;
const resting = 5_000;
/** So long a refusal that nobody noticed still counts, in ms. */
const fresh = 10_000;

const name = 'The agent at ElevenLabs';
const stranger: Introduction = { instructions: '', facts: {}, past: '' };

/** Makes such an agent. */
export function elevenLabsAgent({ changes, clock, budgets, waits, breaker, account, spoken, ...where }: AgentOptions): ElevenLabsAgent {
  const address = agentAddress(where);
  const lines = new Map<string, AgentLine>();
  const guests = new Map<string, () => Introduction>();
  const users = new Map<AgentLine, number>();
  const leaving = new Map<AgentLine, AbortController>();
  /** Lines of talks in which nobody listens any more. */
  const rested = new Set<AgentLine>();
  /** Why the last line of a talk ended, if it is better not asked again so soon. */
  const refusals = new Map<string, { readonly problem: VendorProblem; readonly at: number }>();

  /** A line may be refused when it has just heard all that it was to hear: then nobody has noticed. */
  const refusedBefore = (talk: string): VendorProblem | undefined => {
    const { problem, at } = refusals.get(talk) ?? {};
    refusals.delete(talk);
    return !breaker.trouble && at !== undefined && clock.now() - at < fresh ? problem : undefined;
  };

  const lineFor = (talk: string): AgentLine => {
    const known = lines.get(talk);
    if (known && !known.over) return known;
    const refused = refusedBefore(talk);
    if (refused) throw refused;
    const line = agentLine({
      address,
      introduction: (guests.get(talk) ?? (() => stranger))(),
      changes,
      clock,
      patience: budgets.earsConnect,
      onSays: (text) => spoken(talk, text.length),
      onOver: (problem) => {
        if (lines.get(talk) === line) lines.delete(talk);
        if (problem && (problem.fatal || problem.after !== undefined)) refusals.set(talk, { problem, at: clock.now() });
        leaving.get(line)?.abort();
        leaving.delete(line);
        users.delete(line);
        rested.delete(line);
      },
    });
    lines.set(talk, line);
    return line;
  };
  /** Whoever is not used for a while is let go. */
  const leaveSoon = (line: AgentLine) => {
    leaving.get(line)?.abort();
    if (line.over || users.get(line)) return;
    const timer = new AbortController();
    leaving.set(line, timer);
    clock.sleep(rested.has(line) ? resting : idle, timer.signal).then(
      () => line.close(),
      () => undefined,
    );
  };
  const use = (line: AgentLine) => {
    leaving.get(line)?.abort();
    users.set(line, (users.get(line) ?? 0) + 1);
    return () => {
      users.set(line, (users.get(line) ?? 1) - 1);
      leaveSoon(line);
    };
  };
  const listen = (line: AgentLine) => {
    rested.delete(line);
    return use(line);
  };
  const rest = (talk: string) => {
    const line = lines.get(talk);
    if (!line || line.over) return;
    // what was said last may still be answered
    rested.add(line);
    leaveSoon(line);
  };

  /** Waits for the answer to a turn, but not for long. */
  const answerOf = (turn: AgentTurn, stop: AbortSignal): Promise<string | undefined> => {
    const done = new AbortController();
    const late = new LateProblem('brain_failed', `${name} did not answer in time.`);
    return new Promise<string | undefined>((resolve, reject) => {
      const onStop = () => resolve(undefined);
      stop.addEventListener('abort', onStop, { once: true });
      done.signal.addEventListener('abort', () => stop.removeEventListener('abort', onStop), { once: true });
      clock.sleep(budgets.modelFirst, done.signal).then(
        () => reject(late),
        () => undefined,
      );
      turn.answer.then(resolve, reject);
    }).finally(() => done.abort());
  };

  const saidTurn = (talk: string, text: string) => lines.get(talk)?.spoke(text);

  return {
    name,
    ears: agentEars({ line: lineFor, listen, rest, clock, budgets }),
    sit(talk, know, stop): GuestSeat {
      guests.set(talk, know);
      const leave = () => lines.get(talk)?.close();
      const onStop = () => {
        guests.delete(talk);
        refusals.delete(talk);
        leave();
      };
      stop.addEventListener('abort', onStop, { once: true });
      return {
        get trouble() {
          return account.refuses(talk) ?? breaker.trouble;
        },
        async answer({ words, told }, wanted) {
          const spentUp = account.refuses(talk);
          if (spentUp) {
            leave();
            throw spentUp;
          }
          const heard = lines.get(talk)?.turnOf(words);
          if (!heard && !breaker.ask()) throw breaker.trouble!;
          let decided = heard !== undefined;
          let line: AgentLine | undefined;
          let release: (() => void) | undefined;
          try {
            line = lineFor(talk);
            release = use(line);
            if (!heard) await line.ready;
            const text = await answerOf(heard ?? line.say(told), AbortSignal.any([wanted, stop]));
            if (text === undefined) throw new Problem('brain_failed', `${name} went on without an answer.`);
            if (!heard) breaker.well();
            decided = true;
            return text;
          } catch (thrown) {
            const problem = asProblem(thrown, 'brain_failed', `${name} failed.`);
            const isItsFault = !wanted.aborted && !stop.aborted && 'fatal' in problem;
            if (isItsFault) breaker.ill(problem as VendorProblem);
            // who has gone deaf looks well: it is asked again on another line
            if (isItsFault) line?.close();
            decided ||= isItsFault;
            throw problem;
          } finally {
            if (!decided) breaker.undecided();
            release?.();
          }
        },
        tell: (text) => lines.get(talk)?.tell(text),
        leave,
      };
    },
    hasSaid: (talk, text) => saidTurn(talk, text) !== undefined,
    voiceOf: (talk) => ({
      async *speak(text, stop) {
        const line = lines.get(talk);
        const turn = line?.spoke(text);
        const rate = line && rateOf((await line.ready).output);
        if (!turn || !rate) throw new Problem('voice_failed', `${name} has no sound for this suggestion.`);
        const voice = vendorVoice({ name, rate, clock, waits, bytes: () => turn.sound });
        try {
          yield* voice.speak(text, stop);
        } catch (problem) {
          if (!turn.interrupted) throw problem;
        }
      },
    }),
    async close() {
      for (const line of [...lines.values()]) line.close();
    },
  };
}
