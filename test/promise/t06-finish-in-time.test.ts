import { describe, expect, test } from 'vitest';
import { modelReview } from '../../src/agents/model-review.ts';
import { reviewer } from '../../src/agents/reviewer.ts';
import { finishing } from '../../src/api/finishing.ts';
import { soundWays } from '../../src/api/sound.ts';
import { tape } from '../../src/api/tape.ts';
import { secondHearing } from '../../src/audio/second-hearing.ts';
import { type Budgets, budgets } from '../../src/core/budgets.ts';
import { conversation } from '../../src/core/conversation.ts';
import type { Draft } from '../../src/core/entry.ts';
import { unheard } from '../../src/core/unheard.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { answeringModel } from '../support/answering-model.ts';
import { figure } from '../support/tier.ts';
import { counting } from '../support/tone-words.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { webmOf } from '../support/webm-writer.ts';

const began = Date.parse('2026-01-05T10:00:00.000Z');
const before: readonly Draft[] = [
  { by: 'user', type: 'opened', kind: 'coach', title: 'Session', user: 'Alex', goal: 'a raise' },
  { by: 'user', type: 'consented', audio: true },
  { by: 'user', type: 'said', text: 'I would like to talk about my salary.', via: 'text', speaker: { who: 'user', probability: 1 } },
];
const spoken = webmOf(counting(0, [3]));

/** Never comes to an end before it is stopped. */
const hanging = (stop: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (stop.aborted) reject(stop.reason);
    stop.addEventListener('abort', () => reject(stop.reason), { once: true });
  });

/** Finishes a session whose process died with kept sound unheard, and whose ears, second ears and model all hang; its log, and how long it took. */
async function finishedAfterACrash({ bounds = budgets, ear = hanging }: { bounds?: Budgets; ear?: (stop: AbortSignal) => Promise<void> } = {}) {
  const clock = virtualClock(began);
  const store = memoryStore();
  const talk = conversation('c1', [], (entries) => store.append('c1', entries), clock.now);
  for (const draft of before) await talk.append(draft);
  const kept = tape(store);
  for (const [index, bytes] of spoken.entries()) await kept.put(talk.id, { no: index + 1, at: index * 100, bytes });
  // a recorder that sent bare samples for a minute
  for (let no = spoken.length + 1; no <= 40; no += 1) await kept.put(talk.id, { no, at: no * 100, bytes: new Uint8Array(96_000) });
  const ways = soundWays({
    listen: () => Promise.reject(new Error('nobody sends anything')),
    listenAgain: (_talk, _pieces, _numbered, stop) => ear(stop),
    tape: kept,
    clock,
    budgets: bounds,
  });
  const patience = bounds.hearAgain;
  const judge = modelReview({ model: answeringModel('hang'), name: 'a model', clock, patience: bounds.reviewModel, newMark: () => 'm'.repeat(16) });
  const finish = reviewer({
    review: judge,
    hearAgain: secondHearing({ pieces: kept.pieces, listener: { listen: (_recording, _hints, stop) => hanging(stop) }, clock, patience }),
  });
  let took: number | undefined;
  void finishing({ flush: ways.flush, finish, clock, budgets: bounds })(talk, new AbortController().signal).then(() => {
    took = clock.now() - began;
  });
  for (let waited = 0; took === undefined && waited < 120_000; waited += 1_000) await clock.advance(1_000);
  return { took: took ?? clock.now() - began, log: talk.entries, sleepers: clock.sleepers };
}

describe('T6 finish after a crash that left kept sound unheard', () => {
  test('ends in time though ears, second ears and model all hang, and all of them were waited for', async () => {
    const { took, log, sleepers } = await finishedAfterACrash();
    figure('T6', 'finished after a crash where everything hangs, ms by the budgets', took, { most: 30_000 });
    expect(took).toBeGreaterThan(budgets.keptWords + budgets.hearAgain);
    expect(log.slice(before.length).map(({ type }) => type)).toEqual(['failed', 'ended', 'reviewed']);
    expect(unheard(log)).toEqual([expect.objectContaining({ from: 0, to: 4_000 })]);
    expect(log.at(-1)).toMatchObject({ review: { degraded: true, heard_again: { why: expect.stringMatching(/too long/) } } });
    expect(sleepers).toBe(0);
  });

  test('it catches: each part takes its own time, and nobody adds them up', async () => {
    const { took } = await finishedAfterACrash({ bounds: { ...budgets, finish: 60_000 } });
    expect(took).toBeGreaterThan(30_000);
  });
});
