import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { asProblem } from '../../src/core/problem.ts';
import { realClock } from '../../src/engines/real-clock.ts';
import { postgresStore } from '../../src/stores/postgres.ts';
import { needs, titled } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { planted } from '../support/planted.ts';
import { type PostgresServer, postgresPrograms, postgresServer } from '../support/postgres.ts';
import { seeded } from '../support/speech-like.ts';
import { figure, tier } from '../support/tier.ts';
import { wholeLog } from '../support/whole-log.ts';

const lines = 12;
const log: Entry[] = Array.from({ length: lines }, (_, index) => ({
  seq: index + 1,
  at: '2026-01-01T00:00:00.000Z',
  by: 'user',
  ...(index === 0 ? ({ type: 'opened', kind: 'coach', title: '' } as const) : ({ type: 'said', via: 'text', text: `line ${index + 1}` } as const)),
}));
const sounds = [1, 2, 3].map((chunk) => ({ chunk, bytes: Uint8Array.from({ length: 40 }, (_, index) => chunk * 50 + index) }));

/** What may become of a conversation in a database behind our back, as SQL; `pick` chooses below a number. */
const changes: readonly ((id: string, pick: (below: number) => number) => string)[] = [
  (id, pick) => turned('entries', 'body', `id = '${id}' and seq = ${1 + pick(lines)}`, pick(8_000)),
  (id, pick) => turned('sounds', 'body', `id = '${id}' and chunk = ${1 + pick(sounds.length)}`, pick(8_000)),
  (id, pick) => turned('conversations', 'key', `id = '${id}'`, pick(8_000)),
  (id, pick) => `delete from aside.entries where id = '${id}' and seq = ${1 + pick(lines)}`,
  (id, pick) => `delete from aside.sounds where id = '${id}' and chunk = ${1 + pick(sounds.length)}`,
  (id, pick) => {
    const seq = 1 + pick(lines - 1);
    return `update aside.entries e set body = o.body from aside.entries o where e.id = '${id}' and o.id = e.id and e.seq in (${seq}, ${seq + 1}) and o.seq = ${2 * seq + 1} - e.seq`;
  },
  (id, pick) =>
    `update aside.entries e set body = o.body from aside.entries o where e.id = '${id}' and o.id = 'whole' and e.seq = ${1 + pick(lines)} and o.seq = e.seq`,
  (id) => `update aside.conversations set kind = 'talk' where id = '${id}'`,
];
const turned = (table: string, column: string, where: string, bit: number) =>
  `update aside.${table} set ${column} = set_bit(${column}, ${bit} % (length(${column}) * 8), 1 - get_bit(${column}, ${bit} % (length(${column}) * 8))) where ${where}`;

describe.skipIf(!postgresPrograms)(titled(postgresPrograms, needs.postgres, 'T2 rot, in PostgreSQL'), () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await postgresServer();
  });
  afterAll(() => server?.end());

  /** Changes something in each of so many conversations, and tells what became of reading them: refused, or wrong and given as the truth. */
  async function rot(count: number, from: number, make = postgresStore) {
    const random = seeded(from);
    const name = await server.newDatabase();
    const open = { folder: newFolder(), clock: realClock };
    const first = await make(server.url(name), { ...open, mark: 'first' });
    const ids = ['whole', ...Array.from({ length: count }, (_, index) => `talk ${index}`)];
    await Promise.all(ids.map((id) => first.append(id, log)));
    await Promise.all(ids.flatMap((id) => sounds.map(({ chunk, bytes }) => first.keepSound(id, chunk, bytes))));
    await first.close();
    const pick = (below: number) => Math.floor(random() * below);
    await server.say(
      name,
      ids
        .slice(1)
        .map((id, index) => changes[index % changes.length]!(id, pick))
        .join(';\n'),
    );
    const store = await make(server.url(name), { ...open, mark: 'second' });
    const found = { whole: 0, refused: 0, wrong: [] as string[], unplain: [] as string[] };
    for (const [index, id] of ids.entries()) {
      const change = index === 0 ? 'nothing' : `${id}: ${changes[(index - 1) % changes.length]!(id, () => 0)}`;
      try {
        const is = {
          log: await wholeLog(store, id),
          sounds: (await Array.fromAsync(store.sounds(id))).map(({ chunk, bytes }) => ({ chunk, bytes: Uint8Array.from(bytes) })),
        };
        if (!isDeepStrictEqual(is, { log, sounds })) found.wrong.push(change);
        else found.whole += 1;
      } catch (error) {
        const { code } = asProblem(error, 'internal', '');
        if (code === 'storage_damaged') found.refused += 1;
        else found.unplain.push(`${change}: ${error}`);
      }
    }
    await store.close();
    return found;
  }

  const count = tier({ quick: 10, long: 500 }) * changes.length;
  test('a conversation that was changed in the database is refused, never shown, and the others are whole', async () => {
    const found = await rot(count, 1);
    expect(found).toEqual({ whole: 1, refused: count, wrong: [], unplain: [] });
    figure('T2', 'conversations changed in PostgreSQL', count);
    figure('T2', 'shown of them all the same', found.wrong.length, { most: 0 });
  });

  test('planted: a store that does not look at the seals is caught', async () => {
    const fault = { file: 'src/stores/seal.ts', was: 'decipher.final();', is: '' };
    const copy = (await import(/* @vite-ignore */ new URL('src/stores/postgres.ts', planted(fault)).href)) as { postgresStore: typeof postgresStore };
    expect((await rot(changes.length, 1, copy.postgresStore)).wrong.length).toBeGreaterThan(0);
  });
});
