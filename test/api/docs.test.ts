import { expect, test } from 'vitest';
import { served } from '../support/served.ts';

type Documented = { description: string; content?: Record<string, { schema: Record<string, unknown> }> };
type Api = { paths: Record<string, Record<string, { responses: Record<string, Documented> }>>; components: { schemas: Record<string, unknown> } };

async function documented(base: string) {
  const api = (await (await fetch(`${base}/openapi.json`)).json()) as Api;
  const responses = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses: all }]) =>
      Object.entries(all).map(([status, response]) => ({ name: `${method} ${path} ${status}`, status, response })),
    ),
  );
  return { api, responses };
}

test('D1 every answer of the interface says what it means, and every refusal has the one shape of a problem', async () => {
  await using house = await served();
  const { api, responses } = await documented(house.base);
  expect(responses.filter(({ response }) => !/^[A-Z“].+\.$/.test(response.description)).map(({ name }) => name)).toEqual([]);
  const refusals = responses.filter(({ status, name }) => /^[45]/.test(status) && name !== 'get /ready 503');
  expect(refusals.length).toBeGreaterThan(8);
  for (const { name, response } of refusals) {
    // the clients of that door read a shape of their own
    const [type, shape] = name.includes(' /api/conversations') ? ['application/json', 'ShareRefusal'] : ['application/problem+json', 'Problem'];
    expect([name, response.content]).toEqual([name, { [type!]: { schema: { $ref: `#/components/schemas/${shape}` } } }]);
  }
  expect(Object.keys(api.components.schemas)).toEqual(['CoachClientMessage', 'CoachServerMessage', 'Problem', 'ShareRefusal']);
  expect(api.components.schemas.Problem).toMatchObject({ type: 'object', required: expect.arrayContaining(['detail', 'code']) });
});

test('D2 what is really refused stands there', async () => {
  await using house = await served();
  const { responses } = await documented(house.base);
  const { id } = await house.session();
  const real: [string, string, RequestInit?][] = [
    ['post /session', '/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['post /session', '/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
    ['post /session', '/session', { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a,b' }],
    ['post /session', '/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: `"${'x'.repeat(70_000)}"` }],
    ['get /session/{id}', '/session/none'],
    ['delete /session/{id}', '/session/none', { method: 'DELETE' }],
    ['post /session/{id}/finish', '/session/none/finish', { method: 'POST' }],
    ['get /session/{id}/events', '/session/none/events'],
    ['get /session/{id}/events', `/session/${id}/events?after=x`],
  ];
  for (const [operation, path, init] of real) {
    const answer = await fetch(`${house.base}${path}`, init);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(responses.map(({ name }) => name)).toContain(`${operation} ${answer.status}`);
  }
});
