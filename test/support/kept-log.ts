import { copyFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../src/core/entry.ts';
import type { KeptSound, Opened } from '../../src/core/ports.ts';
import type { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { damagedList, storageProblem } from '../../src/stores/storage-problem.ts';
import { newFolder } from './new-folder.ts';

type LogClass = typeof SqliteLog;

/** Everything that can be read of a store, by conversation. */
export type Held = { readonly epoch: string; readonly list: readonly Opened[]; readonly talks: Readonly<Record<string, Talk>> };
type Talk = { readonly entries: readonly Entry[]; readonly sounds: readonly KeptSound[] };

const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();
const ids = ['first', 'second', 'third'];

/** A data folder that is being written, and after each commit: what was acknowledged, and how long the log of what is new was. */
export type Written = { readonly folder: string; readonly log: SqliteLog; readonly steps: readonly { readonly wal: number; readonly held: Held }[] };

/** Writes `turns` lines and pieces of sound to three conversations by turns. */
export function writeLog(Log: LogClass, turns: number, random: () => number): Written {
  const folder = newFolder();
  const log = new Log({ path: join(folder, 'aside.db') });
  const talks: Record<string, Talk> = {};
  const steps: Written['steps'][number][] = [];
  const note = () => {
    const list = ids
      .flatMap((id, index) => (id in talks ? [{ id, kind: 'coach' as const, at: at(index + 1), hasSound: talks[id]!.sounds.length > 0 }] : []))
      .reverse();
    steps.push({ wal: walOf(folder), held: { epoch: log.epoch, list, talks: { ...talks } } });
  };
  note();
  for (let turn = 0; turn < turns; turn += 1) {
    const index = turn < ids.length ? turn : Math.floor(random() * ids.length);
    const id = ids[index]!;
    const { entries, sounds } = talks[id] ?? { entries: [], sounds: [] };
    const seq = entries.length + 1;
    const fresh = Array.from({ length: 1 + random() * 4 }, (_, index) => lineOf(id, seq + index, random));
    const added: Entry[] = seq === 1 ? [{ seq, at: at(index + 1), by: 'user', type: 'opened', kind: 'coach', title: '' }] : fresh;
    const sound = { chunk: seq, bytes: Uint8Array.from({ length: random() * 900 }, () => random() * 256) };
    // nobody agreed to keep the sound of the last one
    const kept = index < ids.length - 1 ? [sound] : [];
    const refused = log
      .together([{ type: 'append', id, entries: added }, ...kept.map((each) => ({ type: 'keep' as const, id, ...each }))])
      .find(Boolean);
    if (refused) throw refused;
    talks[id] = { entries: [...entries, ...added], sounds: [...sounds, ...kept] };
    note();
    // a step of its own, after which the same is to be read as before
    if (log.isLoose && random() < 0.3) {
      log.tidy();
      note();
    }
  }
  return { folder, log, steps };
}

const lineOf = (id: string, seq: number, random: () => number): Entry => {
  return { seq, at: at(9), by: 'ear', type: 'said', via: 'voice', text: `line ${seq} of ${id} ${'and on '.repeat(random() * 40)}` };
};

const walOf = (folder: string) => statSync(join(folder, 'aside.db-wal'), { throwIfNoEntry: false })?.size ?? 0;

/** A data folder that a power cut or rot left: these bytes are in its files, beside the key of another. */
export function leftBehind(key: string, files: Readonly<Record<string, Uint8Array>>): string {
  const folder = newFolder();
  copyFileSync(join(key, 'aside.key'), join(folder, 'aside.key'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

/** What came of reading one thing: what it is, or the Problem that people are told. */
export type Reading = { readonly value: unknown } | { readonly code: string; readonly message: string };

const attempt = (read: () => unknown): Reading => {
  try {
    return { value: read() };
  } catch (error) {
    const { code, message } = storageProblem(error);
    return { code, message };
  }
};

/** The list; of one that is not whole, whatever is told must be true, but for sound that may be there. */
function listOf(log: SqliteLog, { list }: Held): readonly Opened[] {
  const { opened, isWhole } = log.list();
  const isTrue = ({ id, kind, at }: Opened) => list.some((each) => each.id === id && each.kind === kind && each.at === at);
  if (!isWhole && opened.every(isTrue)) throw damagedList();
  return opened;
}

/** Reads everything that there should be, and once from the middle. */
export function readAll(Log: LogClass, folder: string, held: Held): { readonly is: Reading; readonly should: unknown }[] {
  const opened = attempt(() => new Log({ path: join(folder, 'aside.db') }));
  if (!('value' in opened)) return [{ is: opened, should: held.epoch }];
  const log = opened.value as SqliteLog;
  const readings = [
    { is: attempt(() => log.epoch), should: held.epoch },
    { is: attempt(() => listOf(log, held)), should: held.list },
    ...ids.flatMap((id) => {
      const { entries, sounds } = held.talks[id] ?? { entries: [], sounds: [] };
      const middle = Math.floor(entries.length / 2);
      return [
        { is: attempt(() => JSON.parse(log.read(id, middle, 1_000).entries)), should: entries.slice(middle) },
        { is: attempt(() => JSON.parse(log.read(id, 0, 1_000).entries)), should: entries },
        { is: attempt(() => log.sounds(id, -1, 1_000).map(({ chunk, bytes }) => ({ chunk, bytes: Uint8Array.from(bytes) }))), should: sounds },
      ];
    }),
  ];
  log.close();
  rmSync(folder, { recursive: true });
  return readings;
}
