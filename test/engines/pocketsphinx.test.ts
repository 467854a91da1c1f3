import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { fliteVoice } from '../../src/engines/local/flite-voice.ts';
import type { LocalTranscriber } from '../../src/engines/local/hearing.ts';
import { type FoundPocketsphinx, findPocketsphinx, pocketsphinxTranscriber } from '../../src/engines/local/pocketsphinx.ts';
import { heardInJson, heardInSegments, sphinxCommand } from '../../src/engines/local/sphinx-command.ts';
import { type Ears, frames, hear, transcriberContract, type Utterance } from '../contracts/transcriber.ts';
import { needs } from '../support/needs.ts';
import { joined, readWav } from '../support/wav.ts';
import { wordErrorRate } from '../support/wer.ts';

/** One sentence spoken by the embedded voice. */
async function spoken(text: string, at: number): Promise<Utterance> {
  const voice = fliteVoice({ voice: 'awb' });
  const parts: Int16Array[] = [];
  for await (const piece of voice.speak(text, new AbortController().signal)) parts.push(readWav(piece.data).samples);
  await voice.close();
  return { at, samples: joined(parts), text };
}

const both = async (): Promise<[Utterance, Utterance]> => [
  await spoken('What is your greatest strength?', 5_000),
  await spoken('Tell me about the history of music.', 90_000),
];

transcriberContract(
  'PocketSphinx through its library',
  async (): Promise<Ears | string> => {
    const found = await findPocketsphinx();
    if (!found) return needs.pocketsphinx;
    if (!found.libraries) return needs.pocketsphinxLibrary;
    const transcriber = pocketsphinxTranscriber(found, 1);
    return { transcriber, utterances: await both(), close: () => transcriber.close() };
  },
  { partials: true, confidence: true, worst: 0.2 },
);

transcriberContract(
  'PocketSphinx through its command',
  async (): Promise<Ears | string> => {
    const found = await findPocketsphinx();
    if (!found?.command) return needs.pocketsphinx;
    const transcriber = sphinxCommand(found.command, found.model, { workers: 1 });
    return { transcriber, utterances: await both(), close: () => transcriber.close() };
  },
  { partials: false, confidence: false, worst: 0.2 },
);

