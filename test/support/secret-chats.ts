import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { type IoClient, ioClient } from './io-client.ts';
import { type PullClient, pullClient } from './pull-client.ts';
import { sentinels } from './sentinels.ts';

const { key, title, guest, query } = sentinels;
const json = { 'content-type': 'application/json' };
type Asked = RequestInit & { by?: string | undefined };
type Told = Record<string, string>;

/** Puts secrets into every door but the coach's: a room, the desk, a talk, a shared conversation with files, invitations and pushes, the search, and a friend who whispers into this session. */
export async function secretChats(base: string, session: { readonly id: string; readonly token: string }) {
  const sockets = base.replace('http', 'ws');
  const refusals: string[] = [];
  const others: string[] = [];
  const asked = async (path: string, { body, by = key, ...more }: Asked = {}) => {
    const kind = typeof body === 'string' ? json : {};
    const answer = await fetch(`${base}${path}`, {
      ...more,
      ...(body && { method: 'POST', body }),
      headers: { ...kind, authorization: `Bearer ${by}` },
    });
    const text = await answer.text();
    if (answer.status >= 400) refusals.push(text);
    return { status: answer.status, text, told: (answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {}) as Told };
  };
  const send = (path: string, body: object, by?: string) => asked(path, { body: JSON.stringify(body), by });
  const bearer = { headers: { authorization: `Bearer ${key}` } };
  const dial = (path: string, headers = {}, protocols: string[] = []) => pullClient(`${sockets}${path}`, { headers, protocols });
  const dialIo = async (token?: string) => {
    const client = ioClient(base, { transports: ['websocket'], ...(token && { auth: { token } }) });
    await client.connected;
    return client;
  };

  // others, who may be where they are and hear nothing of what is said elsewhere
  const { room_id: elsewhere = '' } = (await send('/room/create', { participant_id: 'bob', agents: false })).told;
  const inOtherRoom = dial(`/ws/${elsewhere}?participant_id=bob&name=Bob`);
  await inOtherRoom.next('room_state');
  const { room_id: other = '' } = (await send('/api/conversations/create', { title: 'Plans' })).told;
  const sharingElsewhere = await dialIo();
  await sharingElsewhere.ask('join_room', { room_id: other, user_id: 'bob-1', username: 'Bob' });

  const { room_id: room = '', token: roomToken } = (await send('/room/create', { participant_id: guest })).told;
  const inRoom = dial(`/ws/${room}?${new URLSearchParams({ participant_id: guest, name: guest })}`);
  await inRoom.next('room_state');
  inRoom.send({ type: 'message', content: `/mute ${sentinels.event}`, id: sentinels.event });
  inRoom.send({ type: 'message', content: `What of ${sentinels.room}?`, id: '1' });
  inRoom.send({ type: sentinels.event, content: { [sentinels.event]: sentinels.room } });
  await inRoom.next('error');
  inRoom.bytes(new TextEncoder().encode(sentinels.room));
  await inRoom.next('error');

  const { id: desk = '' } = (await send('/api/sessions', { title })).told;
  await send(`/api/sessions/${desk}/messages`, { content: sentinels.desk, sender: 'user' });
  await send(`/api/sessions/${desk}/messages`, { content: sentinels.desk, sender: sentinels.event });
  await send('/api/sessions', { title, id: `${sentinels.address} ${sentinels.address}` });
  const atDesk = dial(`/ws/${desk}?after=0`, bearer.headers);
  await atDesk.next();
  atDesk.send({ content: `and ${sentinels.desk}` });
  atDesk.send({ content: 1, sender: sentinels.event });
  await atDesk.next('error');

  const call = randomUUID();
  const talking = dial(`/ws/session/${call}?user_id=${guest}`, bearer.headers, ['aside.json']);
  await talking.opened;
  talking.send({ type: 'message', content: `I want ${sentinels.talk}`, id: '1' });
  await talking.next('ack');
  talking.send({ type: sentinels.event, content: sentinels.talk });
  await talking.next('error');
  await dial(`/ws/session/${sentinels.address}?user_id=${guest}`, bearer.headers, ['aside.json']).closed;
  const called = await asked(`/api/talks/${call}`);

  const opened = (await send('/api/conversations/create', { title, description: sentinels.shared, user_id: guest, invited_only: true })).told;
  const { room_id: shared = '', token = '' } = opened;
  const who = { room_id: shared, user_id: guest, username: guest };
  const sharing = await dialIo(token);
  await sharing.ask('join_room', who);
  await sharing.ask('send_message', { ...who, message: sentinels.shared });
  await sharing.ask('send_message', { ...who, message: { [sentinels.event]: sentinels.shared } });
  await sharing.ask(sentinels.event, { ...who, message: sentinels.shared });
  await sharing.ask('join_room', { ...who, room_id: sentinels.address, token: sentinels.token });

  const form = (type: string) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ user_id: guest, username: guest })) body.set(name, value);
    body.set('file', new Blob([sentinels.file], { type }), `${sentinels.file}.txt`);
    return body;
  };
  for (const type of ['text/plain', `text/${sentinels.event}`]) await asked(`/api/conversations/${shared}/files`, { body: form(type), by: token });

  const invited = (await send(`/api/conversations/${shared}/invitations`, { role: 'talk' }, token)).told;
  await send(`/api/conversations/${shared}/invitations`, { role: sentinels.event }, token);
  const visiting = await dialIo(invited.token);
  const visitor = { room_id: shared, user_id: 'eve-1', username: guest };
  await visiting.ask('join_room', visitor);
  const endpoint = `https://push.example.net/${sentinels.push}`;
  const keys = { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
  const subscribed = await send(`/api/conversations/${shared}/push`, { ...visitor, subscription: { endpoint, keys } }, invited.token);
  await send(`/api/conversations/${shared}/push`, { ...visitor, subscription: { endpoint, keys: { p256dh: sentinels.push } } }, invited.token);
  visiting.close();
  await sharing.next('user_left');
  // somebody who is away is told, and the push service fails over it
  await sharing.ask('send_message', { ...who, message: `once more ${sentinels.shared}` });
  await asked(`/api/conversations/${shared}/invitations/${invited.invitation}`, { method: 'DELETE', by: token });

  const searched = await asked(`/api/search?q=${sentinels.room}`);
  for (const path of [
    `/api/search?q=${query}`,
    `/api/search?q=${query}&kind=${query}`,
    `/api/search?q=${query.repeat(20)}`,
    `/api/search/${query}`,
    `/api/conversations/${shared}/search?q=${query}`,
    `/api/conversations/${shared}/search?q=${query.repeat(20)}`,
  ])
    await asked(path);

  const grant = (await send(`/session/${session.id}/tokens`, { role: 'whisper', name: guest }, session.token)).told;
  const friend = dial(`/ws/${session.id}`, { authorization: `Bearer ${grant.token}` });
  await friend.next('hello');
  friend.send({ type: 'whisper', text: `say ${sentinels.whisper}`, id: '1' });
  await friend.next('done');
  friend.send({ type: 'whisper', text: sentinels.whisper.repeat(30), id: sentinels.event });
  await friend.next('error');

  // strangers at each of these doors, with what belongs to somebody else
  const wrong = { authorization: `Bearer ${grant.token}` };
  for (const [path, protocols] of [
    [`/ws/${desk}`],
    [`/ws/session/${call}`, ['aside.json']],
    [`/ws/${shared}`],
    [`/ws/${sentinels.address}`],
  ] as const) {
    const stranger = dial(path, wrong, [...(protocols ?? [])]);
    const { reason } = await stranger.closed;
    others.push(reason, JSON.stringify(stranger.all));
  }
  for (const path of [`/api/sessions/${desk}`, `/api/talks/${call}`, `/api/conversations/${shared}`, `/api/search?q=${query}`]) {
    const { status, text } = await asked(path, { by: grant.token });
    if (status < 400) throw new Error(`${path.slice(0, 12)} was told to somebody whose token is for something else`);
    others.push(text);
  }
  for (const path of [`/room/${room}/end`, `/api/sessions/${desk}/end`, `/api/talks/${call}/end`]) {
    const { status, text } = await asked(path, { method: 'POST', by: grant.token });
    if (status < 400) throw new Error(`${path.slice(0, 12)} obeyed somebody whose token is for something else`);
    others.push(text);
  }
  const strange = await sharingElsewhere.ask('join_room', { room_id: shared, user_id: 'bob-1', username: 'Bob' });
  if (strange.success !== false) throw new Error('whoever was not invited came in');

  const pulled: readonly PullClient[] = [inRoom, atDesk, talking, friend];
  const emitting: readonly IoClient[] = [sharing, visiting];
  const isRefusal = ({ event }: { event: string }) => event === 'error';
  return {
    /** Ids and tokens that were given out on the way. */
    learnt: [room, roomToken, desk, call, token, grant.token, invited.token, keys.p256dh, keys.auth].map((each) => each ?? ''),
    /** Where it was put in: each conversation by where it is erased, and what it takes to rule it. */
    places: [
      { at: `/room/${room}`, by: roomToken ?? '' },
      { at: `/api/sessions/${desk}`, by: key },
      { at: `/api/talks/${call}`, by: key },
      { at: `/api/conversations/${shared}`, by: token },
    ],
    /** What those who put it in were told themselves: a secret that goes nowhere proves nothing. */
    told: () => JSON.stringify([searched.text, called.text, subscribed.status, ...[...pulled, ...emitting].map(({ all }) => all)]),
    /** Every sentence in which something was refused to whoever asked for it. */
    refusals: () =>
      JSON.stringify([
        refusals,
        pulled.map(({ all }) => all.filter(({ type }) => type === 'error')),
        emitting.map(({ all }) => all.filter(isRefusal)),
      ]),
    /** Everything that others were told. */
    others: () => JSON.stringify([others, strange, inOtherRoom.all, sharingElsewhere.all]),
    /** Everybody says something that the storage will not take. */
    async sayInVain(): Promise<void> {
      inRoom.send({ type: 'message', content: sentinels.room, id: '2' });
      talking.send({ type: 'message', content: sentinels.talk, id: '2' });
      await Promise.all([inRoom.next('error'), talking.next('error')]);
      const answers = [
        await send(`/api/sessions/${desk}/messages`, { content: sentinels.desk, sender: 'user' }),
        await send('/api/conversations/create', { title, description: sentinels.shared }),
        await send('/room/create', { participant_id: guest }),
        await send(`/api/conversations/${shared}/invitations`, {}, token),
        await asked(`/api/conversations/${shared}/files`, { body: form('text/plain'), by: token }),
      ];
      if (answers.some(({ status }) => status < 500)) throw new Error('the storage was to fail, and did not');
      await sharing.ask('send_message', { ...who, message: sentinels.shared });
    },
    leave() {
      for (const each of [...pulled, ...emitting, inOtherRoom, sharingElsewhere]) each.close();
    },
  };
}
