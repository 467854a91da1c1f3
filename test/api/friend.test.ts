import { describe, expect, test } from 'vitest';
import { guarded } from '../support/guarded.ts';
import { readWav } from '../support/wav.ts';

type House = Awaited<ReturnType<typeof guarded>>;

async function invited(house: House, role: string, name?: string) {
  const session = await house.open();
  const answer = await house.ask('POST', `/session/${session.id}/tokens`, session.token, { role, ...(name !== undefined && { name }) });
  return { session, friend: (await answer.json()) as { token: string; grant: string; role: string; link?: string } };
}

describe('a friend who whispers', () => {
  test('F4 is heard in the ear of the user, marked as theirs, seen by the owner, and sent away by them', async () => {
    await using house = await guarded({ VOICE: 'slt' });
    const { session, friend } = await invited(house, 'whisper', 'Ben');
    expect(friend.role).toBe('whisper');
    const owner = house.knock(session.id, { token: session.token });
    await owner.next('hello');
    const ben = house.knock(session.id, { token: friend.token });
    expect(await ben.next('hello')).toMatchObject({ role: 'whisper' });
    expect(await owner.next('present')).toEqual({ type: 'present', people: [{ name: 'Ben', role: 'whisper', grant: friend.grant }] });
    owner.send({ type: 'said', text: "Hi, I'm Alex", speaker: 'user' });
    expect((await ben.next('transcript')).text).toBe("Hi, I'm Alex");
    ben.send({ type: 'whisper', text: 'Ask who leads the team.', id: 'w1' });
    const { seq } = await ben.next('done');
    const whisper = await owner.next('suggestion');
    expect(whisper).toMatchObject({
      text: 'From Ben: Ask who leads the team.',
      from: 'Ben',
      kind: 'friend',
      reply: seq,
      reason: 'Ben whispered it.',
    });
    const sound = await owner.next('audio');
    expect(sound).toMatchObject({ reply: seq, index: 0 });
    expect(readWav(Buffer.from(sound.data as string, 'base64')).samples.length).toBeGreaterThan(1_000);
    owner.send({ type: 'playback', reply: seq, state: 'started' });
    ben.send({ type: 'whisper', text: 'Ask who leads the team.', id: 'w1' });
    expect(await ben.next('done')).toEqual({ type: 'done', id: 'w1', seq });

    const later = house.knock(session.id, { token: session.token });
    expect((await later.next('present')).people).toHaveLength(1);
    await house.ask('DELETE', `/session/${session.id}/tokens/${friend.grant}`, session.token);
    expect((await ben.closed).code).toBe(4001);
    expect(await later.next('present')).toEqual({ type: 'present', people: [] });

    const feedback = (await (await house.ask('POST', `/session/${session.id}/finish`, session.token)).json()) as {
      transcript: object[];
      metrics: { suggestions: number };
    };
    expect(feedback.metrics.suggestions).toBe(0);
    expect(JSON.stringify(feedback)).not.toContain('leads the team');
  });

  test('F5 says no more than an ear bears, nothing off the record, and nothing too long', async () => {
    await using house = await guarded({}, { budgets: { whispersBurst: 2 } });
    const { session, friend } = await invited(house, 'whisper');
    const owner = house.knock(session.id, { token: session.token });
    await owner.next('hello');
    const ben = house.knock(session.id, { token: friend.token });
    await ben.next('hello');
    ben.send({ type: 'whisper', text: 'x'.repeat(281), id: 'long' });
    expect(await ben.next('error')).toMatchObject({ code: 'invalid', message: 'text is longer than 280 characters: shorten it.' });
    ben.send({ type: 'said', text: 'I am the user' });
    expect(await ben.next('error')).toMatchObject({ code: 'forbidden' });
    ben.send({ type: 'whisper', text: 'one', id: '1' });
    expect((await owner.next('suggestion')).from).toBe('A friend');
    owner.send({ type: 'pause', id: 'p' });
    await owner.next('done');
    ben.send({ type: 'whisper', text: 'two', id: '2' });
    expect(await ben.next('error')).toMatchObject({ code: 'off_the_record', id: '2' });
    owner.send({ type: 'resume', id: 'r' });
    await owner.next('done');
    ben.send({ type: 'whisper', text: 'two', id: '2' });
    await ben.next('done');
    ben.send({ type: 'whisper', text: 'three', id: '3' });
    expect(await ben.next('error')).toMatchObject({ code: 'too_fast', id: '3' });
  });

  test.each([['whisper'], ['watch'], ['viewer'], ['speaker'], ['talk'], ['export']])(
    'F8 a link to hand on is there for whoever whispers or watches: %s',
    async (role) => {
      await using house = await guarded();
      const { session, friend } = await invited(house, role);
      const link = `${house.base}/friend/${session.id}#token=${friend.token}`;
      expect(friend.link).toBe(['speaker', 'talk', 'export'].includes(role) ? undefined : link);
      // the page itself asks nobody who they are: what lets in is behind the #
      expect((await fetch(link)).status).toBe(200);
    },
  );

  test.each([['watch'], ['viewer']])('F6 who may only %s does not whisper', async (role) => {
    await using house = await guarded();
    const { session, friend } = await invited(house, role);
    expect(friend.role).toBe('viewer');
    const watcher = house.knock(session.id, { token: friend.token });
    await watcher.next('hello');
    watcher.send({ type: 'whisper', text: 'psst' });
    expect(await watcher.next('error')).toMatchObject({ code: 'forbidden' });
    expect((await house.house.hub.find(session.id))!.entries.map(({ type }) => type)).not.toContain('whispered');
  });
});
