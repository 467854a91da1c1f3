import { expect, test } from 'vitest';
import { soundWays } from '../../src/api/sound.ts';
import { tape } from '../../src/api/tape.ts';
import { budgets } from '../../src/core/budgets.ts';
import { conversation } from '../../src/core/conversation.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { served } from '../support/served.ts';
import { speechLike } from '../support/speech-like.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';
import { webmOf } from '../support/webm-writer.ts';

test('W20 trouble that is kept has its number, and whoever comes back with it is not told again', async () => {
  await using house = await served();
  const { id } = await house.session();
  const client = await house.connect(id);
  client.bytes(Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]));
  await client.next('error');
  const trouble = await client.next('error');
  expect(trouble).toMatchObject({ code: 'microphone_unreadable', seq: expect.any(Number) });
  const again = await house.connect(id, Number(trouble.seq));
  again.send({ type: 'ping' });
  await again.next('pong');
  expect(again.all.map(({ type }) => type)).toEqual(['hello', 'pong']);
});

test('W23 whoever comes back to another store than before is told so, and everything that is there', async () => {
  const store = memoryStore('one');
  await using house = await served({}, { store });
  const { id } = await house.session();
  const client = await house.connect(id);
  client.send({ type: 'said', text: 'one line', speaker: 'user', id: 'a' });
  const { seq } = await client.next('done');
  const socket = (query: string) => house.dial(`/ws/${id}${query}`);
  expect(await socket(`?after=${seq}&epoch=one`).next('hello')).toMatchObject({ resumed: true, epoch: 'one' });
  expect(await socket(`?after=${seq}`).next('hello')).toMatchObject({ resumed: true });
  for (const query of [`?after=${seq}&epoch=another`, '?after=999&epoch=one', '?after=999']) {
    const lost = socket(query);
    expect(await lost.next()).toMatchObject({ type: 'hello', resumed: false, epoch: 'one' });
    expect(await lost.next('transcript')).toMatchObject({ text: 'one line' });
  }
});

test('W21 whoever was replaced is not heard any more', async () => {
  await using house = await served();
  const { id } = await house.session();
  const older = await house.connect(id);
  // it does not know yet that it was replaced
  older.pause();
  const newer = await house.connect(id);
  older.bytes(webmOf(speechLike(1_000))[0]!);
  older.send({ type: 'said', text: 'from the older one', speaker: 'other' });
  older.raw.resume();
  await older.closed;
  newer.send({ type: 'said', text: 'from the newer one', speaker: 'other' });
  newer.send({ type: 'stop' });
  await newer.next('stopped');
  const kept = (await house.house.hub.find(id))!.entries.filter(({ type }) => type === 'said' || type === 'segment');
  expect(kept).toMatchObject([{ type: 'said', text: 'from the newer one' }]);
});

test('W22 finishing waits for the words of an older connection that are still being understood', async () => {
  const talk = conversation(
    'c',
    [],
    async () => undefined,
    () => 0,
  );
  const told: string[] = [];
  let understood = () => {};
  const understanding = new Promise<void>((resolve) => {
    understood = resolve;
  });
  const ways = soundWays({
    listen: async (_talk, pieces) => {
      for await (const _ of pieces);
      await understanding;
      told.push('the words of the older one');
    },
    listenAgain: () => Promise.reject(new Error('nobody numbers their sound here')),
    tape: tape(memoryStore()),
    clock: virtualClock(),
    budgets,
  });
  const untold = { trouble: () => undefined, kept: () => undefined };
  await ways.attach(talk, false, untold).take(new Uint8Array(10));
  ways.attach(talk, false, untold);
  const ended = ways.end(talk.id).then(() => told.push('the end'));
  await settled();
  understood();
  await ended;
  expect(told).toEqual(['the words of the older one', 'the end']);
});
