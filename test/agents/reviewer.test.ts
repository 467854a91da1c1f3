import { describe, expect, it } from 'vitest';
import { reviewer } from '../../src/agents/reviewer.ts';
import { conversation } from '../../src/core/conversation.ts';
import type { Entry } from '../../src/core/entry.ts';
import { rulesReview } from '../../src/insight/report.ts';

const now = () => Date.parse('2026-01-05T09:00:00.000Z');
const never = new AbortController().signal;

/** A conversation over a disk that is an array, and may refuse one type of entry once. */
function talkOn(disk: Entry[], refuse: { type?: Entry['type'] } = {}) {
  return conversation(
    'c1',
    [...disk],
    async (entries) => {
      if (entries.some((entry) => entry.type === refuse.type)) {
        delete refuse.type;
        throw new Error('the power went out');
      }
      disk.push(...entries);
    },
    now,
  );
}

async function spoken(disk: Entry[], refuse?: { type?: Entry['type'] }) {
  const talk = talkOn(disk, refuse);
  await talk.append({ by: 'user', type: 'opened', kind: 'coach', title: 'Session', user: 'Alex', goal: 'a raise' });
  await talk.append({ by: 'ear', type: 'said', text: "Hi, I'm Alex.", via: 'voice', speaker: { who: 'user', probability: 1 } });
  return talk;
}

const typesOf = (entries: readonly Entry[]) => entries.map((entry) => entry.type);

describe('the reviewer', () => {
  it('appends one review and one end though fifty ask at once, and all get the same bytes', async () => {
    const disk: Entry[] = [];
    const talk = await spoken(disk);
    const finish = reviewer();
    const answers = await Promise.all(Array.from({ length: 50 }, () => finish(talk, never)));
    expect(typesOf(disk)).toEqual(['opened', 'said', 'ended', 'reviewed']);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]!.review).toEqual(rulesReview(disk.slice(0, 2), { overlap: false }));
  });

  it('judges the whole log: what was on its way to the disk counts, what comes later is refused', async () => {
    const disk: Entry[] = [];
    const talk = await spoken(disk);
    const late: Promise<unknown>[] = [];
    const finish = reviewer({
      review(entries) {
        late.push(talk.append({ by: 'coach', type: 'advised', text: 'Breathe.', kind: 'pace', about: 2, reason: 'Fast.', evidence: [2] }));
        late.push(talk.append({ by: 'user', type: 'rated', about: 4, useful: true }));
        return rulesReview(entries);
      },
    });
    const words = talk.append({ by: 'ear', type: 'said', text: 'That is my whole case.', via: 'voice', speaker: { who: 'user', probability: 1 } });
    const { review } = await finish(talk, never);
    await words;
    expect(await Promise.allSettled(late)).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled' }]);
    expect(review).toEqual(rulesReview(disk));
    expect(review.metrics.user_words).toBe(8);
  });

  it('counts no interruptions where one microphone hears one voice at a time: an invented 0 would be praise', async () => {
    const talk = talkOn([]);
    await talk.append({ by: 'user', type: 'opened', kind: 'coach', title: 'Session' });
    const heard = { by: 'ear', type: 'said', via: 'voice' } as const;
    await talk.append({ ...heard, text: 'Where did you work?', from: 0, to: 2_000, speaker: { who: 'other', probability: 1 } });
    await talk.append({ ...heard, text: 'By the sea.', from: 2_500, to: 4_000, speaker: { who: 'user', probability: 1 } });
    const broken = reviewer({ review: () => Promise.reject(new Error('no model')) });
    const known = { interruptions_made: null, interruptions_suffered: null };
    expect((await reviewer()(talkOn([...talk.entries]), never)).review.metrics).toMatchObject(known);
    expect((await broken(talkOn([...talk.entries]), never)).review.metrics).toMatchObject(known);
  });

  it('gives what is stored, even in another process that would judge otherwise', async () => {
    const disk: Entry[] = [];
    const before = await reviewer()(await spoken(disk), never);
    const other = reviewer({ review: (entries) => ({ ...rulesReview(entries), engine: 'another' }) });
    expect(JSON.stringify(await other(talkOn(disk), never))).toBe(JSON.stringify(before));
    expect(disk).toHaveLength(4);
  });

  it('heals a crash between the end and the review', async () => {
    const disk: Entry[] = [];
    const talk = await spoken(disk, { type: 'reviewed' });
    const finish = reviewer();
    await expect(finish(talk, never)).rejects.toThrow('the power went out');
    expect(typesOf(disk)).toEqual(['opened', 'said', 'ended']);
    await finish(talkOn(disk), never);
    expect(typesOf(disk)).toEqual(['opened', 'said', 'ended', 'reviewed']);
  });

  it('tries again when the end could not be saved', async () => {
    const disk: Entry[] = [];
    const talk = await spoken(disk, { type: 'ended' });
    const finish = reviewer();
    await expect(finish(talk, never)).rejects.toThrow('the power went out');
    await finish(talk, never);
    expect(typesOf(disk)).toEqual(['opened', 'said', 'ended', 'reviewed']);
  });

  it('reviews a conversation that somebody has already ended', async () => {
    const disk: Entry[] = [];
    const talk = await spoken(disk);
    await talk.append({ by: 'user', type: 'ended', why: 'left' });
    await reviewer()(talk, never);
    await reviewer()(talk, never);
    expect(typesOf(disk)).toEqual(['opened', 'said', 'ended', 'reviewed']);
  });

  it('falls back to the rules, and says so, when the judge fails', async () => {
    const talk = await spoken([]);
    const { review } = await reviewer({ review: () => Promise.reject(new Error('no model')) })(talk, never);
    expect(review).toEqual({ ...rulesReview(talk.entries.slice(0, 2), { overlap: false }), degraded: true });
  });

  it('lets one who stops waiting go without disturbing the others', async () => {
    const talk = await spoken([]);
    const gate = Promise.withResolvers<void>();
    const finish = reviewer({ review: (entries) => gate.promise.then(() => rulesReview(entries)) });
    const impatient = new AbortController();
    const first = finish(talk, impatient.signal);
    const second = finish(talk, never);
    impatient.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    gate.resolve();
    expect((await second).type).toBe('reviewed');
  });

  it('stops judging when nobody waits any more; whoever asks next gets the verdict', async () => {
    const disk: Entry[] = [];
    const talk = await spoken(disk);
    const finish = reviewer({
      review: (_, stop) => new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(stop.reason), { once: true })),
    });
    const control = new AbortController();
    const waiting = finish(talk, control.signal);
    control.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(typesOf(disk)).toEqual(['opened', 'said', 'ended']);
    expect((await reviewer()(talk, never)).review.engine).toBe('rules');
  });
});
