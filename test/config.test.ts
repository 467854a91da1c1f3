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
      /PORT is “eighty”, but should be a number[\s\S]*EARS is “big”, but should be auto, sherpa/,
    );
  });

  test('C3 an empty variable is as good as none', () => {
    expect(readSettings({ PORT: '', ALLOWED_ORIGINS: '' })).toEqual(defaults);
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
