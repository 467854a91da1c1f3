import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { guarded, key } from '../support/guarded.ts';
import { newFolder } from '../support/new-folder.ts';
import { remainsOf, sealedOf } from '../support/remains.ts';
import { served } from '../support/served.ts';

/** A house on disk in which this entry of one of two sessions is damaged. */
async function withDamage(seq: number) {
  const folder = newFolder();
  const settings = { STORE: 'sqlite', DATA_DIR: folder };
  const before = await guarded(settings);
  const [damaged, whole] = [await before.open(), await before.open()];
  const talk = (await before.house.hub.find(damaged.id))!;
  for (let line = 0; line < 5; line += 1) await talk.append({ by: 'user', type: 'said', via: 'text', text: `line ${line}` });
  await before[Symbol.asyncDispose]();
  const db = new DatabaseSync(join(folder, 'aside.db'));
  db.prepare('update entries set body = zeroblob(length(body)) where id = ? and seq = ?').run(damaged.id, seq);
  db.close();
  const sealed = sealedOf(join(folder, 'aside.db'), damaged.id).filter((bytes) => bytes.some((byte) => byte !== 0));
  return { folder, damaged, whole, sealed, house: await guarded(settings) };
}

test('E5 a damaged session is erased for whoever it says it belongs to, and nobody else', async () => {
  const { folder, damaged, whole, sealed, house } = await withDamage(4);
  await using _ = house;
  expect((await house.ask('GET', `/session/${damaged.id}`, damaged.token)).status).toBe(500);
  expect((await house.ask('DELETE', `/session/${damaged.id}`, whole.token)).status).toBe(404);
  expect((await house.ask('DELETE', `/session/${damaged.id}`)).status).toBe(404);
  expect((await house.ask('DELETE', `/session/${damaged.id}`, damaged.token)).status).toBe(200);
  expect(remainsOf(sealed, folder)).toEqual([]);
  expect((await house.ask('GET', `/session/${damaged.id}`, damaged.token)).status).toBe(404);
  expect((await house.ask('GET', `/session/${whole.id}`, whole.token)).status).toBe(200);
});

test('E6 where it cannot even say whose it is, a key of the house erases it', async () => {
  const { folder, damaged, sealed, house } = await withDamage(1);
  await using _ = house;
  expect((await house.ask('DELETE', `/session/${damaged.id}`, damaged.token)).status).toBe(404);
  expect((await house.ask('DELETE', `/session/${damaged.id}`, key)).status).toBe(200);
  expect(remainsOf(sealed, folder)).toEqual([]);
});

test('E8 a conversation for invited people whose beginning is damaged is not told to others', async () => {
  const settings = { STORE: 'sqlite', DATA_DIR: newFolder() };
  const before = await served(settings);
  const create = async (body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${before.base}/api/conversations/create`, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { room_id: string }).room_id;
  };
  const [open, closed] = [await create({ title: 'for all' }), await create({ title: 'for some', invited_only: true })];
  await before[Symbol.asyncDispose]();
  const db = new DatabaseSync(join(settings.DATA_DIR, 'aside.db'));
  db.prepare('update entries set body = zeroblob(length(body)) where id = ?').run(closed);
  db.close();
  await using house = await served(settings);
  const listed = (await (await fetch(`${house.base}/api/conversations`)).json()) as { conversations: { room_id: string }[] };
  expect(listed.conversations.map(({ room_id }) => room_id)).toEqual([open]);
});
