import { expect, test } from 'vitest';
import { newRoomKey, sealedRoom } from '../../src/client/sealed-room.ts';
import { sealedTalk } from '../../src/client/sealed-talk.ts';
import { isSealed } from '../../src/wire/text.ts';

test('what is sealed is opened by the same key in the same conversation only, and no two are sealed alike', async () => {
  const key = newRoomKey();
  const room = await sealedRoom(key, 'one');
  const [first, second] = [await room.seal('Grüße ☠'), await room.seal('Grüße ☠')];
  expect(first).not.toBe(second);
  expect([isSealed(first), isSealed(await room.seal('')), isSealed('Grüße ☠')]).toEqual([true, true, false]);
  expect(await (await sealedRoom(key, 'one')).open(first)).toBe('Grüße ☠');
  await expect((await sealedRoom(key, 'two')).open(first)).rejects.toThrow();
  await expect((await sealedRoom(newRoomKey(), 'one')).open(first)).rejects.toThrow();
  const at = first.length - 5;
  const changed = first.slice(0, at) + (first[at] === 'A' ? 'B' : 'A') + first.slice(at + 1);
  await expect(room.open(changed)).rejects.toThrow();
  await expect(room.open('Grüße')).rejects.toThrow('not sealed');
  const file = new Uint8Array(200_000).fill(7);
  expect(await room.openBytes(await room.sealBytes(file))).toEqual(file);
});

test('a key that lost a letter is no key', async () => {
  await expect(sealedRoom(newRoomKey().slice(0, -1))).rejects.toThrow();
  await expect(sealedRoom(`${newRoomKey()}AAAA`)).rejects.toThrow('not whole');
});

test('a reaction is taken back as it was sealed, whoever sealed it', async () => {
  const room = await sealedRoom(undefined, 'one');
  const talk = await sealedTalk(room, room, { id: 'ann', name: 'Ann' });
  const sealed = [await room.seal('👍'), await room.seal('👍')] as const;
  const by = { message_id: '2', username: await room.seal('Ann'), timestamp: '' };
  const told = (user_id: string, emoji: string, on: boolean) => talk.open({ event: 'message_reaction', data: { ...by, user_id, emoji, on } });
  expect(await told('ann', sealed[0], true)).toMatchObject({ data: { emoji: '👍', username: 'Ann' } });
  await told('ben', sealed[1], true);
  expect(talk.reactionsOf('2', 'ann', '👍')).toEqual([sealed[0]]);
  await told('ann', sealed[0], false);
  expect(talk.reactionsOf('2', 'ann', '👍')).toEqual([]);
  expect(talk.reactionsOf('2', 'ben', '👍')).toEqual([sealed[1]]);
  expect(await told('ben', await (await sealedRoom()).seal('👍'), true)).toMatchObject({ data: { emoji: '' } });
});
