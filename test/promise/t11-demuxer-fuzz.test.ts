import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { bombs, LARGEST_KEPT } from '../support/container-bombs.ts';
import type { FuzzResult } from '../support/container-fuzz.ts';
import { cutAnywhere, heardBytes } from '../support/hear-bytes.ts';
import { oggOf } from '../support/ogg-writer.ts';
import { glued } from '../support/opus-packets.ts';
import { type Fault, planted } from '../support/planted.ts';
import { seeded, speechLike } from '../support/speech-like.ts';
import { figure, isLong, tier } from '../support/tier.ts';
import { harmed, mutant } from '../support/webm-mutator.ts';
import { webmOf } from '../support/webm-writer.ts';

const audio = new URL('../../src/audio/', import.meta.url).href;
const seed = Number(process.env.SEED ?? Math.floor(performance.timeOrigin) % 1_000_000) + 1;

/** A script beside the tests, in a process of its own; what it prints. */
async function run<T>(script: string, ...args: (string | number)[]): Promise<T> {
  const path = new URL(`../support/${script}`, import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', path, ...args.map(String)], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}

type Fuzzed = FuzzResult & { bombs: string[] };
const fuzz = (from: string, first: number, count: number) => run<Fuzzed>('container-fuzz-run.ts', from, first, count);
type Most = { most: number; by: string };

// counted work on a busy machine; what takes longer than this hangs
describe(`T11 hostile containers (SEED=${seed})`, { timeout: tier({ quick: 240_000, long: 3_600_000 }) }, () => {
  test('mutants: one Problem or packets, the same however they are cut, and little is kept', async () => {
    const mutants = tier({ quick: 300_000, long: 10_000_000 });
    const halves = isLong ? [fuzz(audio, seed, mutants / 2), fuzz(audio, seed + mutants / 2, mutants / 2)] : [fuzz(audio, seed, mutants)];
    const results = await Promise.all(halves);
    const sum = (of: (result: Fuzzed) => number) => results.reduce((total, result) => total + of(result), 0);
    expect(results.flatMap(({ throws, differences }) => [...throws, ...differences])).toEqual([]);
    figure(
      'T11',
      'mutants, each whole and cut',
      sum(({ runs }) => runs),
      { least: mutants },
    );
    figure(
      'T11',
      'unexpected throws',
      sum(({ throws }) => throws.length),
      { most: 0 },
    );
    figure(
      'T11',
      'differences between splits',
      sum(({ differences }) => differences.length),
      { most: 0 },
    );
    figure('T11', 'bytes kept at most', Math.max(...results.map(({ kept }) => kept)), { most: LARGEST_KEPT });
    // harm that is always noticed, or never, would test nothing
    const refused = sum((result) => result.refused) / mutants;
    expect(refused).toBeGreaterThan(0.2);
    expect(refused).toBeLessThan(0.8);
    expect(sum(({ packets }) => packets)).toBeGreaterThan(mutants);
  });

  test('bombs made by hand end as told; work is linear, memory bounded, and no branch of the demuxers was left out', async () => {
    const { bombs: wrong } = await fuzz(audio, 1, 1);
    expect(wrong).toEqual([]);
    figure('T11', 'bombs made by hand', bombs.length, { least: 60 });
    const work = await run<{ steps: Most; copied: Most; held: Most; unlike: string[]; missed: string[] }>('container-work-run.ts', audio, 2000);
    expect(work.unlike).toEqual([]);
    figure('T11', `steps a byte at most (${work.steps.by})`, work.steps.most, { most: 20 });
    figure('T11', `bytes copied a byte at most (${work.copied.by})`, work.copied.most, { most: 20 });
    figure('T11', `bytes really held at most (${work.held.by})`, work.held.most, { most: LARGEST_KEPT });
    expect(work.missed).toEqual([]);
    figure('T11', 'branches of the demuxers never entered', work.missed.length, { most: 0 });
  });

  test('a microphone of mutants, decoded: the stream never fails, and cuts change nothing that is heard', async () => {
    const count = tier({ quick: 600, long: 60_000 });
    const sound = speechLike(300);
    const good = [glued(webmOf(sound, { clusterMs: 100 })), glued(oggOf(sound))];
    let heard = 0;
    for (let run = seed; run < seed + count; run += 1) {
      const random = seeded(run);
      // real sound with accidents, and then whatever comes
      const bytes = glued([harmed(good[run % 2]!, random), mutant('webm', random), mutant('wav', random), harmed(good[(run + 1) % 2]!, random)]);
      const options = { skipSilence: run % 3 === 0 };
      const whole = await heardBytes([bytes], options);
      const cut = await heardBytes(cutAnywhere(bytes, random, run % 4 === 0 ? 20 : 900), options);
      if (Buffer.compare(new Uint8Array(cut.samples.buffer), new Uint8Array(whole.samples.buffer)) !== 0) expect.fail(`SEED=${run}: other sound`);
      expect(
        cut.problems.map(({ message }) => message),
        `SEED=${run}`,
      ).toEqual(whole.problems.map(({ message }) => message));
      expect(cut.segments, `SEED=${run}`).toEqual(whole.segments);
      heard += whole.samples.length > 0 ? 1 : 0;
    }
    expect(heard).toBeGreaterThan(count / 2);
    figure('T11', 'microphones of mutants, decoded', count);
  });

  const webm = 'src/audio/webm.ts';
  const faults: [string, Fault][] = [
    ['no cap on sizes', { file: 'src/audio/ebml.ts', was: '(size ?? NO_CAP) > cap', is: 'false' }],
    ['no limit on tracks', { file: 'src/audio/webm-tracks.ts', was: '>= 64', is: '>= 64_000' }],
    ['no limit on the header', { file: 'src/audio/demuxer.ts', was: '= 8192', is: '= 8_192_000' }],
    [
      'a byte lost where chunks meet',
      {
        file: webm,
        was: 'at += this.#step(input, at, packets)',
        is: 'at += Math.max(this.#step(input, at, packets), input.length - at === 2 ? 2 : 0)',
      },
    ],
    ['a length that nobody checks', { file: 'src/audio/opus-packet.ts', was: 'bytes.length < 19 || ', is: '' }],
    ['lacing taken for sound', { file: webm, was: '(head[3]! & 0x06) !== 0', is: 'false' }],
    ['patience counted by chunks', { file: 'src/audio/webm-resync.ts', was: 'this.#passed + this.#at > PATIENCE', is: 'this.#passed > PATIENCE' }],
    [
      'a packet that keeps a piece of a lost page',
      { file: 'src/audio/ogg.ts', was: 'let lost = continued && this.#partsLength === 0', is: 'let lost = false' },
    ],
    ['a second header taken for another element', { file: webm, was: 'this.#begun && id === ids.ebml', is: 'false' }],
  ];
  test.each(faults)('planted: %s is caught', async (_, fault) => {
    const copy = planted(fault);
    const { throws, differences, kept, bombs: wrong } = await fuzz(new URL('src/audio/', copy).href, 1, 3000);
    expect([...throws, ...differences, ...wrong].length + Math.max(0, kept - LARGEST_KEPT)).toBeGreaterThan(0);
  });

  test('planted: work that grows with the number of frames is caught', async () => {
    const copy = planted({ file: 'src/audio/webm-resync.ts', was: 'if (this.#filled === this.#room.length) this.#move();', is: 'this.#move();' });
    const { copied } = await run<{ copied: Most }>('container-work-run.ts', new URL('src/audio/', copy).href, 1, 'WebM that goes on');
    expect(copied.most).toBeGreaterThan(20);
  });

  test('planted: memory that is held but not told is caught', async () => {
    const copy = planted({
      file: 'src/audio/ogg.ts',
      was: 'size < 255 ? page.subarray(start, at) : page.slice(start, at)',
      is: 'page.subarray(start, at)',
    });
    const { held } = await run<{ held: Most }>('container-work-run.ts', new URL('src/audio/', copy).href, 1, 'Ogg');
    expect(held.most).toBeGreaterThan(LARGEST_KEPT);
  });
});
