import { parentPort, workerData } from 'node:worker_threads';
import type { ProblemCode } from '../core/problem.ts';
import type { Job, Question } from './asked-store.ts';
import { type Taken, takeUp } from './sqlite-jottings.ts';
import { type LogOptions, SqliteLog } from './sqlite-log.ts';
import { storageProblem } from './storage-problem.ts';

/** What the store asks of its writing thread. */
export type Asked = Question | { readonly type: 'open'; readonly jottings: string } | { readonly type: 'close' };

/** What it answers once it is open. */
export type Opened = { readonly epoch: string; readonly taken: Taken | undefined };

/** What the thread answers: a value, or what went wrong and why. */
export type Answer = { call: number; value?: unknown; problem?: { code: ProblemCode; message: string; cause?: string } };

let log: SqliteLog | undefined;
let lines = 0;
let waiting: { call: number; question: Job }[] = [];

const answer = (message: Answer | 'waits') => parentPort!.postMessage(message);

function refuse(call: number, error: unknown): void {
  const { code, message, cause } = storageProblem(error);
  answer({ call, problem: { code, message, ...(cause !== undefined && { cause: String(cause) }) } });
}

/** Everything that waited goes into one commit, and is answered after it. */
function flush(open: SqliteLog): void {
  const batch = waiting;
  waiting = [];
  if (batch.length === 0) return;
  const errors = open.together(batch.map(({ question }) => question));
  for (const [index, { call }] of batch.entries()) {
    const error = errors[index];
    if (error) refuse(call, error);
    else answer({ call });
  }
  for (const { question } of batch) lines += question.type === 'append' ? question.entries.length : 1;
  if (lines < bringHomeEvery) return;
  lines = 0;
  open.bringHome();
}

/** Lines before what is new is brought home: at most half a megabyte, which takes 2 ms, where eight times as much takes 40. */
const bringHomeEvery = 100;

/** So long nobody must have asked anything before the thread does what can wait, and so long it listens between one piece of that and the next, in ms. */
const [calm, breath] = [2_500, 10];
let atRest: NodeJS.Timeout | undefined;

/** Once nobody has asked anything for so long, what lies loose is bound, a sheet at a time. */
function tidyAfter(ms: number): void {
  clearTimeout(atRest);
  if (!log?.isLoose) return;
  atRest = setTimeout(() => {
    log?.tidy();
    log?.bringHome();
    tidyAfter(breath);
  }, ms);
}

function respond(open: SqliteLog, question: Exclude<Asked, Job>): unknown {
  switch (question.type) {
    case 'open':
      return { epoch: open.epoch, taken: takeUp(open, question.jottings) } satisfies Opened;
    case 'read':
      return open.read(question.id, question.after, question.limit);
    case 'sounds':
      return open.sounds(question.id, question.after, question.limit);
    case 'list':
      return open.list();
    case 'scrub':
      return open.scrub(question.id, question.seqs);
    case 'drop':
      return open.dropSounds(question.id, question.from, question.to);
    case 'erase':
      return open.erase(question.id);
    case 'close':
      return open.close();
  }
}

parentPort!.on('message', ({ call, question }: { call: number; question: Asked }) => {
  try {
    log ??= new SqliteLog(workerData as LogOptions, () => answer('waits'));
    const open = log;
    if (question.type === 'append' || question.type === 'keep') {
      if (waiting.length === 0)
        setImmediate(() => {
          flush(open);
          // only now it is known whether a sheet is full
          tidyAfter(calm);
        });
      waiting.push({ call, question });
    } else {
      flush(open);
      answer({ call, value: respond(open, question) });
    }
  } catch (error) {
    refuse(call, error);
  }
  tidyAfter(calm);
});
