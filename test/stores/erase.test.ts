import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import type { Store } from '../../src/core/ports.ts';
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { newFolder } from '../support/new-folder.ts';
import { remainsOf, sealedOf } from '../support/remains.ts';
import { seeded } from '../support/speech-like.ts';
import { wholeLog } from '../support/whole-log.ts';

const opened: Entry = { seq: 1, at: '2026-01-01T00:00:00.000Z', by: 'user', type: 'opened', kind: 'coach', title: 'sentinel-title-4711' };
const said = (seq: number, text: string): Entry => ({ seq, at: '2026-01-01T00:00:01.000Z', by: 'ear', type: 'said', via: 'voice', text });
const sentinels = ['sentinel-title-4711', 'sentinel-line-4711', 'sentinel-sound-4711'].map((word) => Buffer.from(word));
const ids = ['a', 'b', 'c'];
const last = 120;

/** Three conversations, written by turns, with sound, and still open; and what lies in the files of “b”: its key, lines and sound. */
async function filled(): Promise<{ folder: string; store: Store; key: Uint8Array; lines: Uint8Array[]; sound: Uint8Array[] }> {
  const folder = newFolder();
  const store = await sqliteStore(join(folder, 'aside.db'));
  for (const id of ids) await store.append(id, [opened]);
  for (let seq = 2; seq <= last; seq += 1)
    await Promise.all(
      ids.flatMap((id, index) => [
        store.append(id, [said(seq, `sentinel-line-4711 ${'of some length '.repeat((seq * (index + 3)) % 40)}`)]),
        store.keepSound(id, seq, Buffer.from('sentinel-sound-4711'.repeat((seq * (index + 5)) % 60))),
      ]),
    );
  // what is read was brought into the database
  for (const id of ids) await wholeLog(store, id);
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  const [key, ...bodies] = sealedOf(join(copy, 'aside.db'), 'b');
  expect(bodies.length).toBe(2 * last - 1);
  const sealed = { key: key!, lines: bodies.slice(0, last), sound: bodies.slice(last) };
  expect(remainsOf(sealed.lines, folder)).not.toEqual([]);
  return { folder, store, ...sealed };
}

describe('what is taken away', () => {
  test('T25 E1 erased, nothing of it is in any file: no word, no sound, no key, not even what was sealed — while others are being written', async () => {
    const { folder, store, key, lines, sound } = await filled();
    const more = Array.from({ length: 60 }, (_, index) => said(last + 1 + index, 'meanwhile'));
    await Promise.all([
      ...more.slice(0, 30).map((entry) => store.append('a', [entry])),
      store.erase('b'),
      ...more.slice(30).map((entry) => store.append('a', [entry])),
    ]);
    expect(remainsOf([key, ...lines, ...sound, ...sentinels], folder)).toEqual([]);
    expect((await wholeLog(store, 'a')).length).toBe(last + 60);
    expect((await Array.fromAsync(store.sounds('c'))).length).toBe(last - 1);
    await store.close();
    expect(remainsOf([key, ...lines, ...sound, ...sentinels], folder)).toEqual([]);
  });

  test('T25 E2 off the record, the old line is in no file, sealed or not, and the rest reads as before', async () => {
    const { folder, store, lines } = await filled();
    await store.scrub('b', [3, 70, 71, last]);
    expect(remainsOf(lines.slice(2), folder)).toEqual([]);
    expect((await wholeLog(store, 'b')).filter(({ type }) => type === 'removed').map(({ seq }) => seq)).toEqual([3, 70, 71, last]);
    expect((await wholeLog(store, 'c')).length).toBe(last);
    const before = await wholeLog(store, 'b');
    await store.close();
    expect(remainsOf(lines.slice(2), folder)).toEqual([]);
    const again = await sqliteStore(join(folder, 'aside.db'));
    expect(await wholeLog(again, 'b')).toEqual(before);
    await again.append('b', [said(last + 1, 'and on')]);
    expect((await wholeLog(again, 'b', last - 1)).map(({ type }) => type)).toEqual(['removed', 'said']);
    await again.close();
  });

  test('T25 E3 sound that is let go is in no file either, and the words stay', async () => {
    const { folder, store, sound } = await filled();
    await store.dropSounds('b', { from: 2, to: 100 });
    expect(remainsOf(sound.slice(0, 99), folder)).toEqual([]);
    expect((await Array.fromAsync(store.sounds('b'))).length).toBe(last - 100);
    await store.dropSounds('b');
    expect(remainsOf(sound, folder)).toEqual([]);
    expect((await wholeLog(store, 'b')).length).toBe(last);
    await store.close();
  });

  // with bodies inside the tree's own pages, each of these left copies behind
  test.for([4, 9])('T25 E4 whatever was written, scrubbed and dropped before, in whatever order (seed %i)', (seed) => {
    const random = seeded(seed);
    const below = (limit: number) => Math.floor(random() * limit);
    const folder = newFolder();
    const path = join(folder, 'aside.db');
    const log = new SqliteLog({ path });
    const talks = Array.from({ length: 3 + below(5) }, () => ({ id: String(below(1e9)), last: 1 }));
    for (const { id } of talks) log.together([{ type: 'append', id, entries: [opened] }]);
    for (let turn = 0; turn < 1_200; turn += 1) {
      const talk = talks[below(talks.length)]!;
      const { id } = talk;
      const what = below(100);
      if (what < 33) log.together([{ type: 'keep', id, chunk: below(2_000), bytes: Buffer.alloc(below(below(10) ? 600 : 9_000), turn) }]);
      else if (what === 98 && talk.last > 1) log.scrub(id, [2 + below(talk.last - 1)]);
      else if (what === 99) log.dropSounds(id, below(1_000), below(2_000));
      else log.together([{ type: 'append', id, entries: [said(++talk.last, 'x'.repeat(below(below(20) ? 300 : 6_000)))] }]);
    }
    log.close();
    const { id } = talks[1]!;
    const sealed = sealedOf(path, id);
    expect(remainsOf(sealed, folder)).toEqual(['aside.db']);
    const again = new SqliteLog({ path });
    again.erase(id);
    expect(remainsOf(sealed, folder)).toEqual([]);
    again.close();
  });
});
