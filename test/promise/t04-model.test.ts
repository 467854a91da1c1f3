import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Fault, planted } from '../support/planted.ts';
import type { Played } from '../support/protocol-run.ts';
import { figure, isLong, tier } from '../support/tier.ts';

const house = new URL('../../', import.meta.url);
/** The quick tier plays the same programs each time, so that what fails is what was changed; the long one explores. */
const seed = Number(process.env.SEED ?? (isLong ? Math.floor(performance.timeOrigin) % 1_000_000 : 748_969));
const programs = tier({ quick: 10_000, long: 100_000 });
/** So many entries are caught up with in the programs that begin late. */
const past = 10_000;
/** Of so many programs, some have the service come back with another store. */
const moved = tier({ quick: 1_000, long: 20_000 });
const late = tier({ quick: 10, long: 200 });

/** Plays programs in a process of its own, against the house or a copy of it; it ends with the first that goes wrong. */
async function played(of: URL, first: number, count: number, entries = 0, ...more: 'moves'[]): Promise<Played> {
  const script = fileURLToPath(new URL('test/support/protocol-run.ts', of));
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(first), String(count), String(entries), ...more], {
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout);
}

/** What was wrong, in a line, and the program that shows it; nothing where nothing was. */
const inWords = ({ failed, why, ...rest }: Played): string => (failed ? `${why?.replaceAll('\n', '; ')}\n${JSON.stringify(rest, undefined, 2)}` : '');