describe('PocketSphinx in child processes', () => {
  let found: FoundPocketsphinx | undefined;
  let ears: LocalTranscriber;
  let question: Utterance;
  beforeAll(async () => {
    found = await findPocketsphinx();
    if (!found?.libraries) return;
    ears = pocketsphinxTranscriber(found, 1);
    question = await spoken('What is your greatest strength?', 0);
  });
  afterAll(() => ears?.close());
  const story = (title: string, tell: () => Promise<void>) =>
    test(title, async (context: TestContext) => {
      if (!found?.libraries) context.skip(found ? needs.pocketsphinxLibrary : needs.pocketsphinx);
      else await tell();
    });

  story('no process runs before somebody speaks', async () => {
    const fresh = pocketsphinxTranscriber(found!, 1);
    expect(fresh.pids).toEqual([]);
    await hear(fresh, frames(question));
    expect(fresh.pids).toHaveLength(2);
    await fresh.close();
  });

  story('processes that are killed in the middle of an utterance cost it nothing: fresh ones hear it', async () => {
    await hear(ears, frames(question));
    const killed = ears.pids;
    async function* murderous() {
      yield* frames(question);
      for (const pid of killed) process.kill(pid, 'SIGKILL');
    }
    const final = (await hear(ears, murderous())).at(-1);
    expect(wordErrorRate(question.text, final?.text ?? '')).toBe(0);
    expect(ears.pids.filter((pid) => killed.includes(pid))).toEqual([]);
  });

  story('what was heard before changes nothing: the same sound gives the same words, bit by bit', async () => {
    const other = await spoken('The weather is beautiful today.', 0);
    const first = (await hear(ears, frames(question))).at(-1);
    await hear(ears, frames(other), ['Zarathustra is the weather']);
    expect((await hear(ears, frames(question))).at(-1)).toEqual(first);
  });

  story('B5 a name that no dictionary has is heard when the session knows it, and only then', async () => {
    const name = await spoken('My name is Katinka Baranova.', 0);
    const without = (await hear(ears, frames(name))).at(-1)!;
    const knowing = (await hear(ears, frames(name), ['An interview with Katinka Baranova'])).at(-1)!;
    const later = (await hear(ears, frames(name))).at(-1)!;
    expect(without.text).not.toContain('baranova');
    expect(knowing.text).toContain('baranova');
    expect(later).toEqual(without);
  });

  story('an utterance of more than half a minute is cut where it is quiet and comes back as one', async () => {
    const pause = new Int16Array(8_000);
    const one = joined([question.samples, pause]);
    const samples = joined(Array.from({ length: 13 }, () => one));
    const final = (await hear(ears, frames({ at: 0, samples }))).at(-1)!;
    expect(samples.length).toBeGreaterThan(30 * 16_000);
    expect(wordErrorRate(Array.from({ length: 13 }, () => question.text).join(' '), final.text)).toBeLessThan(0.1);
    expect(final.words.at(-1)!.from).toBeGreaterThan(30_000);
  });

  story('a process whose parent is gone ends by itself, even when the parent had no time to say so', async () => {
    const orders = JSON.stringify({ ...found!.libraries, model: found!.model, mode: 'whole' });
    const child = fork(new URL('../../src/engines/local/sphinx-child.ts', import.meta.url), [orders], { execArgv: [], serialization: 'advanced' });
    child.send({ job: 1, do: 'open', phrases: [] });
    child.send({ job: 1, do: 'end' });
    await once(child, 'message');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  story('a library that is not there is one clear failure, and the process goes on', async () => {
    const deaf = pocketsphinxTranscriber({ ...found!, libraries: { base: 'libnothing.so', sphinx: 'libnothing.so' } }, 1);
    await expect(hear(deaf, frames(question))).rejects.toMatchObject({
      code: 'ears_failed',
      message: expect.stringContaining('could not be loaded'),
    });
    await deaf.close();
  });
});

describe('the commands of PocketSphinx', () => {
  test('the segments of 5prealpha become words with their times', () => {
    const line =
      'sound S 0 T -6144909 A -5618688 L -526221 0 -308224 0 <s> 25 -268288 -404 go(2) 64 -824320 -383 forward 117 -1650688 -124 </s> 263\n';
    expect(heardInSegments(line)).toEqual({
      text: 'go forward',
      confidence: null,
      words: [
        { text: 'go', from: 250, to: 640, confidence: null },
        { text: 'forward', from: 640, to: 1170, confidence: null },
      ],
    });
    expect(heardInSegments('')).toBeUndefined();
  });

  test('the JSON of 5.x becomes words with times and confidence, through a command that prints it', async (context) => {
    if (process.platform === 'win32') context.skip(needs.shell);
    const line =
      '{"b":0.000,"d":2.780,"p":0.9,"t":"go forward","w":[{"b":0.0,"d":0.25,"p":1.0,"t":"<s>"},{"b":0.46,"d":0.18,"p":0.8,"t":"go"},{"b":0.64,"d":0.53,"p":0.6,"t":"forward(2)"}]}';
    const folder = await mkdtemp(join(tmpdir(), 'aside-test-'));
    const path = join(folder, 'pocketsphinx');
    await writeFile(path, `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 });
    const ears = sphinxCommand({ path, line: 'single' }, { acoustic: '', language: '', dictionary: '' });
    const all = await hear(ears, frames({ at: 1_000, samples: new Int16Array(16_000).fill(1_000) }));
    await rm(folder, { recursive: true });
    expect(all).toEqual([
      {
        text: 'go forward',
        confidence: 0.7,
        final: true,
        words: [
          { text: 'go', from: 1_460, to: 1_640, confidence: 0.8 },
          { text: 'forward', from: 1_640, to: 2_170, confidence: 0.6 },
        ],
      },
    ]);
    expect(heardInJson('')).toBeUndefined();
  });
});
