import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { sealedRoom } from '../../src/client/sealed-room.ts';
import { guarded, key } from '../support/guarded.ts';
import { type IoClient, ioClient } from '../support/io-client.ts';
import { newFolder } from '../support/new-folder.ts';

type House = Awaited<ReturnType<typeof guarded>>;
const clients: IoClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function created(house: House, body: object = {}) {
  return (await (await house.ask('POST', '/api/conversations/create', key, body)).json()) as { room_id: string; token: string };
}

async function enters(house: House, data: object) {
  const client = ioClient(house.base);
  clients.push(client);
  client.emit('join_room', data);
  return { ...client, first: await client.next('conversation_state', 'error') };
}

function upload(house: House, room: string, name: string, type: string, content: Uint8Array | string) {
  const form = new FormData();
  form.set('user_id', 'ann-1');
  form.set('username', 'Ann');
  form.set('file', new Blob([content as BlobPart], { type }), name);
  return fetch(`${house.base}/api/conversations/${room}/files`, { method: 'POST', body: form });
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());

describe('files', () => {
  test('S20 a file is told to everybody, lies sealed on disk, comes back as a download, and goes with the conversation', async () => {
    const folder = newFolder();
    await using house = await guarded({ STORE: 'sqlite', DATA_DIR: folder });
    const { room_id, token } = await created(house);
    const ben = await enters(house, { room_id, user_id: 'ben-1', username: 'Ben' });
    const content = 'The treasure lies beneath the oak. '.repeat(40);
    const answer = await upload(house, room_id, 'map (of) ☠.html.txt', 'text/plain', content);
    const { url } = (await answer.json()) as { url: string };
    expect(answer.status).toBe(201);
    expect((await ben.next('new_message')).data).toMatchObject({
      message: 'map (of) ☠.html.txt',
      username: 'Ann',
      type: 'file',
      file: { url, type: 'text/plain', size: content.length },
    });
    const got = await fetch(house.base + url);
    expect(await got.text()).toBe(content);
    expect(got.headers.get('content-type')).toBe('application/octet-stream');
    expect(got.headers.get('content-disposition')).toBe(`attachment; filename="file"; filename*=UTF-8''map%20%28of%29%20%E2%98%A0.html.txt`);
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    expect(got.headers.get('content-security-policy')).toContain('sandbox');
    const kept = filesIn(join(folder, 'files'));
    expect(kept).toHaveLength(1);
    expect(statSync(kept[0]!).mode & 0o777).toBe(0o600);
    expect(filesIn(folder).filter((file) => readFileSync(file).includes('beneath the oak'))).toEqual([]);
    expect((await house.ask('DELETE', `/api/conversations/${room_id}`)).status).toBe(404);
    expect((await house.ask('DELETE', `/api/conversations/${room_id}`, token)).status).toBe(200);
    expect(filesIn(join(folder, 'files'))).toEqual([]);
    expect((await fetch(house.base + url)).status).toBe(404);
    expect((await ben.next('error')).data.message).toBe('Conversation not found');
  });

  test('S21 what is too big, of another type, damaged or no form at all is refused in a sentence', async () => {
    const folder = newFolder();
    await using house = await guarded({ STORE: 'sqlite', DATA_DIR: folder }, { budgets: { file: 1_000, filesPerChat: 1_500 } });
    const { room_id } = await created(house);
    const refusal = async (answer: Response) => [answer.status, ((await answer.json()) as { error: string }).error] as const;
    expect(await refusal(await upload(house, room_id, 'a.txt', 'text/plain', 'x'.repeat(1_001)))).toEqual([
      413,
      'That file is larger than it may be here, so it was not kept. Send a smaller one.',
    ]);
    expect(await refusal(await upload(house, room_id, 'a.html', 'text/html', '<script>'))).toEqual([
      400,
      'Files of the type text/html are not taken here, so it was not kept. FILE_TYPES says which are.',
    ]);
    expect(await refusal(await house.ask('POST', `/api/conversations/${room_id}/files`, undefined, {}))).toEqual([
      422,
      'There is no file in that form, so nothing was kept. Send one as the field file.',
    ]);
    const { url } = (await (await upload(house, room_id, 'a.txt', 'text/plain', 'x'.repeat(1_000))).json()) as { url: string };
    expect(await refusal(await upload(house, room_id, 'b.txt', 'text/plain', 'x'.repeat(1_000)))).toEqual([
      413,
      'This conversation holds as many files as it may, so that one was not kept.',
    ]);
    writeFileSync(filesIn(join(folder, 'files'))[0]!, 'something else, but long enough to be taken for a sealed file');
    expect((await refusal(await fetch(house.base + url)))[0]).toBe(500);
  });
});

