import { describe, expect, test } from 'vitest';
import { chooseEars } from '../src/compose/ears.ts';
import { readSettings } from '../src/config.ts';
import { budgets } from '../src/core/budgets.ts';
import { tireless } from '../src/engines/breaker.ts';
import { purse } from '../src/engines/purse.ts';
import { realClock as clock } from '../src/engines/real-clock.ts';
import { newFolder } from './support/new-folder.ts';

const chosen = async (environment: Record<string, string>) => {
  const ears = await chooseEars(readSettings({ DATA_DIR: newFolder(), ...environment }), budgets, purse(budgets, clock), () => tireless);
  await ears.transcriber?.close();
  return ears.chosen;
};

describe('who hears', () => {
  test('is whoever has a key, the best first, and this machine where that fails', async () => {
    const key = { ELEVENLABS_API_KEY: 'one', OPENAI_API_KEY: 'another' };
    expect(await chosen(key)).toMatchObject({ name: 'elevenlabs' });
    expect(await chosen({ OPENAI_API_KEY: 'another' })).toMatchObject({ name: 'openai', about: expect.stringContaining('live') });
    expect(await chosen({ ...key, EARS: 'openai' })).toMatchObject({ name: 'openai' });
    expect(await chosen({ OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1' })).toMatchObject({
      name: 'openai',
      about: expect.stringContaining('127.0.0.1:8000'),
    });
  });

  test('is nobody elsewhere where that was not wanted, whatever keys there are', async () => {
    expect(await chosen({ ELEVENLABS_API_KEY: 'one', EARS: 'browser' })).toMatchObject({ name: 'browser' });
  });

  test('says what is missing where somebody was asked for by name', async () => {
    await expect(chosen({ EARS: 'elevenlabs' })).rejects.toThrow('Set ELEVENLABS_API_KEY');
    await expect(chosen({ EARS: 'openai' })).rejects.toThrow('Set OPENAI_API_KEY');
    await expect(chosen({ EARS: 'sherpa' })).rejects.toThrow('Run npm run ears');
  });
});
