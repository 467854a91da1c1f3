import { expect, test } from 'vitest';
import { interview, served } from '../support/served.ts';

test('W24 a service that is leaving says so in its own words, whatever it is asked', async () => {
  await using here = await served();
  const { id } = await here.session();
  // a client that does not say goodbye keeps it for a moment
  const client = await here.connect(id);
  client.pause();
  const gone = here.server.close();
  const ready = await fetch(`${here.base}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    ready: false,
    storage: 'ok',
    troubles: [expect.stringMatching(/^Aside is leaving or starting again: .*\.$/)],
  });
  const refused = await here.post('/session', interview);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('connection')).toBe('close');
  expect(await refused.json()).toMatchObject({ code: 'restarting', detail: expect.stringMatching(/\.$/) });
  client.terminate();
  await gone;
});
