import { phaseOf, type World } from './elevenlabs-world.ts';
import type { Fault } from './faults.ts';
import { characterTimes, spokenAs } from './spoken-tones.ts';
import { spokenBy } from './spoken-words.ts';
import type { Link } from './vendor-link.ts';

/** Until generation begins of its own accord, so many characters must have come: for the first time, the second, … */
export const usualSchedule: readonly number[] = [120, 160, 250, 290];

/** So many characters one message speaks. */
const charactersTogether = 16;

/** What a speaking socket is told to be, by its address. */
export type Asked = { readonly format: string; readonly auto: boolean };

/** Text that becomes sound as it comes. */
export type Stream = {
  /** Takes a piece of text; speaks when enough has come, or at once with `now`. */
  take(text: string, now: boolean): void;
  /** Nothing more comes: what was generated is still said, then `done` is called. */
  end(done: () => void): void;
  /** Nothing of it is said any more. */
  drop(): void;
};

/** How a speaking socket fails: the error it tells, or what the line does. Counts the sounds of the whole socket. */
export function mishaps(fault: Fault | undefined, link: Link, fail: (error: string, message: string) => void) {
  const phase = phaseOf(fault);
  let sounds = 0;
  const strike = (message: object): boolean => {
    const told: readonly [string, string] | undefined = errors[fault!.name as keyof typeof errors];
    if (told) fail(...told);
    return told !== undefined || link.goWrong(fault, message);
  };
  return {
    /** Sends a message with sound, unless something goes wrong instead. */
    send(message: object): void {
      sounds += 1;
      if (phase === 'first' && sounds === 1 && strike(message)) return;
      const ill = phase === 'first' || sounds > 1 ? fault?.name : undefined;
      if (ill === 'empty') return;
      link.send(message);
      if (ill === 'repeated') link.send(message);
      if (phase === 'stream' && sounds === 1) strike(message);
    },
    /** Sends the end of a text; endless sound has none. Says whether there is one. */
    end(message: object): boolean {
      if (fault?.name === 'endless' && sounds > 0) return false;
      link.send(message);
      return true;
    },
  };
}

const errors = {
  'bad-key': ['invalid_api_key', 'Invalid API key'],
  quota: ['quota_exceeded', 'This request exceeds your quota of 10000. You have 0 credits remaining.'],
  busy: ['rate_limit_exceeded', 'Rate limit exceeded.'],
  'busy-until': ['system_busy', 'We are experiencing heavy traffic. Please try again later.'],
  broken: ['internal_error', 'We are sorry, something went wrong. Please contact support if the problem persists.'],
  'session-limit': [
    'input_timeout_exceeded',
    'Have not received a new text input within the timeout of 20 seconds. Streaming input terminated. Please make sure to send text.',
  ],
} as const satisfies Record<string, readonly [string, string]>;

/** Speaks one text, or one context: gathers by the schedule, sends sound with the times of its characters, counted from each message. */
export function speaking(
  world: World,
  link: Link,
  { format, auto }: Asked,
  schedule: readonly number[],
  send: (message: { audio: string; alignment: object | null; normalizedAlignment: object | null }) => void,
): Stream {
  let [gathered, generations, pending, dropped] = ['', 0, 0, false];
  let endings: (() => void)[] = [];
  let order: Promise<void> = Promise.resolve();

  const generate = () => {
    const text = gathered;
    gathered = '';
    if (text.trim() === '') return;
    generations += 1;
    pending += 1;
    world.billed.characters += text.length;
    if (world.speaks) {
      inWords(text);
      return;
    }
    link.after(world.delays.spoken, () => {
      for (let at = 0; at < text.length && !dropped; at += charactersTogether) send(sounding(text.slice(at, at + charactersTogether), format));
      pending -= 1;
      if (pending > 0) return;
      for (const done of endings) done();
      endings = [];
    });
  };

  /** A voice that was brought takes its time, and says nothing about when each letter was spoken. */
  const inWords = (text: string) => {
    const pieces = spokenBy(world.speaks, format, text).catch(() => []);
    order = order.then(async () => {
      const all = await pieces;
      await new Promise<void>((resolve) => {
        link.after(world.delays.spoken, resolve);
        link.stop.addEventListener('abort', () => resolve(), { once: true });
      });
      for (const piece of all) if (!dropped) send({ audio: Buffer.from(piece).toString('base64'), alignment: null, normalizedAlignment: null });
      pending -= 1;
      if (pending > 0) return;
      for (const done of endings) done();
      endings = [];
    });
  };

  return {
    take: (text, now) => {
      gathered += text;
      if (now || auto || gathered.length >= schedule[Math.min(generations, schedule.length - 1)]!) generate();
    },
    end: (done) => {
      if (pending === 0) done();
      else endings.push(done);
    },
    drop: () => {
      dropped = true;
    },
  };
}

function sounding(text: string, format: string): { audio: string; alignment: object; normalizedAlignment: object } {
  const times = characterTimes(text);
  const alignment = {
    chars: times.map(({ character }) => character),
    charStartTimesMs: times.map(({ fromMs }) => fromMs),
    charDurationsMs: times.map(({ fromMs, toMs }) => toMs - fromMs),
  };
  return { audio: Buffer.concat(spokenAs(format, text)).toString('base64'), alignment, normalizedAlignment: alignment };
}
