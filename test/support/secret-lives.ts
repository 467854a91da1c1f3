import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { childServer } from './child-server.ts';
import { LIMITLESS } from './every-field.ts';
import { bytesOf } from './listening.ts';
import { pullClient } from './pull-client.ts';
import { routesOfTheHouse } from './route-places.ts';
import { secretChats } from './secret-chats.ts';
import { secretEnvironment } from './secret-environment.ts';
import { sentinels, sentinelsIn } from './sentinels.ts';
import { counting } from './tone-words.ts';
import { vendorsThatQuote } from './vendors-that-quote.ts';

const script = ['tools/start.mjs', '--run', 'test/support/failing-server.ts'];
const request = { user_name: sentinels.name, context: `about ${sentinels.context}`, goal: sentinels.goal, participants: sentinels.participants };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const json = { 'content-type': 'application/json' };

/** Everything that leaves by other ways than to whom it belongs, of one process after the other. */
type Left = { log: string; metrics: string; refusals: string[] };

/** Asks, and keeps what was refused. */
function asking(base: string, left: Left) {
  return async (method: string, path: string, token: string, body?: object | string) => {
    const answer = await fetch(base + path, {
      method,
      redirect: 'manual',
      headers: { ...bearer(token), ...(body !== undefined && json) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status >= 400) left.refusals.push(text, JSON.stringify([...answer.headers]));
    return { status: answer.status, text };
  };
}

/** Says who they are in every way that is wrong, and is told why not. */
async function knocksInVain(base: string, id: string, token: string, left: Left): Promise<number> {
  const ask = asking(base, left);
  const { ticket = '' } = JSON.parse((await ask('POST', `/session/${id}/ticket`, token)).text) as { ticket?: string };
  const dial = (protocols: string[], headers = {}) => pullClient(`${base.replace('http', 'ws')}/ws/${id}`, { protocols, headers });
  const first = dial(['aside.v1', `ticket.${ticket}`]);
  await first.next('hello');
  const wrong = [dial(['aside.v1', `ticket.${ticket}`]), dial(['aside.v1', `ticket.${sentinels.ticket}`]), dial([], bearer(sentinels.token))];
  for (const secret of [{ ticket: sentinels.ticket }, { token: sentinels.token }, { ticket }]) {
    const client = dial([]);
    client.opened.then(() => client.send({ type: 'auth', ...secret }));
    wrong.push(client);
  }
  const codes = await Promise.all(wrong.map(async (client) => (await client.closed).code));
  left.refusals.push(JSON.stringify(await Promise.all(wrong.map(({ closed }) => closed))), JSON.stringify(wrong.map(({ all }) => all)));
  first.close();
  return codes.filter((code) => code === 4004).length;
}

/** Everything that can be wrong with a request, at every route of the house. */
async function refusedEverywhere(base: string, left: Left): Promise<number> {
  const ask = asking(base, left);
  let count = 0;
  for (const each of await routesOfTheHouse()) {
    const [method = '', route = ''] = each.split(' ');
    if (method === 'OPTIONS' || /^\/socket\.io/.test(route)) continue;
    const path = route.replace(/:\w+|\*/g, sentinels.address);
    const takes = method === 'POST' || method === 'DELETE';
    for (const token of [sentinels.token, sentinels.key]) {
      await ask(method, `${path}?q=${sentinels.query}&after=${sentinels.query}&before=${sentinels.query}`, token);
      count += 1;
      if (!takes) continue;
      await ask(method, path, token, `{"user_name":"${sentinels.brought}`);
      await ask(method, path, token, {
        ...request,
        user_name: sentinels.brought,
        title: 1,
        role: sentinels.event,
        settings: { cadence: sentinels.brought },
      });
      count += 2;
    }
  }
  return count;
}

/** Lives of the service with one folder: one in which everybody talks and that is killed, one that goes on with a damaged row and forced faults, refuses, hands out and erases, and one that finds nothing any more. */
export async function secretLives(src?: string) {
  using elsewhere = await vendorsThatQuote();
  const common = secretEnvironment(elsewhere.url, src);
  const environment = { ...common, BUDGETS: `${common.BUDGETS},${LIMITLESS}` };
  const left: Left = { log: '', metrics: '', refusals: [] };
  const learnt: string[] = [environment.VAPID_PRIVATE_KEY];
  let told = '';
  const live = async (signal: 'SIGKILL' | 'SIGTERM', life: (base: string, ask: ReturnType<typeof asking>) => Promise<void>) => {
    await using service = await childServer(environment, { script });
    const ask = asking(service.base, left);
    await life(service.base, ask);
    left.metrics += (await ask('GET', '/metrics', sentinels.key)).text;
    await service.end(signal);
    left.log += service.said() + service.complained();
  };
  const opened = async (ask: ReturnType<typeof asking>) => {
    const { session_id: id, token } = JSON.parse((await ask('POST', '/session', sentinels.key, request)).text) as {
      session_id: string;
      token: string;
    };
    learnt.push(id, token);
    return { id, token };
  };
  const connected = async (base: string, { id, token }: { id: string; token: string }, more = '') => {
    const client = pullClient(`${base.replace('http', 'ws')}/ws/${id}${more}`, { headers: bearer(token) });
    await client.next('hello');
    return client;
  };
  let coached = { id: '', token: '' };
  let damaged = coached;
  let chats: Awaited<ReturnType<typeof secretChats>> | undefined;

  await live('SIGKILL', async (base, ask) => {
    [coached, damaged] = [await opened(ask), await opened(ask)];
    for (const each of [damaged, coached]) {
      const client = await connected(base, each);
      client.send({ type: 'consent', audio: true, parties: sentinels.name });
      client.send({ type: 'said', text: `let us speak of ${sentinels.said}, why not?`, speaker: 'other', id: '1' });
      await client.next('done');
      if (each === damaged) client.close();
      else for await (const chunk of bytesOf(counting(0, [3, 3]))) client.bytes(chunk);
    }
    chats = await secretChats(base, coached);
    learnt.push(...chats.learnt);
  });
  left.refusals.push(chats!.refusals(), chats!.others());
  chats!.leave();
  const places = [{ at: `/session/${coached.id}`, by: coached.token }, ...chats!.places];

  const db = new DatabaseSync(join(environment.DATA_DIR, 'aside.db'));
  db.prepare('update entries set body = zeroblob(length(body)) where id = ? and seq = 3').run(damaged.id);
  db.close();

  const counts = { knocked: 0, refused: 0, broken: 0, forced: 0, erased: 0 };
  let copy = '';
  await live('SIGTERM', async (base, ask) => {
    const client = await connected(base, coached, '?after=0');
    client.send({ type: 'said', text: `once more ${sentinels.typed}`, speaker: 'user', id: '2' });
    await client.next('done');
    told += JSON.stringify(client.all);
    counts.broken = (await ask('GET', `/session/${damaged.id}`, damaged.token)).status;
    counts.forced = (await ask('POST', `/forced?q=${sentinels.query}`, sentinels.key, { text: sentinels.forced })).status;
    counts.knocked = await knocksInVain(base, coached.id, coached.token, left);
    counts.refused = await refusedEverywhere(base, left);
    told += (await ask('GET', `/api/search?q=${sentinels.said}`, sentinels.key)).text;
    told += (await ask('POST', `/session/${coached.id}/finish`, coached.token)).text;
    for (const { at, by } of places) {
      const whole = await ask('GET', `${at}/export`, by);
      if (whole.status !== 200) throw new Error(`${at.slice(0, 12)} was not handed out: ${whole.status}`);
      told += whole.text;
      copy ||= whole.text;
    }
    const { session_id: twin, token } = JSON.parse((await ask('POST', '/session/import', sentinels.key, copy)).text) as {
      session_id: string;
      token: string;
    };
    learnt.push(twin, token);
    await ask('POST', '/session/import', sentinels.key, copy.replace('"aside.session"', `"${sentinels.brought}"`));
    client.close();
    for (const { at, by } of [...places, { at: `/session/${twin}`, by: token }]) {
      if ((await ask('DELETE', at, by)).status < 300) counts.erased += 1;
      await ask('GET', `${at}/export`, by);
    }
  });
  await live('SIGTERM', async (_, ask) => {
    for (const { at, by } of places) if ((await ask('GET', `${at}/export`, by)).status < 400) throw new Error(`${at.slice(0, 12)} is still there`);
  });
  const own: readonly string[] = [sentinels.event, sentinels.name];
  return {
    counts,
    told,
    learnt,
    asked: elsewhere.asked(),
    log: left.log,
    found: {
      log: sentinelsIn(left.log, learnt),
      metrics: sentinelsIn(left.metrics, learnt),
      urls: sentinelsIn(elsewhere.urls(), learnt),
      spans: sentinelsIn(elsewhere.spans(), learnt),
      refusals: sentinelsIn(left.refusals.join('\n'), learnt).filter((word) => !own.includes(word)),
    },
  };
}
