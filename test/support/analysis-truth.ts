import { setTimeout as sleep } from 'node:timers/promises';
import { openSession } from '../../src/client/session.ts';
import type { Entry, Review } from '../../src/core/entry.ts';
import { childServer } from './child-server.ts';
import { feedbackFaults } from './feedback-faults.ts';
import { freePort } from './free-port.ts';
import { logOf } from './history.ts';
import { newFolder } from './new-folder.ts';
import { pullClient } from './pull-client.ts';
import { interview } from './served.ts';
import { seeded } from './speech-like.ts';
import { faultScript, type Phase } from './vendors/faults.ts';
import type { Answers } from './vendors/openai-answers.ts';
import { simulatedOpenAi } from './vendors/openai-simulator.ts';
import { within } from './within.ts';

/** What somebody says, and what a model praises in it. */
const lines = [
  ['user', "Hi, I'm Alex."],
  ['other', 'Why should we hire you for this role?'],
  ['user', 'Because I led three migrations last year, um, and we cut the cost by forty percent.'],
  ['other', 'What salary do you expect?'],
  ['user', 'What does the team look like, and how do you decide what to build?'],
] as const;
const [, , [, praised], [, asked], [, question]] = lines;

/** What stands in no log: whoever cites it has invented it. */
const nowhere = 9_999;
/** Each analysis asks for another number of stories, so that none is like the one before. */
const numbers = ['one', 'two', 'three'];

/** A model that analyses what it is shown, another way each time, with one request of four that cites what is not there; `asks` counts how often. */
function analyst() {
  let asks = 0;
  const answers: Answers = ({ messages, schema }) => {
    if (!JSON.stringify(schema).includes('"takeaways"')) return '{}';
    const shown = messages.map(({ content }) => content).join('\n');
    const seqOf = (text: string) => Number(new RegExp(`"seq":(\\d+),"speaker":"[^"]*","text":"${text.replace(/[?.]/g, '\\$&')}`).exec(shown)?.[1]);
    const [praise, salary, team] = [praised, asked, question].map(seqOf);
    const count = numbers[asks % numbers.length]!;
    asks += 1;
    return JSON.stringify({
      stars: [
        { text: 'You gave a result: “we cut the cost by forty percent”', cites: [praise] },
        { text: 'You asked about them: “What does the team look like”', cites: [team] },
      ],
      wish: { text: 'Next time, name your own number before you ask back.', cites: [salary] },
      takeaways: [
        { text: 'Bring the paper that nobody has spoken of here.', cites: [nowhere] },
        { text: `Prepare ${count} of your stories in writing.`, cites: [praise] },
        { text: 'Write down what you would like to earn.', cites: [salary] },
        { text: 'Ask about the team before they do.', cites: [team] },
      ],
      bullets: [{ text: 'You talked about the migrations and the team.', cites: [praise, team] }],
      moments: [{ seq: praise, kind: 'best_answer', quote: 'I led three migrations last year', why: 'It shows what you can do.' }],
    });
  };
  return {
    answers,
    get asks() {
      return asks;
    },
  };
}

/** Where a takeaway of a model cites what is no line of that log. */
function unfounded({ takeaways, claims }: Review, log: readonly Entry[]): string[] {
  const known = claims?.takeaways.filter(({ text }) => takeaways.includes(text)) ?? [];
  return known.flatMap(({ text, cites }) =>
    cites.length > 0 && cites.every((seq) => log[seq - 1]?.type === 'said') ? [] : [`a takeaway cites ${cites}: ${text}`],
  );
}

/** What became of analyses in the middle of which the service was killed: what was wrong, in words, how many a model wrote to the end and how many the rules had to, and the slowest, in ms. */
export type AnalysisTruth = {
  readonly faults: readonly string[];
  readonly byModel: number;
  readonly partial: number;
  readonly takeaways: number;
  readonly slowest: number;
  readonly complaints: string;
};

/** How far a session's analysis is when the service is killed: asked for, half written, somewhere in it, told already, or asked for with a model that hangs afterwards as well. */
const stages = ['asked', 'written', 'somewhere', 'told', 'hanging'] as const;
const phaseOf: Partial<Record<(typeof stages)[number], Phase>> = { asked: 'first', written: 'stream', hanging: 'first' };

