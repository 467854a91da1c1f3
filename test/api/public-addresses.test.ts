import { describe, expect, test } from 'vitest';
import { interview, served } from '../support/served.ts';

/** Where a service tells its clients that their conversations are. */
async function told(environment: Record<string, string>) {
  await using house = await served(environment);
  const made = async (path: string, body: object) => (await (await house.post(path, body)).json()) as Record<string, string>;
  const [coach, room, desk, share] = [
    await made('/session', interview),
    await made('/room/create', { participant_id: 'ann' }),
    await made('/api/sessions', { id: 'my-desk' }),
    await made('/api/conversations/create', {}),
  ];
  const linkBy = async (path: string, token: string | undefined, body: object) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${house.base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { link: string }).link.split('#')[0]!;
  };
  const invitation = await linkBy(`/api/conversations/${share.room_id}/invitations`, share.token, {});
  const friend = await linkBy(`/session/${coach.session_id}/tokens`, coach.token, { role: 'whisper' });
  const ids: [string, string][] = [
    [coach.session_id!, 'COACH'],
    [room.room_id!, 'ROOM'],
    [share.room_id!, 'SHARE'],
    [house.base.replace('http://', ''), 'HOST'],
  ];
  return [coach.ws_url!, room.ws_url!, desk.ws_url!, share.join_link!, invitation, friend].map((address) =>
    ids.reduce((text, [id, name]) => text.replace(id, name), address),
  );
}

const sockets = (base: string) => [`${base}/ws/COACH`, `${base}/ws/ROOM`, `${base}/ws/my-desk`];
const pages = (base: string) => [`${base}/conversation/SHARE`, `${base}/conversation/SHARE`, `${base}/friend/COACH`];

describe('where conversations are', () => {
  test.each([
    [{}, 'ws://HOST', 'http://HOST'],
    [{ API_WS_BASE: 'wss://aside.example/ws' }, 'wss://aside.example', 'https://aside.example'],
    [{ API_WS_BASE: 'ws://aside.example:8000/' }, 'ws://aside.example:8000', 'http://aside.example:8000'],
    [{ PUBLIC_URL: 'https://pages.example/' }, 'ws://HOST', 'https://pages.example'],
    [{ API_WS_BASE: 'wss://aside.example', PUBLIC_URL: 'https://pages.example' }, 'wss://aside.example', 'https://pages.example'],
  ])('P1 with %j sockets are at %s and pages at %s', async (environment, ws, http) => {
    expect(await told(environment)).toEqual([...sockets(ws), ...pages(http)]);
  });
});
