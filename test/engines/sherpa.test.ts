import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { findSherpa, sherpaTranscriber } from '../../src/engines/local/sherpa.ts';
import type { SherpaModel } from '../../src/engines/local/sherpa-model.ts';
import { frames, hear, transcriberContract } from '../contracts/transcriber.ts';
import { needs } from '../support/needs.ts';
import { toneModel, toneSpeech } from '../support/tone-model.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'aside-test-'));
let model: SherpaModel | undefined;
let folder = '';

beforeAll(async () => {
  folder = await toneModel(dataDir);
  model = await findSherpa(dataDir);
});
afterAll(() => rmSync(dataDir, { recursive: true }));

transcriberContract(
  'sherpa with a model that understands tones',
  async () => {
    await toneModel(dataDir);
    const found = await findSherpa(dataDir);
    if (!found) return needs.sherpa;
    const transcriber = sherpaTranscriber(found);
    return {
      transcriber,
      utterances: [
        { at: 5_000, samples: toneSpeech('abc dek hi'), text: 'abc dek hi' },
        { at: 90_000, samples: toneSpeech('jag fad'), text: 'jag fad' },
      ],
      close: () => transcriber.close(),
    };
  },
  { partials: true, confidence: true, worst: 0 },
);

describe('sherpa in a process of its own', () => {
  const story = (title: string, tell: () => Promise<void>) =>
    test(title, async (context: TestContext) => {
      if (!model) context.skip(needs.sherpa);
      else await tell();
    });
  const say = (words: string) => frames({ at: 0, samples: toneSpeech(words) });

  story('word times are where the tones are, to 60 ms', async () => {
    const ears = sherpaTranscriber(model!);
    const final = (await hear(ears, say('abc de'))).at(-1)!;
    await ears.close();
    // 300 ms of silence, then 200 ms a letter
    const starts = final.words.map((word) => word.from);
    expect(Math.abs(starts[0]! - 300)).toBeLessThanOrEqual(60);
    expect(Math.abs(starts[1]! - 1_100)).toBeLessThanOrEqual(60);
  });

  story('one process hears many at once, and the words do not mix', async () => {
    const ears = sherpaTranscriber(model!);
    const texts = Array.from({ length: 20 }, (_, index) => `ab${'cdefghijk'[index % 9]} ${index % 2 === 0 ? 'ka' : 'ba'}`);
    const heard = await Promise.all(texts.map((text) => hear(ears, say(text))));
    expect(heard.map((all) => all.at(-1)?.text)).toEqual(texts);
    expect(ears.pids).toHaveLength(1);
    await ears.close();
  });

  story('a process that is killed in the middle of an utterance costs nobody a word', async () => {
    const ears = sherpaTranscriber(model!);
    await hear(ears, say('abc'));
    const [first] = ears.pids;
    async function* murderous() {
      yield* say('dek hi');
      process.kill(first!, 'SIGKILL');
    }
    const [killer, other] = await Promise.all([hear(ears, murderous()), hear(ears, say('jag fad'))]);
    expect([killer.at(-1)?.text, other.at(-1)?.text]).toEqual(['dek hi', 'jag fad']);
    expect(ears.pids).not.toContain(first);
    await ears.close();
  });

  story('a process that cannot come back is one clear failure for that utterance, and the next one works when it can', async () => {
    const ears = sherpaTranscriber(model!);
    await hear(ears, say('abc'));
    const encoder = join(folder, 'encoder.onnx');
    const good = readFileSync(encoder);
    async function* fatal() {
      yield* say('dek');
      writeFileSync(encoder, good.subarray(0, 1_000));
      process.kill(ears.pids[0]!, 'SIGKILL');
    }
    await expect(hear(ears, fatal())).rejects.toMatchObject({ code: 'ears_failed', message: expect.stringContaining('npm run ears') });
    writeFileSync(encoder, good);
    expect((await hear(ears, say('hi'))).at(-1)?.text).toBe('hi');
    await ears.close();
  });

  story('a model whose files were cut short or never finished is not even tried', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'aside-test-'));
    const harmed = await toneModel(elsewhere);
    expect(await findSherpa(elsewhere)).toMatchObject({ name: 'tones' });
    truncateSync(join(harmed, 'joiner.onnx'), 100);
    expect(await findSherpa(elsewhere)).toBeUndefined();
    await toneModel(elsewhere);
    writeFileSync(join(harmed, 'encoder.onnx'), readFileSync(join(harmed, 'encoder.onnx')).fill(0, 50, 60));
    expect(await findSherpa(elsewhere)).toBeUndefined();
    await toneModel(elsewhere);
    rmSync(join(harmed, 'aside-model.json'));
    expect(await findSherpa(elsewhere)).toBeUndefined();
    rmSync(elsewhere, { recursive: true });
    expect(await findSherpa(elsewhere)).toBeUndefined();
  });
});