describe(`T4 the protocol against a model (SEED=${seed})`, { timeout: tier({ quick: 240_000, long: 3_600_000 }) }, () => {
  test('whatever happens to sound, words, lines and processes: all is kept once and in order, or a gap is told', async () => {
    const halves = await Promise.all([0, 1].map((half) => played(house, seed + half, programs / 2)));
    expect(halves.map(inWords).join('')).toBe('');
    const sum = (of: (half: Played) => number) => halves.reduce((total, half) => total + of(half), 0);
    figure(
      'T4',
      'programs',
      sum(({ programs }) => programs),
      { least: programs },
    );
    figure(
      'T4',
      'things that happened in them',
      sum(({ steps }) => steps),
    );
    figure(
      'T4',
      'counterexamples',
      sum(({ failed }) => (failed ? 1 : 0)),
      { most: 0 },
    );
    // programs in which nothing can happen would show nothing
    expect(sum(({ entries }) => entries)).toBeGreaterThan(programs * 5);
  });

  test(`whoever comes back to ${past} entries is told each once`, async () => {
    const found = await played(house, seed, late, past);
    expect(inWords(found)).toBe('');
    figure('T4', `programs after ${past} entries`, found.programs, { least: late });
  });

  test('whoever comes back to another store is told that it is another, and all of it', async () => {
    const found = await played(house, seed, moved, 0, 'moves');
    expect(inWords(found)).toBe('');
    figure('T4', 'programs in which the store may become another', found.programs, { least: moved });
  });

  test('planted: another store taken for the one that told until now', async () => {
    const fault = {
      file: 'src/api/coach-socket.ts',
      was: 'after !== undefined && after <= seq && epoch === parts.epoch',
      is: 'after !== undefined && (epoch, true)',
    };
    const found = await played(planted(fault), 1, 1_000, 0, 'moves');
    expect(found.failed).toBe(true);
    figure('T4', 'programs until another store taken for the same was caught', found.programs, { most: 1_000 });
  });

  const link = 'src/client/link.ts';
  const uplink = 'src/api/uplink.ts';
  const talk = 'src/core/conversation.ts';
  const faults: [string, ...Fault[]][] = [
    [
      'a hole in the kept sound of one recorder is filled by another',
      { file: 'src/api/coach-socket.ts', was: "known.recorder === 'new'", is: 'false' },
    ],
    ['a finish hears what is kept apart from whoever comes back', { file: 'src/api/sound.ts', was: 'if (left) ways.set(talk.id, left);', is: '' }],
    [
      'shown before it is saved',
      {
        file: talk,
        was: 'await save(fresh);\n      entries.push(...fresh);',
        is: 'entries.push(...fresh);\n      rouse();\n      await save(fresh);',
      },
    ],
    ['commands done once for each sending', { file: 'src/api/once.ts', was: '=> keptBy(talk).get(ref)', is: '=> undefined' }],
    ['commands forgotten with the process', { file: 'src/api/once.ts', was: 'talk.entries.flatMap(', is: 'talk.entries.slice(0, 0).flatMap(' }],
    [
      'the client shows what comes twice',
      { file: link, was: 'if (message.seq <= seq) return;', is: '' },
      { file: link, was: 'socketOf(session, seq,', is: 'socketOf(session, Math.max(0, seq - 1),' },
    ],
    ['told from one entry too late', { file: link, was: 'socketOf(session, seq,', is: 'socketOf(session, seq + 1,' }],
    ['one piece too many forgotten', { file: link, was: 'sounds.heard(message.chunk)', is: 'sounds.heard(message.chunk + 1)' }],
    [
      'asked for from one piece too late',
      {
        file: uplink,
        was: 'if (isFull) early.clear();\n        return next;',
        is: 'if (isFull) early.clear();\n        return next + 1;',
      },
    ],
    ['sound forgotten once it is sent', { file: link, was: 'next = piece.no + 1;', is: 'next = piece.no + 1;\n      sounds.heard(piece.no);' }],
    ['resend not listened to', { file: link, was: "if (message.type === 'resend') next = message.from;", is: '' }],
    [
      'a gap that nobody is told of',
      {
        file: uplink,
        was: 'await talk.append(neverArrived({ from: to, to: at }));',
        is: '',
      },
    ],
    ['heard before the words are kept', { file: 'src/audio/settling.ts', was: 'Math.min(reached, ...open)', is: 'reached' }],
    ['what was said is said again after a crash', { file: 'src/audio/numbered.ts', was: 'POSITIVE_INFINITY : words', is: 'POSITIVE_INFINITY : 0' }],
    [
      'pieces taken twice',
      {
        file: uplink,
        was: 'if (piece.no < next) return undefined;',
        is: 'if (piece.no < next) {\n        await mic.hear(piece);\n        return undefined;\n      }',
      },
    ],
    [
      'hearing that begins anew after a crash',
      { file: uplink, was: 'let received = heardSoFar(talk.entries).chunk;', is: 'let received = 0;' },
      { file: uplink, was: 'received = Math.max(heardSoFar(talk.entries).chunk, forgotten)', is: 'received = Math.max(received, forgotten)' },
    ],
    // what these programs found in the house itself
    [
      'sound from before the greeting left behind',
      { file: 'src/client/tail.ts', was: 'no: piece.no - ungreeted + no', is: 'no: piece.no - ungreeted' },
    ],
    [
      'sound from before the greeting taken for sound that was sent',
      { file: 'src/client/tail.ts', was: 'last >= ungreeted', is: 'pieces.size === 0' },
    ],
    ['sound from before the greeting kept by two numbers', { file: 'src/client/tail.ts', was: 'store.forget(last)', is: 'store.forget(no)' }],
    ['a stop that is said once only', { file: link, was: 'endTold = false;\n    again.clear();', is: 'again.clear();' }],
    ['stopped before everything is heard', { file: link, was: 'unheard && sounds.from(0) === undefined', is: 'unheard' }],
    ['said again though it is done', { file: link, was: 'again.clear();\n    wishAnew', is: 'wishAnew' }],
    ['the older wish has the last word', { file: link, was: 'message.retry && !isOvertaken(message.id)', is: 'message.retry' }],
    ['an older wish done after the newest', { file: link, was: 'wishAnew();\n    for', is: 'for' }],
    ['somebody greeted while a piece is being kept', { file: uplink, was: 'counting.then(goOn)', is: 'goOn()' }],
    ['a rest as long as a clock is back', { file: uplink, was: 'rest > 0 && rest <= pause', is: 'rest > 0' }],
    ['a new ear before the old one has come to its end', { file: uplink, was: 'await ended;\n    if (!mic.open', is: 'if (!mic.open' }],
    [
      'what came too early taken for what somebody else sends',
      { file: uplink, was: 'connection += 1;\n      early.clear();', is: 'connection += 1;' },
    ],
  ];
  const needed: number[] = [];
  test.each(faults)('planted: %s', async (_, ...planting) => {
    const found = await played(planted(...planting), 1, 10_000);
    expect(found.failed, `${found.programs} programs and no counterexample`).toBe(true);
    needed.push(found.programs);
  });

  test('all planted faults are caught within the quick number', () => {
    figure('T4', 'planted faults caught', needed.length, { least: faults.length });
    figure('T4', 'programs until the last of them was', Math.max(...needed), { most: 10_000 });
  });
});
