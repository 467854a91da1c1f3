import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { halves } from '../../src/stores/jottings.ts';
import { newFolder } from './new-folder.ts';

/** What the operating system was asked to do, in the order in which it was: a line was shown; what is new was written to the database's log and put on disk; it was jotted down, and is on disk; the jotter began a half of its file anew. */
type Call = 'shown' | 'written' | 'synced' | 'jotting' | 'jotted' | 'turned';

/** Runs a Node script under strace and tells the order of its calls. */
export async function callsOf(script: URL, ...args: string[]): Promise<Call[]> {
  const trace = join(newFolder(), 'trace');
  const child = spawn(
    'strace',
    [
      '-f',
      '-y',
      '--seccomp-bpf',
      '-s',
      '16',
      '-e',
      'trace=openat,fsync,fdatasync,pwrite64,write',
      '-o',
      trace,
      process.execPath,
      script.pathname,
      ...args,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const troubles = createInterface(child.stderr);
  const words: string[] = [];
  troubles.on('line', (line) => words.push(line));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the traced run ended with ${code}: ${words.join('\n')}`);
  const calls: Call[] = [];
  const begun = new Map<string, 'synced' | 'jotted' | 'opened'>();
  // a file that was opened like this is on disk when a write to it returns
  const saysItself = new Set<string>();
  for await (const line of createInterface(createReadStream(trace))) {
    const [, thread = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const [, file = '', name = ''] = /^\w+\((\d+)<([^>]*)>/.exec(call) ?? [];
    const isDone = / = \d+/.test(call);
    const isBegun = call.endsWith('<unfinished ...>');
    // what is begun counts as written or shown; only what is done counts as on disk
    if (call.startsWith('write(1<') && call.includes('"shown ')) calls.push('shown');
    else if (call.startsWith('pwrite64(') && name.endsWith('-wal')) calls.push('written');
    else if (call.startsWith('pwrite64(') && name.endsWith('aside.jot')) {
      const place = Number(/, (\d+)(?:\)| <unf)/.exec(call)?.[1]);
      calls.push(halves.includes(place) ? 'turned' : 'jotting');
      if (!saysItself.has(file)) continue;
      if (isBegun) begun.set(thread, 'jotted');
      else if (isDone) calls.push('jotted');
    } else if (/^f(data)?sync\(/.test(call) && name.endsWith('-wal')) {
      if (isBegun) begun.set(thread, 'synced');
      else if (isDone) calls.push('synced');
    } else if (call.startsWith('openat(')) {
      if (isBegun && call.includes('O_DSYNC')) begun.set(thread, 'opened');
      else note(saysItself, call, call.includes('O_DSYNC'));
    } else if (call.startsWith('<... ')) {
      const what = begun.get(thread);
      begun.delete(thread);
      if (call.startsWith('<... openat')) note(saysItself, call, what === 'opened');
      else if (what && what !== 'opened' && isDone) calls.push(what);
    }
  }
  return calls;
}

/** Notes whether the file that was opened now says itself when it is on disk. */
function note(files: Set<string>, call: string, saysItself: boolean): void {
  const [, file = ''] = / = (\d+)</.exec(call) ?? [];
  if (saysItself) files.add(file);
  else files.delete(file);
}

/** How many lines were shown before they were on disk, how many were shown at all, how often a half of the jotter was begun anew, and how often what was jotted down was written over before the database had it on disk. */
export function shownEarly(calls: readonly Call[]): { early: number; shown: number; turned: number; overwritten: number } {
  let [early, shown, overwritten] = [0, 0, 0];
  let log: 'nothing' | 'written' | 'synced' = 'nothing';
  let jotter: 'nothing' | 'written' | 'synced' = 'nothing';
  let jottedSince = false;
  for (const call of calls) {
    // the first of a half may be written while the database is given the other half, but nothing was jotted down since that began
    if (call === 'turned' && log === 'written' && jottedSince) overwritten += 1;
    if (call === 'written' && log !== 'written') jottedSince = false;
    if (call === 'jotting' || call === 'turned') jottedSince = true;
    if (call === 'written') log = 'written';
    if (call === 'synced' && log === 'written') log = 'synced';
    if (call === 'jotting' || call === 'turned') jotter = 'written';
    if (call === 'jotted' && jotter === 'written') jotter = 'synced';
    if (call !== 'shown') continue;
    shown += 1;
    if (log !== 'synced' && jotter !== 'synced') early += 1;
    if (log === 'synced') log = 'nothing';
    jotter = 'nothing';
  }
  return { early, shown, turned: calls.filter((call) => call === 'turned').length, overwritten };
}
