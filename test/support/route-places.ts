import { randomUUID } from 'node:crypto';
import { compose } from '../../src/compose.ts';
import { stand } from './gate-stand.ts';

/** A place in the address of a route where somebody may put a name. */
export type Place = { readonly method: string; readonly path: (name: string) => string };

/** Every route of the house, from its own table. */
export async function routesOfTheHouse(): Promise<readonly string[]> {
  await using house = await stand(compose, 'open', {});
  return [...new Set(house.routes)];
}

/** What stands at the other places of an address: something that there is, so that a route looks at the name. */
async function realIn(base: string): Promise<(route: string, part: string) => string> {
  const made = async (path: string, body: object, token?: string) => {
    const isForm = body instanceof FormData;
    const headers = { ...(!isForm && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(base + path, { method: 'POST', headers, body: isForm ? body : JSON.stringify(body) });
    return (await answer.json()) as Record<string, string>;
  };
  const { session_id: session = '', token } = await made('/session', { context: 'x', goal: 'x' });
  const { grant = '' } = await made(`/session/${session}/tokens`, { role: 'viewer' }, token);
  const { room_id: shared = '', token: owner } = await made('/api/conversations/create', {});
  const form = new FormData();
  form.set('file', new Blob(['x'], { type: 'text/plain' }), 'x.txt');
  const { url = '' } = await made(`/api/conversations/${shared}/files`, form);
  const { invitation = '' } = await made(`/api/conversations/${shared}/invitations`, { role: 'talk' }, owner);
  const { room_id: room = '' } = await made('/room/create', { participant_id: 'ann' });
  const { id: desk = '' } = await made('/api/sessions', {});
  const others: Record<string, string> = {
    ':grant': grant,
    ':invitation': invitation,
    ':number': '1',
    ':session_id': randomUUID(),
    '*': 'index.html',
  };
  return (route, part) => {
    if (route.includes('/files/') && part === ':id') return url.split('/').at(-1)!;
    if (part === ':room_id') return route.startsWith('/room/') ? room : shared;
    return others[part] ?? (route.startsWith('/api/sessions') ? desk : session);
  };
}

/** Every place of every route into which a name can be put, of a service that runs there; where there is no route too. */
export async function placesIn(base: string): Promise<Place[]> {
  const real = await realIn(base);
  const part = /:\w+|\*/g;
  const places = (await routesOfTheHouse()).flatMap((each): Place[] => {
    const [method = '', route = ''] = each.split(' ');
    if (method === 'OPTIONS') return [];
    return [...route.matchAll(part)].map(({ index }) => ({
      method,
      path: (name) => route.replace(part, (found, at: number) => (at === index ? name : real(route, found))),
    }));
  });
  const nowhere = ['/', '/ws/session/', '/client/', '/docs/static/', '/assets/', '/redoc/'].map(
    (before): Place => ({ method: 'GET', path: (name) => before + name }),
  );
  return [...places, ...nowhere];
}