/** Kills the service while a model is asked for the analyses of five sessions, each by many at once, and lets everybody ask again. `cwd`: the house whose service it is. */
export async function analysisTruth({
  kills,
  seed,
  atOnce = 20,
  cwd = '.',
}: {
  kills: number;
  seed: number;
  atOnce?: number;
  cwd?: string;
}): Promise<AnalysisTruth> {
  const random = seeded(seed);
  const model = analyst();
  const script = faultScript(/responses|completions/);
  const openAi = await simulatedOpenAi({ answers: model.answers, faults: script, delays: { firstToken: 60 }, tokensPerSecond: 500 });
  const own = {
    PORT: String(await freePort()),
    DATA_DIR: newFolder(),
    VOICE: 'none',
    BRAIN: 'openai',
    OPENAI_API_KEY: 'a-key-of-this-test',
    OPENAI_BASE_URL: openAi.url,
    OPENAI_DIALECT: 'openai',
    // a model that hangs is not waited for as long as it usually would be
    BUDGETS: 'reviewModel=6000,sessionsPerMinute=100000',
  };
  let server = await childServer(own, { cwd });
  const faults: string[] = [];
  let complaints = '';
  let [byModel, partial, takeaways, slowest] = [0, 0, 0, 0];

  const finish = async (id: string) => {
    try {
      const answer = await fetch(`${server.base}/session/${id}/finish`, { method: 'POST' });
      return { status: answer.status, body: await answer.text() };
    } catch {
      return undefined;
    }
  };
  const finishing = (id: string) => Promise.all(Array.from({ length: atOnce }, () => finish(id)));
  const hangsAt = (phase: Phase) =>
    openAi.calls.some(({ fault, gone, got, sent }) => fault?.phase === phase && !gone && (phase === 'stream' ? sent : got).length > 0);
  /** The next question hangs; answers once it does. */
  async function hung<T>(phase: Phase, asking: () => Promise<T>): Promise<{ answers: Promise<T> }> {
    const before = openAi.calls.length;
    script.next('hang', phase);
    const answers = asking();
    const isThere = async () => {
      while (openAi.calls.length === before || !hangsAt(phase)) await sleep(5);
    };
    await within(isThere(), `a model that hangs at ${phase}`);
    return { answers };
  }

  /** A session in which everything was said that there is to say. */
  async function talked(): Promise<string> {
    const { id } = await openSession(server.base, interview);
    const client = pullClient(`${server.base.replace('http', 'ws')}/ws/${id}`);
    await client.next('hello');
    for (const [speaker, text] of lines) client.send({ type: 'said', text, speaker });
    const stopped = client.next('stopped');
    client.send({ type: 'stop' });
    await stopped;
    client.terminate();
    return id;
  }

  for (let kill = 0; kill < kills; kill += 1) {
    const ids = await Promise.all(stages.map(talked));
    const since = performance.now();
    const early: Promise<Awaited<ReturnType<typeof finish>>[]>[] = [];
    for (const [index, stage] of stages.entries()) {
      const phase = phaseOf[stage];
      if (phase) early[index] = (await hung(phase, () => finishing(ids[index]!))).answers;
      else if (stage === 'told') early[index] = Promise.resolve(await finishing(ids[index]!));
    }
    early[stages.indexOf('somewhere')] = finishing(ids[stages.indexOf('somewhere')]!);
    await sleep(random() * 600);
    await server.end('SIGKILL');
    complaints += server.complained();
    const got = await Promise.all(early);
    server = await childServer(own, { cwd });
    const late = await hung('first', () => finishing(ids.at(-1)!));
    const asksBefore = model.asks;
    const again = await Promise.all([...ids.slice(0, -1).map(finishing), late.answers]);
    slowest = Math.max(slowest, performance.now() - since);
    for (const [index, stage] of stages.entries()) {
      const log = await logOf(server.base, ids[index]!);
      const told = got[index]!.filter((answer) => answer !== undefined);
      const found = feedbackFaults([...told, ...again[index]!], log);
      const reviewed = log.findLast((entry) => entry.type === 'reviewed');
      if (!reviewed) found.push('no review');
      else {
        found.push(...unfounded(reviewed.review, log));
        takeaways += reviewed.review.takeaways.length;
        if (reviewed.review.degraded) partial += 1;
        else byModel += 1;
        if (reviewed.review.degraded !== (stage === 'hanging')) found.push(`${reviewed.review.degraded ? '' : 'not '}flagged as partial`);
      }
      if (stage === 'told' && told.length !== atOnce) found.push('somebody was not told before the kill');
      faults.push(...found.map((fault) => `${stage}: ${fault}`));
    }
    // what was told is not analysed again, and the model that hangs was asked before
    if (model.asks - asksBefore > 3) faults.push(`${model.asks - asksBefore} analyses after a restart`);
  }
  await server.end();
  await openAi.close();
  return { faults, byModel, partial, takeaways, slowest, complaints: complaints + server.complained() };
}
