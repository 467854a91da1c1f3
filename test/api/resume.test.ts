import { expect, test } from 'vitest';
import { served } from '../support/served.ts';

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
