import { describe, expect, test } from 'vitest';
import { uploads } from '../../src/api/uploads.ts';
import { served } from '../support/served.ts';

const busy = expect.objectContaining({ code: 'busy' });

describe('what is sent in', () => {
  test('U1 takes up no more memory than there is for all together, and gives it back once', () => {
    const begin = uploads(1_000);
    const [one, other] = [begin(), begin()];
    one.take(600);
    other.take(400);
    for (const upload of [one, other, begin()]) expect(() => upload.take(1)).toThrow(busy);
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    other.take(600);
    expect(() => other.take(1)).toThrow(busy);
  });

  test('U2 a file for which there is no room is refused with when to come back; whatever was refused or kept leaves its room to the next', async () => {
    await using house = await served({}, { budgets: { uploads: 1_000, file: 100_000 } });
    const { room_id } = (await (await house.post('/api/conversations/create', {})).json()) as { room_id: string };
    const send = async (size: number, type = 'text/plain') => {
      const form = new FormData();
      form.set('file', new Blob(['x'.repeat(size)], { type }), 'a.txt');
      const answer = await fetch(`${house.base}/api/conversations/${room_id}/files`, { method: 'POST', body: form });
      return { status: answer.status, after: answer.headers.get('retry-after'), ...((await answer.json()) as { error?: string; code?: string }) };
    };
    for (let round = 0; round < 3; round += 1) {
      expect(await send(90_000)).toMatchObject({ status: 503, code: 'busy', after: '5', error: expect.stringContaining('Send it again') });
      expect(await send(200_000)).toMatchObject({ status: expect.any(Number), success: false });
      expect(await send(900, 'text/html')).toMatchObject({ status: 400, code: 'unreadable' });
      expect(await send(900)).toMatchObject({ status: 201 });
    }
    expect((await house.house.hub.find(room_id))!.entries.filter(({ type }) => type === 'attached')).toHaveLength(3);
  });

  test('U3 what is no file that would be kept is refused before it is read', async () => {
    // room for nothing: whoever reads first says busy
    await using house = await served({}, { budgets: { uploads: 1 } });
    const { room_id } = (await (await house.post('/api/conversations/create', { encrypted: true })).json()) as { room_id: string };
    const form = new FormData();
    form.set('file', new Blob(['plain'], { type: 'text/plain' }), 'plain.txt');
    const answer = await fetch(`${house.base}/api/conversations/${room_id}/files`, { method: 'POST', body: form });
    expect(await answer.json()).toMatchObject({ code: 'invalid', error: expect.stringContaining('encrypted') });
  });
});
