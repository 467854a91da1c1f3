import { describe, expect, test } from 'vitest';
import { doorOf } from '../../src/api/door.ts';
import { readSettings } from '../../src/config.ts';
import { childServer } from '../support/child-server.ts';

const key = 'a-key-that-is-long-enough-to-be-one';
const door = (environment: Record<string, string>) => doorOf(readSettings(environment));

describe('who may use the service', () => {
  test('Y1 this machine needs no key, whatever it is called', () => {
    for (const HOST of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) expect([HOST, door({ HOST }).name]).toEqual([HOST, 'machine']);
  });

  test('Y2 every other address is served only with keys, or if anybody may', () => {
    for (const HOST of ['0.0.0.0', '::', '192.0.2.7', 'aside.example', '127.evil.example', '::ffff:127.0.0.1']) {
      expect(() => door({ HOST })).toThrow(/^Aside will not start: HOST lets other machines in.*API_KEYS.*ALLOW_ANONYMOUS=1/);
      expect([HOST, door({ HOST, ALLOW_ANONYMOUS: '1' }).name]).toEqual([HOST, 'anybody']);
      expect(door({ HOST, API_KEYS: key })).toMatchObject({ name: 'keys', keys: [key], bareIds: false });
    }
    expect(door({ HOST: '0.0.0.0', API_KEYS: `${key}, ${key}2`, COMPAT: '1' })).toMatchObject({ keys: [key, `${key}2`], bareIds: true });
  });

  test('Y3 a key that is too short is refused by the name of its setting, and is on nobody’s screen', () => {
    for (const short of ['short-but-secret-23-long', 'with a space in the middle of it'].map((word) => word.slice(0, 23)))
      expect(() => readSettings({ API_KEYS: `${key},${short}` })).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(
            new RegExp(
              `^(?![^]*${short})(?![^]*${key})[^]*\n  API_KEYS should be keys of 24 characters or more, without spaces, separated by commas\n`,
            ),
          ),
        }),
      );
  });

  test('Y4 it says in one line who may use it, and will not start where nobody decided', async () => {
    await using here = await childServer({ API_KEYS: key });
    expect(here.said()).toMatch(/\n {2}Door +whoever has the key in API_KEYS[^\n]+\n/);
    expect(here.said() + here.complained()).not.toContain(key);
    await using nowhere = await childServer({ HOST: '0.0.0.0' });
    expect(await nowhere.gone).toEqual([1, null]);
    expect(nowhere.complained()).toMatch(/^Aside will not start: [^\n]+\n$/);
  });
});
