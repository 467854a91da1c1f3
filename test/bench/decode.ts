import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mediaDecoder } from '../../src/audio/media.ts';
import { channel } from '../../src/core/flow.ts';
import { hasFfmpeg } from '../support/ffmpeg-reference.ts';
import { recording, recordings } from '../support/hear-bytes.ts';
import { needs } from '../support/needs.ts';
import { speechLike, talkAndSilence } from '../support/speech-like.ts';
import { webmOf } from '../support/webm-writer.ts';
import { type Cost, liveSessions, type Side } from './bench-live-sessions.ts';

const ours =
  (skipSilence: boolean): Side =>
  (heard) => {
    const bytes = channel<Uint8Array>();
    const done = (async () => {
      for await (const { samples } of mediaDecoder({ skipSilence }).decode(bytes, new AbortController().signal)) heard(samples.length);
    })();
    return {
      feed: (chunk) => bytes.offer(chunk),
      end: () => {
        bytes.end();
        return done;
      },
    };
  };

/** As one writes it without a second thought: one process a session, bytes in, samples out. */
const theirs: Side = (heard) => {
  const child = spawn('ffmpeg', ['-loglevel', 'error', '-f', 'matroska', '-i', 'pipe:0', '-f', 's16le', '-ac', '1', '-ar', '16000', 'pipe:1']);
  child.stdout.on('data', (bytes: Uint8Array) => heard(bytes.length / 2));
  child.stderr.resume();
  child.stdin.on('error', () => undefined);
  return {
    pid: child.pid,
    feed: (chunk) => child.stdin.write(chunk),
    end: async () => {
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
    },
  };
};

const packetsOfChromium = { bitrate: 24_000, packetMs: 20 } as const;
const round = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const versus = (them: number, us: number): string => `${round(them)} against ${round(us)}: ${round(them / us)} ×`;

/** Container to 16 kHz sound, against one ffmpeg process a session, at real pace. */
export async function bench(print: (line: string) => void): Promise<void> {
  const name = 'cr-webm-opus-24k.webm';
  const real = recordings.includes(name);
  const talk = real ? recording(name).chunks : webmOf(speechLike(30_000), packetsOfChromium);
  const conversation = webmOf(talkAndSilence([4000, 2700, 5000, 3300, 6000, 4000]), packetsOfChromium);
  const ms = 25_000;
  print(
    `decode · 100 live sessions of 25 s, 24 kbit/s WebM, ${real ? 'a recording of Chromium' : 'made-up speech'}; ffmpeg a session against this house`,
  );
  // what this process learns and allocates once is not the price of a session
  await liveSessions(ours(false), talk, 20, 9000);
  const sides = async (chunks: readonly Uint8Array[], skipSilence: boolean): Promise<[Cost | undefined, Cost]> => {
    const us = await liveSessions(ours(skipSilence), chunks, 100, ms);
    return [hasFfmpeg ? await liveSessions(theirs, chunks, 100, ms) : undefined, us];
  };
  const tell = (what: string, [them, us]: [Cost | undefined, Cost], of: (cost: Cost) => number, unit: string) =>
    print(`decode · ${what}: ${them ? versus(of(them), of(us)) : round(of(us))} (${unit})`);
  if (!hasFfmpeg) print(`decode · this side only, ${needs.ffmpeg}`);
  const all = await sides(talk, false);
  tell('steady state, everything decoded (wanted ≥ 1.6 ×)', all, ({ steady }) => steady, 'CPU s an hour of sound');
  tell('25-second sessions with their start (wanted ≥ 4 ×)', all, ({ whole }) => whole, 'CPU s an hour of sound');
  tell('memory (wanted ≥ 40 ×)', all, ({ memory }) => memory / 2 ** 20, 'MiB a session');
  tell('first sound after the first chunk, median (wanted ≥ 20 ×)', all, ({ first }) => first, 'ms');
  const pauses = await sides(conversation, true);
  tell('steady state, 40 % silence left undecoded (wanted ≥ 2.5 ×)', pauses, ({ steady }) => steady, 'CPU s an hour of sound');
  tell('the same in 25-second sessions with their start (wanted ≥ 4 ×)', pauses, ({ whole }) => whole, 'CPU s an hour of sound');
  const crowd = await liveSessions(ours(false), talk, 200, 15_000);
  print(`decode · 200 live sessions: chunk → sound p50 ${round(crowd.p50)} ms, p99 ${round(crowd.p99)} ms (wanted p99 ≤ 20 ms)`);
}