describe('invitations', () => {
  test('S22 where an invitation is needed the link alone lets nobody in; talk takes part, watch follows, and both can be taken back', async () => {
    await using house = await guarded();
    const { room_id, token } = await created(house, { invited_only: true });
    expect((await enters(house, { room_id, user_id: 'eve-1' })).first.data.message).toBe('Conversation not found');
    expect((await house.ask('GET', `/api/conversations/${room_id}`)).status).toBe(404);
    const invite = async (role: string) =>
      (await (await house.ask('POST', `/api/conversations/${room_id}/invitations`, token, { role, expires_in_seconds: 600 })).json()) as {
        invitation: string;
        token: string;
        link: string;
      };
    const [talk, watch] = [await invite('talk'), await invite('watch')];
    expect(talk.link).toBe(`${house.base}/conversation/${room_id}#token=${talk.token}`);
    const ann = await enters(house, { room_id, user_id: 'ann-1', username: 'Ann', token: talk.token });
    const wes = await enters(house, { room_id, user_id: 'wes-1', username: 'Wes', token: watch.token });
    expect(wes.first.data).toMatchObject({ watching: true, conversation: { invited_only: true } });
    expect(wes.first.data.conversation.participants.map(({ username }) => username)).toEqual(['Ann']);
    ann.emit('send_message', { room_id, message: 'hello', user_id: 'ann-1' });
    expect((await wes.next('new_message')).data.message).toBe('hello');
    wes.emit('send_message', { room_id, message: 'me too', user_id: 'wes-1' });
    expect((await wes.next('error')).data.message).toContain('You may follow this conversation but not take part in it');
    expect((await house.ask('DELETE', `/api/conversations/${room_id}/invitations/${talk.invitation}`, talk.token)).status).toBe(404);
    await house.ask('DELETE', `/api/conversations/${room_id}/invitations/${talk.invitation}`, token);
    expect((await ann.next('error')).data.message).toContain('Your invitation to this conversation does not hold any more');
    expect((await wes.next('user_left')).data.username).toBe('Ann');
    expect(house.log.filter((line) => line.includes(talk.token) || line.includes(token))).toEqual([]);
  });

  test('S23 an invitation runs out while somebody is there by it', async () => {
    await using house = await guarded();
    const { room_id, token } = await created(house, { invited_only: true });
    const answer = await house.ask('POST', `/api/conversations/${room_id}/invitations`, token, { expires_in_seconds: 1 });
    const ann = await enters(house, { room_id, user_id: 'ann-1', token: ((await answer.json()) as { token: string }).token });
    // a slow machine may come too late to get in at all
    if (ann.first.event === 'conversation_state')
      expect((await ann.next('error')).data.message).toContain('Your invitation to this conversation does not hold any more');
    else expect(ann.first.data.message).toBe('Conversation not found');
  });
});

