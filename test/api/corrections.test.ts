import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelReview } from '../../src/agents/model-review.ts';
import { reviewer } from '../../src/agents/reviewer.ts';
import { feedbackOf } from '../../src/api/coach.ts';
import { conversation } from '../../src/core/conversation.ts';
import type { Draft, Entry, Review } from '../../src/core/entry.ts';
import { unproved } from '../../src/insight/evidence.ts';
import { recounted } from '../../src/insight/recounted.ts';
import { rulesReview } from '../../src/insight/report.ts';
import { labelled } from '../insight/labelled.ts';
import { corrected } from '../insight/random-log.ts';
import { answeringModel } from '../support/answering-model.ts';
import { honest } from '../support/honest-answer.ts';
import { finished, interviewOf, talked } from '../support/past-talk.ts';
import { served } from '../support/served.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const dialogue = (name: string) => labelled.find((one) => one.name === name)!.entries;
const never = new AbortController().signal;
const hearing = { overlap: false };

/** A log that stays in memory. */
const logOver = (entries: readonly Entry[]) =>
  conversation(
    'a talk',
    entries,
    async () => undefined,
    () => Date.parse('2026-01-05T12:00:00.000Z'),
  );

/** The same feedback without who wrote down what of it when. */
const toldOf = (entries: readonly Entry[]) => {
  const { transcript, ...rest } = feedbackOf(logOver(entries))!;
  return { ...rest, transcript: transcript.map(({ seq: _, ...line }) => line) };
};

const isCorrection = ({ type }: Entry) => type === 'corrected';

