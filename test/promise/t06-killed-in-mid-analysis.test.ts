import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { analysisTruth } from '../support/analysis-truth.ts';
import { planted } from '../support/planted.ts';
import { figure, isLong, tier } from '../support/tier.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

test(`T6 killed while a model writes the analysis, many ask before and after (seed ${seed})`, { timeout: isLong ? 900_000 : 120_000 }, async () => {
  const kills = tier({ quick: 1, long: 25 });
  const { faults, byModel, partial, takeaways, slowest, complaints } = await analysisTruth({ kills, seed });
  expect(faults).toEqual([]);
  expect(complaints).toBe('');
  figure('T6', 'kills while a model is asked for five analyses', kills);
  figure('T6', 'of these analyses written by the model after all', byModel, { least: 4 * kills });
  figure('T6', 'flagged partial, where the model hangs after the restart too', partial, { least: kills, most: kills });
  figure('T6', 'takeaways, of which not one cites what is not there', takeaways, { least: 15 * kills });
  figure('T6', 'slowest of them, kill and restart included, ms', Math.round(slowest), { most: 30_000 });
});

test('T6 it catches: a second analysis after a restart that is appended and told in place of the first, takeaways that nobody holds against the log, and a partial one that does not say so', {
  timeout: 120_000,
}, async () => {
  const copy = planted(
    { file: 'src/agents/reviewer.ts', was: "if (!first(talk.entries, 'reviewed')) {", is: '{' },
    {
      file: 'src/api/coach.ts',
      was: "const reviewed = first(entries, 'reviewed');",
      is: "const reviewed = entries.findLast(({ type }) => type === 'reviewed') as any;",
    },
    {
      file: 'src/agents/model-review.ts',
      was: 'return { ...filledReview(picture, {}), degraded: true,',
      is: 'return { ...filledReview(picture, {}), degraded: false,',
    },
    { file: 'src/insight/claims.ts', was: 'if (strange !== undefined)', is: 'if (false)' },
  );
  const { faults } = await analysisTruth({ kills: 1, seed: 1, atOnce: 4, cwd: fileURLToPath(copy) });
  expect(faults).toEqual(
    expect.arrayContaining([
      'told: 2 times reviewed',
      'told: not everybody got the same feedback',
      'hanging: not flagged as partial',
      'asked: a takeaway cites 9999: Bring the paper that nobody has spoken of here.',
    ]),
  );
});
