import { describe, expect, it } from 'vitest';
import { heard, voiceContract } from '../contracts/voice.ts';
import { vendorVoices } from '../support/vendor-voices.ts';
import { realClock as clock } from '../support/vendors/real-clock.ts';

// long enough for any machine: no clock decides here
const waits = { first: 30_000, between: 30_000, total: 60_000 };

for (const [name, stage] of Object.entries(vendorVoices)) {
  const { voice, close } = await stage({ clock, waits });
  voiceContract(name, () => ({ ...voice, close }));
}

describe.each(Object.entries(vendorVoices))('%s: what it costs', { timeout: 30_000 }, (_, stage) => {
  it('is what was sent, on the account of who wanted it, and nothing for what was not', async () => {
    const account = () => {
      const characters: number[] = [];
      return {
        spent: (what: { characters: number }) => characters.push(what.characters),
        total: () => characters.reduce((sum, each) => sum + each, 0),
      };
    };
    const [mine, hers] = [account(), account()];
    const { voice, vendor, close } = await stage({ clock, waits, spent: mine.spent });
    await heard(voice, ' … 👍🏽 ');
    await heard(voice, 'Never asked.', AbortSignal.abort());
    expect([mine.total(), vendor.calls.length]).toEqual([0, 0]);
    await heard(voice, 'Ask her about the new job.');
    await heard(voice.paidBy(hers.spent), 'Then wait.');
    expect(mine.total()).toBeGreaterThanOrEqual('Ask her about the new job.'.length);
    expect(hers.total()).toBeGreaterThanOrEqual('Then wait.'.length);
    expect(mine.total() + hers.total()).toBe(vendor.billed.characters);
    await close();
  });
});