describe('lines that are corrected after the end', () => {
  test('the feedback is that of a log in which the words had been so from the start', async () => {
    await fc.assert(
      fc.asyncProperty(corrected(), async ({ mended, straight }) => {
        const judged = async (entries: readonly Entry[]) => {
          const talk = logOver(entries);
          await reviewer()(talk, never);
          return talk;
        };
        const talk = await judged(mended.filter((entry) => !isCorrection(entry)));
        for (const { seq: _, at: __, ...draft } of mended.filter(isCorrection)) await talk.append(draft as Draft);
        const fresh = await judged(straight);
        expect(toldOf(talk.entries)).toEqual(toldOf(fresh.entries));
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  test('without a correction the feedback is what was written, whatever rules would say today', () => {
    const entries = dialogue('interview');
    const review: Review = { ...rulesReview(entries, hearing), wish: 'Words of an older version.' };
    const end = entries.length + 1;
    const log: Entry[] = [
      ...entries,
      { seq: end, at: entries[0]!.at, by: 'reviewer', type: 'ended', why: 'finished' },
      { seq: end + 1, at: entries[0]!.at, by: 'reviewer', type: 'reviewed', review },
    ];
    expect(feedbackOf(logOver(log))!.wish).toBe('Words of an older version.');
  });

  test('after the end the ear changes its mind no more, and nobody says anything', async () => {
    const talk = logOver(dialogue('interview'));
    await reviewer()(talk, never);
    const line = talk.entries.find(({ type }) => type === 'said')!.seq;
    await expect(talk.append({ by: 'ear', type: 'corrected', of: line, text: 'no' })).rejects.toMatchObject({ code: 'session_finished' });
    await expect(talk.append({ by: 'user', type: 'said', text: 'no', via: 'text' })).rejects.toMatchObject({ code: 'session_finished' });
    expect((await talk.append({ by: 'user', type: 'corrected', of: line, text: 'yes' })).seq).toBe(talk.entries.length);
  });

  test('of what a model wrote stays what the log still proves; what it does not is taken out, counted and filled by rules', async () => {
    const entries = dialogue('interview');
    const model = answeringModel(JSON.stringify(honest));
    const asked = { model, name: 'a model', clock: virtualClock(), patience: 1_000, newMark: () => 'm'.repeat(16), hearing };
    const review = await modelReview(asked)(entries, never);
    expect(review).toMatchObject({ engine: 'a model', claims_removed: 0 });
    expect(recounted(review, entries)).toEqual(review);

    const quoted = 'I wanted to learn the business side';
    const place = entries.find((entry) => entry.type === 'said' && entry.text.includes(quoted))!;
    const after: Entry[] = [
      ...entries,
      { seq: entries.length + 1, at: place.at, by: 'user', type: 'corrected', of: place.seq, text: 'I wanted to earn more in the city.' },
    ];
    const again = recounted(review, after);
    expect(review.stars.join()).toContain(quoted);
    expect(again).toMatchObject({ engine: 'a model', degraded: false });
    expect(again.claims_removed).toBeGreaterThan(0);
    expect(JSON.stringify(again.stars)).not.toContain(quoted);
    expect(again.stars).toHaveLength(2);
    expect(again.wish).toBe(review.wish);
    expect(unproved(again, after, hearing)).toEqual([]);

    // not one word of it was said: nothing of what the model wrote rests on anything any more
    const theirs = entries.flatMap((entry, index): Entry[] =>
      entry.type === 'said'
        ? [
            {
              seq: entries.length + index,
              at: entry.at,
              by: 'user',
              type: 'corrected',
              of: entry.seq,
              speaker: { who: 'unknown', probability: null },
              text: '…',
            },
          ]
        : [],
    );
    expect(recounted(review, [...entries, ...theirs])).toMatchObject({ engine: 'rules', degraded: true });
    // a review from before claims were kept: nobody knows what its words rest on
    const { claims: _, ...old } = review;
    expect(recounted(old, after)).toMatchObject({ engine: 'rules', degraded: true });
  });

  test('fillers that an ear tidies away stay uncounted, also where the review does not say which ear it was', () => {
    const entries = dialogue('interview');
    for (const heard of [{ overlap: false, verbatim: false }, hearing]) {
      const review = rulesReview(entries, heard);
      const { hearing: _, ...old } = review;
      expect(recounted(review, entries)).toEqual(review);
      expect(recounted(old, entries)).toEqual(review);
    }
  });
});

describe('the route for corrections', () => {
  const correct = (base: string, { id, token }: { id: string; token: string }, body: object) =>
    fetch(`${base}/session/${id}/corrections`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });

  test('its owner says who it was and what was said, and the numbers follow; finish stays the same as long as nothing is corrected', async () => {
    await using service = await served({ VOICE: 'none' });
    const talk = await talked(service, interviewOf({ rounds: 3, fillers: 2 }));
    const before = await finished(service, talk);
    expect(await finished(service, talk)).toEqual(before);
    const line = before.transcript.find(({ text }) => text.startsWith('In that role'))!;
    const theirs = await correct(service.base, talk, { seq: line.seq, speaker: 'other' });
    expect([theirs.status, await theirs.json()]).toEqual([200, { session_id: talk.id, seq: line.seq, text: line.text, speaker: 'other' }]);
    const after = await finished(service, talk);
    const words = line.text.split(' ').length;
    expect(after.metrics).toMatchObject({
      user_words: before.metrics.user_words! - words,
      other_words: before.metrics.other_words! + words,
    });
    expect(after.transcript.find(({ seq }) => seq === line.seq)).toMatchObject({ speaker: 'other' });

    const shorter = await correct(service.base, talk, { seq: line.seq, text: 'We planned it.', speaker: 'user' });
    expect(await shorter.json()).toMatchObject({ text: 'We planned it.', speaker: 'user' });
    expect((await finished(service, talk)).metrics.user_words).toBe(before.metrics.user_words! - words + 3);
    const entries = (await service.house.hub.find(talk.id))!.entries.length;
    expect((await correct(service.base, talk, { seq: line.seq, text: 'We planned it.' })).status).toBe(200);
    expect((await service.house.hub.find(talk.id))!.entries).toHaveLength(entries);

    // it goes out and comes in again as it stands
    const copy = await (await fetch(`${service.base}/session/${talk.id}/export`, { headers: { authorization: `Bearer ${talk.token}` } })).text();
    const taken = (await (await service.post('/session/import', copy)).json()) as { session_id: string; token: string };
    const { session_id: _, ...there } = await finished(service, { id: taken.session_id, token: taken.token });
    const { session_id: __, ...here } = await finished(service, talk);
    expect(there).toEqual(here);
  });

  test('what is no line, changes nothing or was taken off the record is refused with a sentence', async () => {
    await using service = await served({ VOICE: 'none' });
    const talk = await talked(service, interviewOf({ rounds: 1 }));
    const first = talk.said[0]!.seq;
    await talk.talk.forget({ by: 'user' }, () => [first]);
    const refused = async (body: object) => {
      const answer = await correct(service.base, talk, body);
      return [answer.status, ((await answer.json()) as { code: string }).code];
    };
    expect(await refused({ seq: 1, speaker: 'user' })).toEqual([422, 'invalid']);
    expect(await refused({ seq: 9_999, speaker: 'user' })).toEqual([422, 'invalid']);
    expect(await refused({ seq: talk.said[1]!.seq })).toEqual([422, 'invalid']);
    expect(await refused({ seq: talk.said[1]!.seq, speaker: 'coach' })).toEqual([422, 'invalid']);
    expect(await refused({ seq: talk.said[1]!.seq, text: '  ' })).toEqual([422, 'invalid']);
    expect(await refused({ seq: first, text: 'back again' })).toEqual([409, 'off_the_record']);
    expect((await correct(service.base, { id: talk.id, token: 'nobody' }, { seq: talk.said[1]!.seq, text: 'x' })).status).toBe(404);
  });
});
