import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { newFolder } from './new-folder.ts';

/** What the operating system was asked to do, in the order in which it was: a line was shown, the log was written, the log was put on disk. */
type Call = 'shown' | 'written' | 'synced';

/** Runs a Node script under strace and tells the order of its calls. */
export async function callsOf(script: URL, ...args: string[]): Promise<Call[]> {
  const trace = join(newFolder(), 'trace');
  const child = spawn(
    'strace',
    ['-f', '-y', '--seccomp-bpf', '-s', '16', '-e', 'trace=fsync,fdatasync,pwrite64,write', '-o', trace, process.execPath, script.pathname, ...args],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const troubles = createInterface(child.stderr);
  const words: string[] = [];
  troubles.on('line', (line) => words.push(line));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the traced run ended with ${code}: ${words.join('\n')}`);
  const calls: Call[] = [];
  const syncing = new Set<string>();
  for await (const line of createInterface(createReadStream(trace))) {
    const [, thread = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    // what is begun counts as written or shown; only what is done counts as on disk
    if (/^pwrite64\(\d+<[^>]*-wal>/.test(call)) calls.push('written');
    else if (/^write\(1<[^>]*>, "shown /.test(call)) calls.push('shown');
    else if (/^f(data)?sync\(\d+<[^>]*-wal>/.test(call)) {
      if (/\) = 0$/.test(call.trim())) calls.push('synced');
      else syncing.add(thread);
    } else if (/^<\.\.\. f(data)?sync resumed>.*= 0/.test(call) && syncing.delete(thread)) calls.push('synced');
  }
  return calls;
}

/** How many lines were shown before the log that has them was on disk, and how many were shown at all. */
export function shownEarly(calls: readonly Call[]): { early: number; shown: number } {
  let [early, shown] = [0, 0];
  let state: 'nothing' | 'written' | 'synced' = 'nothing';
  for (const call of calls) {
    if (call === 'written') state = 'written';
    if (call === 'synced' && state === 'written') state = 'synced';
    if (call !== 'shown') continue;
    shown += 1;
    if (state !== 'synced') early += 1;
    state = 'nothing';
  }
  return { early, shown };
}
