import { describe, expect, test } from 'vitest';
import { hear } from '../../src/cli/hear.ts';
import { compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import { findPocketsphinx } from '../../src/engines/local/pocketsphinx.ts';
import { needs } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';

const never = new AbortController().signal;
const recording = 'fixtures/sound/interview.webm';
const found = await findPocketsphinx();

async function run(args: string[], ears: string): Promise<{ out: string; progress: string }> {
  const house = await compose(readSettings({ STORE: 'memory', EARS: ears, DATA_DIR: newFolder() }));
  const out: string[] = [];
  const progress: string[] = [];
  try {
    await hear(args, house, { print: (text) => out.push(text), progress: (text) => progress.push(text), tty: true }, never);
  } finally {
    await house.close();
  }
  return { out: out.join(''), progress: progress.join('') };
}

// a recogniser on a busy machine takes its time, and that decides nothing here
describe('npm run hear', { timeout: 120_000 }, () => {
  test('H1 a recording becomes a transcript, suggestions and feedback, for people', async (story) => {
    if (!found) return story.skip(needs.pocketsphinx);
    const { out, progress } = await run([recording, '--name', 'Alex', '--goal', 'ask about the team'], 'pocketsphinx');
    expect(out).toMatch(/^\d\d:\d\d {2}user +hi/m);
    expect(out).toMatch(/^\d\d:\d\d {2}other +welcome/m);
    expect(out).toMatch(/→ aside .+ \(.+\)$/m);
    for (const part of ['What went well', 'A wish', 'Take away', 'What it was about', 'Fillers:']) expect(out).toContain(part);
    expect(progress).toMatch(/hearing \d+ %[\s\S]+hearing 100 %/);
  });

  test('H2 the same for machines', async (story) => {
    if (!found) return story.skip(needs.pocketsphinx);
    const { out } = await run([recording, '--json'], 'pocketsphinx');
    const told = JSON.parse(out);
    expect(told).toMatchObject({ ears: 'pocketsphinx', brain: 'reflexes', feedback: { stars: { length: 2 }, takeaways: { length: 3 } } });
    expect(told.transcript.length).toBeGreaterThanOrEqual(11);
    for (const { evidence } of told.suggestions) expect(evidence.length).toBeGreaterThan(0);
  });

  test('H3 what is missing is said in one sentence with what to do', async () => {
    await expect(run([recording], 'browser')).rejects.toMatchObject({ code: 'no_recogniser', message: expect.stringContaining('npm run ears') });
  });

  test('H4 a wrong call shows the right one', async (story) => {
    if (!found) return story.skip(needs.pocketsphinx);
    await expect(run([], 'pocketsphinx')).rejects.toThrow(/Use: npm run hear -- FILE/);
    await expect(run(['no-such-file.webm'], 'pocketsphinx')).rejects.toThrow(/no recording at “no-such-file.webm”/);
    await expect(run(['README.md'], 'pocketsphinx')).rejects.toThrow(/“README.md” is no recording that Aside can read/);
    await expect(run(['src'], 'pocketsphinx')).rejects.toThrow(/no recording at “src”/);
    await expect(run([recording, recording], 'pocketsphinx')).rejects.toThrow(/one recording at a time/);
    await expect(run(['--help'], 'pocketsphinx')).rejects.toThrow(/^Use: npm run hear/);
    await expect(run([recording, '--loud'], 'pocketsphinx')).rejects.toThrow(/Use: npm run hear/);
  });
});
