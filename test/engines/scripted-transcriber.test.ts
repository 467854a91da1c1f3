import { expect, test } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import { scriptedTranscriber } from '../../src/engines/scripted/transcriber.ts';
import { frames, hear, transcriberContract } from '../contracts/transcriber.ts';

const second = 16_000;
const lines = [
  { from: 1_000, to: 2_000, text: 'what is your greatest strength' },
  { from: 5_000, to: 6_000, text: 'i listen' },
];
const sound = (at: number, seconds: number) => frames({ at, samples: new Int16Array(seconds * second) });

transcriberContract(
  'the scripted transcriber',
  async () => ({
    transcriber: scriptedTranscriber(lines),
    utterances: [
      { at: 900, samples: new Int16Array(1.2 * second), text: lines[0]!.text },
      { at: 4_800, samples: new Int16Array(1.4 * second), text: lines[1]!.text },
    ],
    close: async () => undefined,
  }),
  { partials: true, confidence: false, worst: 0 },
);

test('words come with the sound they belong to, one after another, at any speed', async () => {
  const all = await hear(scriptedTranscriber(lines), sound(4_800, 1.4));
  expect(all.map((words) => [words.text, words.final])).toEqual([
    ['i', false],
    ['i listen', false],
    ['i listen', true],
  ]);
});

test('an utterance that was cut holds only the words that were said in it', async () => {
  expect((await hear(scriptedTranscriber(lines), sound(1_000, 0.5))).at(-1)?.text).toBe('what is your');
  expect((await hear(scriptedTranscriber(lines), sound(1_500, 0.5))).at(-1)?.text).toBe('greatest strength');
});

test('told to fail it fails with that problem until it recovers, and remembers what it was told about each utterance', async () => {
  const ears = scriptedTranscriber(lines);
  ears.fail(new Problem('ears_failed', 'Unplugged.'));
  await expect(hear(ears, sound(900, 1.2), ['Alex'])).rejects.toThrow('Unplugged.');
  ears.recover();
  expect((await hear(ears, sound(900, 1.2), ['Ada'])).at(-1)?.text).toBe(lines[0]!.text);
  expect(ears.hinted).toEqual([['Alex'], ['Ada']]);
});
