import { type Channel, channel } from '../../core/flow.ts';
import type { Introduction } from '../../core/guest.ts';
import type { Clock } from '../../core/ports.ts';
import { repeats, saysSame } from '../repeated-text.ts';
import { type LineEnd, type VendorLine, vendorLine } from '../vendor-line.ts';
import { LateProblem, VendorProblem } from '../vendor-problem.ts';
import { agentProblem, readAgent } from './agent-messages.ts';
import { type AgentTurn, agentTurn } from './agent-turn.ts';

/** What an ear wants to know of an agent: what it understands of a turn, and what of one that is over. */
export type AgentHeard = { readonly type: 'partial' | 'heard'; readonly text: string };

/** How an agent takes and gives sound. */
export type AgentFormats = { readonly input: string; readonly output: string };

export type AgentLineParts = {
  /** Where it is dialled; asked anew for each line. */
  readonly address: (stop: AbortSignal) => Promise<string>;
  readonly introduction: Introduction;
  /** Whether our instructions take the place of its own. */
  readonly changes: boolean;
  readonly clock: Clock;
  /** How long it may take to be there, in ms. */
  readonly patience: number;
  /** Told of every text that it speaks. */
  readonly onSays: (text: string) => void;
  /** Told why it ended, unless that was wanted. */
  readonly onOver: (problem?: VendorProblem) => void;
};

/** A line to an agent, which listens to one conversation. */
export type AgentLine = {
  readonly ready: Promise<AgentFormats>;
  readonly over: boolean;
  /** When it last said anything at all. */
  readonly alive: number;
  readonly unsent: number;
  /** What it hears from now on, and what it has heard since nobody listened; ends with a problem when the line does. */
  listen(): Channel<AgentHeard>;
  send(message: object): void;
  /** Tells it what needs no answer. */
  tell(text: string): void;
  /** Tells it a turn that it did not hear. */
  say(words: string): AgentTurn;
  /** The newest turn that it heard is written down in these words. */
  written(words: string): void;
  /** The turn of these words, where it heard them. */
  turnOf(words: string): AgentTurn | undefined;
  /** The turn whose answer is this text. */
  spoke(text: string): AgentTurn | undefined;
  close(problem?: VendorProblem): void;
};

/** So many messages wait for their reader before a line counts as mad, and so many turns are remembered. */
const flood = 2_000;
const remembered = 4;

/** Whether a text has any word. */
export const isWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/** Opens a line. */
export function agentLine({ address, introduction, changes, clock, patience, onSays, onOver }: AgentLineParts): AgentLine {
  const ready = Promise.withResolvers<AgentFormats>();
  ready.promise.catch(() => undefined);
  const gone = new AbortController();
  const late = new AbortController();
  let line: VendorLine | undefined;
  let over: VendorProblem | true | undefined;
  let alive = clock.now();
  let turns: AgentTurn[] = [];
  let ear: Channel<AgentHeard> | undefined;
  let unheard: AgentHeard[] = [];
  let before: { readonly id: number | undefined; readonly text: string } | undefined;

  const finish = (problem: VendorProblem | true) => {
    if (over) return;
    over = problem;
    late.abort();
    gone.abort();
    const why = problem === true ? ended({ opened: true, code: 1000, reason: '' }) : problem;
    ready.reject(why);
    ear?.end(problem === true ? undefined : problem);
    for (const turn of turns) turn.end(why);
    line?.close();
    onOver(problem === true ? undefined : problem);
  };
  const begin = (turn: AgentTurn): AgentTurn => {
    turns.at(-1)?.end();
    turns = [...turns, turn].slice(-remembered);
    return turn;
  };
  const send = (message: object) => line?.send(message);
  const tell = (text: string) => send({ type: 'contextual_update', text });

  const hear = (heard: AgentHeard) => {
    if (ear?.offer(heard) === heard || !ear) unheard = [...unheard, heard].slice(-remembered);
  };
  const onMessage = (message: unknown) => {
    const news = over ? undefined : readAgent(message);
    if (over) return;
    alive = clock.now();
    switch (news?.type) {
      case 'ready':
        late.abort();
        tell(introduction.past);
        return ready.resolve(news);
      case 'ping':
        return void clock.sleep(news.after, gone.signal).then(
          () => send({ type: 'pong', event_id: news.id }),
          () => undefined,
        );
      case 'partial':
        return isWords(news.text) ? hear(news) : undefined;
      case 'heard': {
        // some say everything twice
        const again = before !== undefined && (news.id === undefined ? repeats(news.text, before.text) : news.id === before.id);
        if (again && saysSame(news.text, before!.text)) return;
        before = news;
        if (isWords(news.text)) begin(agentTurn(news.text, clock));
        return hear({ type: 'heard', text: isWords(news.text) ? news.text : '' });
      }
      case 'says': {
        const turn = turns.at(-1);
        // what it says of its own accord belongs to nobody's turn
        if (turn?.text !== undefined && turn.text === news.text) return;
        turn?.says(news.text);
        return onSays(news.text);
      }
      case 'sound':
        return turns.at(-1)?.sounds(news.bytes, news.letters);
      case 'interrupted':
        return turns.at(-1)?.interrupt();
      case 'tool':
        return send({ type: 'client_tool_result', tool_call_id: news.id, result: 'There are no tools here.', is_error: true });
      case 'wrong':
        return finish(news.problem);
    }
  };

  const dial = async () => {
    const where = await address(gone.signal);
    if (over) return;
    line = vendorLine({
      address: where,
      patience,
      onOpen: () => send(openingOf(introduction, changes)),
      onMessage,
      onEnd: (end) => finish(ended(end)),
    });
  };
  dial().catch((problem) => finish(problem));
  clock.sleep(patience, late.signal).then(
    () => finish(new LateProblem('ears_failed', 'The agent at ElevenLabs did not answer in time.')),
    () => undefined,
  );

  return {
    ready: ready.promise,
    get over() {
      return over !== undefined;
    },
    get alive() {
      return alive;
    },
    get unsent() {
      return line?.unsent ?? 0;
    },
    listen() {
      ear = channel<AgentHeard>(flood);
      for (const heard of unheard) if (heard.type === 'heard') ear.offer(heard);
      unheard = [];
      if (over) ear.end(over === true ? undefined : over);
      return ear;
    },
    send,
    tell,
    say(words) {
      send({ type: 'user_message', text: words });
      return begin(agentTurn('', clock));
    },
    written(words) {
      const turn = turns.at(-1);
      if (turn) turn.words = words;
    },
    turnOf: (words) => turns.findLast((turn) => isWords(turn.words) && saysSame(turn.words, words)),
    spoke: (text) => turns.findLast((turn) => turn.text === text),
    close: (problem) => finish(problem ?? true),
  };
}

/** The first message: what the talk is about, and what shall be other than the agent's owner has set it. */
const openingOf = ({ instructions, facts, language }: Introduction, changes: boolean): object => ({
  type: 'conversation_initiation_client_data',
  dynamic_variables: facts,
  ...(changes && {
    conversation_config_override: {
      agent: { prompt: { prompt: instructions }, first_message: '', ...(language && { language: language.slice(0, 2).toLowerCase() }) },
    },
  }),
});

/** What an end means that we did not ask for. */
function ended({ opened, status, code }: LineEnd): VendorProblem {
  if (status === 429) return agentProblem('', 'too many');
  if (code === 1008 || (status !== undefined && status < 500)) return agentProblem('', 'not authorized');
  return new VendorProblem('ears_failed', opened ? 'The line to ElevenLabs broke.' : 'ElevenLabs could not be reached.');
}