describe('encrypted conversations', () => {
  test('S24 the service keeps only what nobody but its members can read, and refuses everything else', async () => {
    const folder = newFolder();
    await using house = await guarded({ STORE: 'sqlite', DATA_DIR: folder });
    const secret = await sealedRoom();
    const title = await secret.seal('Plans for the heist');
    expect((await house.ask('POST', '/api/conversations/create', key, { encrypted: true, title: 'Plans for the heist' })).status).toBe(422);
    const { room_id } = await created(house, { encrypted: true, title });
    const ann = await enters(house, { room_id, user_id: 'a1', username: await secret.seal('Ann') });
    expect(ann.first.data.conversation).toMatchObject({ encrypted: true, title });
    const ben = await enters(house, { room_id, user_id: 'b1', username: await secret.seal('Ben') });
    ann.emit('send_message', { room_id, user_id: 'a1', message: await secret.seal('We meet at the vault') });
    const told = await ben.next('new_message');
    const reader = await sealedRoom(secret.key);
    const head = await (await house.ask('GET', `/api/conversations/${room_id}?messages=none`)).json();
    expect(head).toMatchObject({ conversation: { encrypted: true, title, messages: [], earlier: 1 } });
    // sealed it is longer, and as long as it may be it is still taken
    const long = 'Ä'.repeat(80);
    expect((await enters(house, { room_id, user_id: 'd1', username: await secret.seal(long) })).first.event).toBe('conversation_state');
    expect((await enters(house, { room_id, user_id: 'd2', username: 'n'.repeat(81) })).first.data.message).toContain('longer than 80 characters');
    expect((await enters(house, { room_id, user_id: 'd3', username: await secret.seal(long.repeat(5)) })).first.data.message).toContain('80');
    expect(await reader.open(told.data.message as string)).toBe('We meet at the vault');
    expect(await reader.open(told.data.username as string)).toBe('Ann');
    await expect((await sealedRoom()).open(told.data.message as string)).rejects.toThrow();
    const id = told.data.id;
    for (const [event, data] of [
      ['send_message', { room_id, user_id: 'b1', message: 'We meet at the vault' }],
      ['send_message', { room_id, user_id: 'b1', message: told.data.message, type: 'vault.png' }],
      ['voice', { room_id, user_id: 'b1', audio: new Uint8Array([1, 2, 3]) }],
      ['react', { room_id, user_id: 'b1', message_id: id, emoji: '👍' }],
    ] as const) {
      ben.emit(event, data);
      expect((await ben.next('error')).data.message).toContain('This conversation is encrypted');
    }
    expect((await enters(house, { room_id, user_id: 'c1', username: 'Cid' })).first.data.message).toContain('This conversation is encrypted');
    expect((await house.ask('POST', `/api/conversations/${room_id}/join`, undefined, { user_id: 'c1', username: 'Cid' })).status).toBe(422);
    expect((await upload(house, room_id, 'vault.txt', 'text/plain', 'We meet at the vault')).status).toBe(422);
    expect((await house.ask('GET', `/api/conversations/${room_id}/search?q=vault`)).status).toBe(400);
    const log = JSON.stringify((await house.house.hub.find(room_id))!.entries);
    const plain = ['vault', 'heist', '"Ann"', '"Ben"', 'Cid', '👍', secret.key];
    expect(plain.filter((words) => log.includes(words))).toEqual([]);
    expect(filesIn(folder).filter((file) => plain.some((words) => words !== 'Cid' && readFileSync(file).includes(words)))).toEqual([]);
  });
});

describe('voice', () => {
  test('S25 sound is handed to the others as it comes, and kept nowhere', async () => {
    await using house = await guarded();
    const { room_id } = await created(house);
    const ann = await enters(house, { room_id, user_id: 'ann-1', username: 'Ann' });
    const ben = await enters(house, { room_id, user_id: 'ben-1', username: 'Ben' });
    await ann.next('user_joined');
    ann.emit('voice', { room_id, user_id: 'ann-1', audio: new Uint8Array([1, 2, 3]) });
    const { data } = await ben.next('user_voice');
    expect([data.user_id, data.username, ...new Uint8Array(data.audio as ArrayBuffer)]).toEqual(['ann-1', 'Ann', 1, 2, 3]);
    for (const audio of [new Uint8Array(65_537), new Uint8Array(0), 'words']) {
      ann.emit('voice', { room_id, user_id: 'ann-1', audio });
      expect((await ann.next()).data.message).toMatch(/^audio /);
    }
    expect((await house.house.hub.find(room_id))!.entries.map(({ type }) => type)).toEqual(['opened', 'joined', 'joined']);
  });
});
