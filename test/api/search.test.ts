import { describe, expect, test } from 'vitest';
import { guarded, key } from '../support/guarded.ts';
import { newFolder } from '../support/new-folder.ts';
import { served } from '../support/served.ts';

type Result = { session_id: string; kind: string; title: string; seq: number; sender: string; timestamp: string; snippet: string; marks: number[][] };
type Answer = { query: string; total: number; complete: boolean; results: Result[] };
type House = Pick<Awaited<ReturnType<typeof served>>, 'base' | 'house'>;

const search = async ({ base }: Pick<House, 'base'>, q: string, more = '', token?: string) => {
  const answer = await fetch(`${base}/api/search?q=${encodeURIComponent(q)}${more}`, {
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });
  return { status: answer.status, ...((await answer.json()) as Answer & { detail?: string }) };
};

/** A conversation of each kind in which somebody speaks of a bridge. */
async function spoken({ house }: House) {
  const ids: Record<string, string> = {};
  for (const kind of ['coach', 'room', 'desk', 'share', 'talk'] as const) {
    const settings = { agents: false };
    const talk = await house.hub.openAs(`${kind}-1`, 'user', { type: 'opened', kind, title: kind === 'desk' ? 'Over the river' : '', settings });
    await talk.append({ by: 'user', type: 'said', text: `The bridge of the ${kind}`, via: 'text' });
    ids[kind] = talk.id;
  }
  return ids;
}

describe('GET /api/search', () => {
  test('N1 finds what was said in conversations of every kind, with a snippet whose marks are the words', async () => {
    await using house = await served();
    await spoken(house);
    const { results, ...rest } = await search(house, 'bridge');
    expect(rest).toEqual({ status: 200, query: 'bridge', total: 5, complete: true });
    expect(results.map(({ kind }) => kind).sort()).toEqual(['coach', 'desk', 'room', 'share', 'talk']);
    const found = results.find(({ kind }) => kind === 'desk')!;
    expect(found).toMatchObject({ session_id: 'desk-1', title: 'Over the river', sender: 'user', snippet: 'The bridge of the desk' });
    expect(found.marks.map(([from, to]) => found.snippet.slice(from, to))).toEqual(['bridge']);
    expect((await search(house, 'bridge', '&kind=talk')).results.map(({ kind }) => kind)).toEqual(['talk']);
    expect((await search(house, 'bridge', '&limit=2')).results).toHaveLength(2);
    expect((await search(house, 'over the river')).results).toMatchObject([{ session_id: 'desk-1', seq: 1 }]);
    const around = [
      ['what a conversation is about', 'share-2', 1, 'regatta', 'Plans For the regatta in May'],
      ['the name of a file', 'share-2', 2, 'harbour', 'harbour map.pdf'],
      ['the summary of a talk', 'talk-2', 2, 'sailing', 'They spoke of sailing.'],
    ] as const;
    const share = await house.house.hub.openAs('share-2', 'ann', {
      type: 'opened',
      kind: 'share',
      title: 'Plans',
      description: 'For the regatta in May',
    });
    const file = { type: 'attached', file: 'f', key: 'k', mime: 'application/pdf', size: 1 } as const;
    await share.append({ by: 'ann', ...file, name: 'harbour map.pdf' });
    const talk = await house.house.hub.openAs('talk-2', 'user', { type: 'opened', kind: 'talk', title: '', settings: { agents: false } });
    await talk.append({ by: 'house', type: 'summed', text: 'They spoke of sailing.', engine: 'rules' });
    const sealed = { type: 'opened', kind: 'share', title: 'aside1.harbour', encrypted: true } as const;
    await (await house.house.hub.openAs('sealed', 'ann', sealed)).append({ by: 'ann', ...file, name: 'aside1.harbour' });
    for (const [what, session_id, seq, q, snippet] of around)
      expect([what, (await search(house, q)).results], what).toMatchObject([what, [{ session_id, seq, snippet }]]);
    expect((await search(house, 'aside1')).results).toEqual([]);
    await share.forget({ by: 'ann' }, () => [2]);
    expect((await search(house, 'harbour')).results).toEqual([]);
    for (const [query, more, detail] of [
      ['', '', 'q is empty: say it in a few words.'],
      ['x'.repeat(201), '', 'q is longer than 200 characters: shorten it.'],
      ['x', '&limit=0', 'limit must be at least 1.'],
      ['x', '&kind=diary', 'kind must be coach, room, desk, share or talk.'],
    ] as const)
      expect(await search(house, query, more)).toMatchObject({ status: 422, detail });
  });

  test('N2 what is erased or off the record is found no more, and a restart finds the rest', async () => {
    const environment = { STORE: 'sqlite', DATA_DIR: newFolder() };
    {
      await using house = await served(environment);
      await spoken(house);
      expect((await search(house, 'bridge')).total).toBe(5);
      await house.house.hub.erase('coach-1');
      const room = (await house.house.hub.find('room-1'))!;
      await room.forget({ by: 'user' }, (entries) => entries.filter(({ type }) => type === 'said').map(({ seq }) => seq));
      expect((await search(house, 'bridge')).results.map(({ kind }) => kind).sort()).toEqual(['desk', 'share', 'talk']);
    }
    await using house = await served(environment);
    expect((await search(house, 'bridge')).results.map(({ kind }) => kind).sort()).toEqual(['desk', 'share', 'talk']);
  });

  test('N3 where there are keys it needs one; where anybody comes in it finds only what is listed anyway', async () => {
    {
      await using house = await guarded();
      await spoken(house);
      expect((await search(house, 'bridge')).status).toBe(401);
      expect((await search(house, 'bridge', '', 'wrong')).status).toBe(401);
      expect(await search(house, 'bridge', '', key)).toMatchObject({ status: 200, total: 5 });
    }
    await using house = await served({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: '1' });
    await spoken(house);
    expect((await search(house, 'bridge')).results.map(({ kind }) => kind).sort()).toEqual(['desk', 'share']);
    expect((await search(house, 'bridge', '&kind=coach')).results).toEqual([]);
    // where only the invited come in, nobody else reads along, and nobody else can end it
    const secret = await house.house.hub.openAs('invited-only', 'ann', { type: 'opened', kind: 'share', title: 'A secret bridge', invited: true });
    const open = await house.house.hub.openAs('by-link', 'ann', { type: 'opened', kind: 'share', title: 'A rope' });
    expect((await search(house, 'bridge')).results.map(({ kind }) => kind).sort()).toEqual(['desk', 'share']);
    const { conversations } = (await (await fetch(`${house.base}/api/conversations`)).json()) as { conversations: { room_id: string }[] };
    expect(conversations.map(({ room_id }) => room_id)).toContain(open.id);
    expect(conversations.map(({ room_id }) => room_id)).not.toContain(secret.id);
    for (const { id } of [secret, open]) expect((await fetch(`${house.base}/api/conversations/${id}`, { method: 'DELETE' })).status).toBe(404);
  });
});
