import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSettings, settingsSchema } from '../src/config.ts';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const defaults = readSettings({}) as Record<string, unknown>;
const names = Object.keys(settingsSchema.shape) as (keyof typeof settingsSchema.shape)[];
const shown = (name: string) => [defaults[name]].flat().join(',');

describe('the settings', () => {
  test('C1 without any, the service has sensible ones', () => {
    expect(defaults).toMatchObject({ PORT: 8_000, HOST: '127.0.0.1', EARS: 'auto', STORE: 'sqlite', ALLOWED_ORIGINS: [] });
  });

  test('C2 every mistake is told at once, by name, with what was given and what is wanted', () => {
    expect(() => readSettings({ PORT: 'eighty', EARS: 'big', HOST: '::1' })).toThrow(
      /PORT is “eighty”, but should be a number[\s\S]*EARS is “big”, but should be auto, elevenlabs/,
    );
  });

  test('C7 a number out of range and an address of another kind are told as plainly', () => {
    for (const PORT of ['70000', '-1', '80.5', 'http'])
      expect(() => readSettings({ PORT })).toThrow(`\n  PORT is “${PORT}”, but should be a number from 0 to 65535\n`);
    for (const API_WS_BASE of ['aside.example', 'https://aside.example'])
      expect(() => readSettings({ API_WS_BASE })).toThrow(
        `\n  API_WS_BASE is “${API_WS_BASE}”, but should be an address that begins with ws:// or wss://\n`,
      );
    for (const SPEECH_MODEL_URL of ['model.tar.bz2', 'file:///model.tar.bz2'])
      expect(() => readSettings({ SPEECH_MODEL_URL })).toThrow(
        `\n  SPEECH_MODEL_URL is “${SPEECH_MODEL_URL}”, but should be an address that begins with https://\n`,
      );
  });

  test('C8 a key is 32 bytes, and one that is wrong is not repeated on anybody’s screen', () => {
    const key = Buffer.alloc(32, 7);
    expect(readSettings({ DATA_KEY: key.toString('base64') }).DATA_KEY).toEqual(key);
    const wrong = key.subarray(1).toString('base64');
    expect(() => readSettings({ DATA_KEY: wrong })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          new RegExp(`^(?![^]*${wrong.slice(0, 9)})[^]*\n  DATA_KEY should be 32 bytes in base64, as openssl rand -base64 32 prints them\n`),
        ),
      }),
    );
  });

  test('C8 nor is the password of a database', () => {
    const url = 'postgresql://aside:p%40ss@db.example:5433/talks?sslmode=require';
    expect(readSettings({ DATABASE_URL: url }).DATABASE_URL).toBe(url);
    for (const DATABASE_URL of ['mysql://aside:sesame@db.example/talks', 'aside:sesame@db.example', 'postgres://aside:sesame@db example/talks'])
      expect(() => readSettings({ DATABASE_URL })).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(
            /^(?!.*sesame).*\n {2}DATABASE_URL should be an address such as postgres:\/\/user:password@host:5432\/name\n/s,
          ),
        }),
      );
  });

  test('C9 a budget is set by its name, and one that there is not is refused', () => {
    expect(readSettings({ BUDGETS: 'awake=500, drain = 2000' }).BUDGETS).toEqual([
      ['awake', 500],
      ['drain', 2_000],
    ]);
    for (const wrong of ['asleep=1', 'awake', 'awake=', 'awake=many', 'awake=-1', 'awake=1=2', 'toString=1'])
      expect(() => readSettings({ BUDGETS: wrong })).toThrow(
        `\n  BUDGETS is “${wrong}”, but should be pairs such as awake=500, by the names in docs/reliability.md: “${wrong}” is none\n`,
      );
  });

  test('C3 an empty variable is as good as none, and so is one of spaces; those around a value are no part of it', () => {
    expect(readSettings({ PORT: '', ALLOWED_ORIGINS: '' })).toEqual(defaults);
    expect(readSettings({ PORT: ' ', HOST: ' ', DATA_DIR: ' ' })).toEqual(defaults);
    expect(readSettings({ PORT: ' 8001 ', STORE: 'memory ' })).toMatchObject({ PORT: 8_001, STORE: 'memory' });
  });

  test('C6 an origin is named as browsers name it, or the start is refused', () => {
    expect(readSettings({ ALLOWED_ORIGINS: 'https://friend.example, http://localhost:5173,capacitor://localhost' }).ALLOWED_ORIGINS).toEqual([
      'https://friend.example',
      'http://localhost:5173',
      'capacitor://localhost',
    ]);
    for (const wrong of [
      '*',
      'null',
      'friend.example',
      'https://*.example',
      'https://friend.example/',
      'https://friend.example/page',
      'https://friend.example:443',
      'HTTPS://Friend.Example',
      'https://me@friend.example',
      'https://friend.example https://other.example',
    ])
      expect(() => readSettings({ ALLOWED_ORIGINS: `https://good.example,${wrong}` })).toThrow(
        `\n  ALLOWED_ORIGINS is “https://good.example,${wrong}”, but should be origins such as https://friend.example, separated by commas: “${wrong}” is none\n`,
      );
  });

  test('C9 what is to be blanked out is named, or nothing is', () => {
    expect(readSettings({ REDACT: 'numbers, mails' }).REDACT).toEqual(['numbers', 'mails']);
    expect(readSettings({ REDACT: 'off' }).REDACT).toEqual([]);
    expect(() => readSettings({ REDACT: 'names' })).toThrow('off, or some of numbers, mails, cards, ibans, phones, separated by commas');
  });

  test('C4 .env.example shows every setting with its purpose and default, and nothing else', () => {
    const expected = names.map((name) => `# ${settingsSchema.shape[name].description}\n# ${name}=${shown(name)}`);
    expect(
      read('.env.example')
        .split('\n\n')
        .slice(1)
        .map((block) => block.trim()),
    ).toEqual(expected);
  });

  test('C5 the table of the README is the schema', () => {
    const expected = names.map((name) => `| \`${name}\` | ${shown(name) ? `\`${shown(name)}\`` : ''} | ${settingsSchema.shape[name].description} |`);
    const rows = read('README.md')
      .split('\n')
      .filter((line) => /^\| `[A-Z_]+` \|/.test(line));
    expect(rows).toEqual(expected);
  });
});
