import { describe, expect, test } from 'vitest';
import { ownerRaces } from '../support/owner-races.ts';
import { planted } from '../support/planted.ts';
import { figure, tier } from '../support/tier.ts';

const rounds = tier({ quick: 12, long: 1_000 });

describe('T8 one owner: two processes never share one file', () => {
  test(`${rounds} races of two for one file, with a third while the winner is stopped, and the winner killed as it writes`, async () => {
    const { won, nobodys, atOnce, forked, stale, lost, refusals, takeover } = await ownerRaces(rounds);
    figure('T8', 'races for one file, with an owner who was stopped and killed', won, { least: rounds });
    figure('T8', 'races that nobody won, run again', nobodys, { most: 0, soft: true });
    figure('T8', 'files with two owners at once', atOnce, { most: 0 });
    figure('T8', 'numbers given twice', forked, { most: 0 });
    figure('T8', 'entries of somebody who did not own the file', stale, { most: 0 });
    figure('T8', 'kept entries that are lost', lost, { most: 0 });
    figure('T8', 'taking over after kill -9, ms, worst', Math.round(takeover.at(-1)!), { most: 5_000, soft: true });
    expect([...refusals]).toEqual([expect.stringMatching(/^refused Another Aside is already using this data folder\./)]);
  });

  test('it catches a file that is not held by its owner', async () => {
    const house = planted({ file: 'src/stores/sqlite-log.ts', was: 'pragma locking_mode = exclusive; ', is: '' });
    const { atOnce } = await ownerRaces(3, house);
    expect(atOnce).toBeGreaterThan(0);
  });
});
