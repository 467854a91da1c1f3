import { describe, expect, test } from 'vitest';
import { interview, served } from '../support/served.ts';

describe('clients as they are', () => {
  test('A15 a request that needs no body is taken with an empty one, whatever it says it is', async () => {
    await using house = await served();
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'application/json; charset=utf-8']) {
      const { id } = await house.session();
      const ask = (method: string, path: string) => fetch(`${house.base}${path}`, { method, headers: { 'content-type': type }, body: '' });
      expect([type, (await ask('POST', `/session/${id}/finish`)).status]).toEqual([type, 200]);
      expect([type, (await ask('DELETE', `/session/${id}`)).status]).toEqual([type, 200]);
      const empty = await ask('POST', '/session');
      expect([empty.status, await empty.json()]).toEqual([422, expect.objectContaining({ detail: expect.stringContaining('a JSON object') })]);
    }
    const form = await fetch(`${house.base}/session`, { method: 'POST', body: new URLSearchParams({ goal: 'talk' }) });
    expect([form.status, await form.json()]).toEqual([415, expect.objectContaining({ detail: expect.stringContaining('application/json') })]);
  });

  test('A16 the service’s own page is let in behind a proxy that speaks https for it', async () => {
    await using house = await served();
    const post = (origin: string) =>
      fetch(`${house.base}/session`, { method: 'POST', headers: { origin, 'content-type': 'application/json' }, body: JSON.stringify(interview) });
    expect((await post(house.base.replace('http:', 'https:'))).status).toBe(200);
    for (const odd of [house.base.replace(/\d+$/, '1'), house.base.replace('http:', 'ftp:'), `${house.base}.evil.example`, 'https://'])
      expect([odd, (await post(odd)).status]).toEqual([odd, 403]);
  });

  test('A17 what was said in a session stays in no cache on the way', async () => {
    await using house = await served();
    const { id } = await house.session();
    for (const path of [`/session/${id}`, `/session/${id}/events`, '/session/nobody'])
      expect([path, (await fetch(`${house.base}${path}`)).headers.get('cache-control')]).toEqual([path, 'no-store']);
  });
});
