import { execFile, execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { newFolder } from './new-folder.ts';

/** Why tests that watch system calls do not run. */
export const NO_STRACE = 'needs strace (Debian package: strace)';

/** Whether system calls can be watched here. */
export const hasStrace = ((): boolean => {
  try {
    execFileSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** One file or address that a program asked the system for; `writes` when it would have changed something. */
export type Asked = { readonly program: string; readonly call: string; readonly path: string; readonly writes: boolean };

const CALLS =
  'open,openat,openat2,creat,execve,clone,clone3,fork,vfork,connect,bind,sendto,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,truncate';

/** The arguments with which strace notes all of that, for this program, in this file. */
export const tracing = (trace: string, ...program: string[]): string[] => [
  '-f',
  '--seccomp-bpf',
  '-s',
  '4096',
  '-e',
  `trace=${CALLS}`,
  '-o',
  trace,
  ...program,
];

/** What a trace says was asked for, by which program; `from` leaves out what came before a line with these words. */
export async function askedIn(trace: string, from = ''): Promise<Asked[]> {
  const programs = new Map<string, string>();
  const asked: Asked[] = [];
  let begun = from === '';
  for await (const line of createInterface(createReadStream(trace))) {
    begun ||= line.includes(from);
    const [, pid = '', call = '', rest = ''] = /^(\d+)\s+(?:<\.\.\. )?(\w+)(.*)$/.exec(line) ?? [];
    const program = programs.get(pid) ?? '';
    const child = /^(?:clone3?|v?fork)$/.test(call) && /= (\d+)$/.exec(rest)?.[1];
    // a thread may speak before the call that made it is told to be over
    if (child && !programs.has(child)) programs.set(child, program);
    if (call === 'execve') programs.set(pid, /"([^"]*)"/.exec(rest)?.[1] ?? program);
    else if (begun && !child) {
      const path = /"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? /sin6?_addr=[^)]*"([^"]+)"/.exec(rest)?.[1];
      const place = call === 'connect' || call === 'bind' ? rest : path;
      if (place !== undefined)
        asked.push({ program, call, path: place, writes: !call.startsWith('open') || /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(rest) });
    }
  }
  return asked;
}

/** Runs a Node script to its end and tells what it and its children asked for. */
export async function askedBy(script: URL, ...args: string[]): Promise<{ asked: Asked[]; said: string }> {
  const trace = join(newFolder(), 'trace');
  const { stdout } = await promisify(execFile)('strace', tracing(trace, process.execPath, script.pathname, ...args), { maxBuffer: 1 << 24 });
  return { asked: await askedIn(trace), said: stdout };
}
