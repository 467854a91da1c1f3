import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { childServer } from '../support/child-server.ts';
import { bytesOf } from '../support/listening.ts';
import { titled } from '../support/needs.ts';
import { planted } from '../support/planted.ts';
import { pullClient } from '../support/pull-client.ts';
import { rawSocket } from '../support/raw-socket.ts';
import { secretChats } from '../support/secret-chats.ts';
import { secretEnvironment } from '../support/secret-environment.ts';
import { sentinels, sentinelsIn } from '../support/sentinels.ts';
import { figure } from '../support/tier.ts';
import { counting } from '../support/tone-words.ts';
import { vendorsThatQuote } from '../support/vendors-that-quote.ts';

const canForbid = ((): boolean => {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const script = ['tools/start.mjs', '--run', 'test/support/failing-server.ts'];

/** A whole life of the service with secrets put into every place that takes words, and with every failure that can be forced; what it let out. */
async function lifeOf(src?: string) {
  using elsewhere = await vendorsThatQuote();
  const environment = secretEnvironment(elsewhere.url, src);
  await using service = await childServer(environment, { script });
  const { base } = service;
  const strangers: string[] = [];
  const refusals: string[] = [];
  const own = { authorization: `Bearer ${sentinels.key}`, 'content-type': 'application/json' };
  const asStranger = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${base}${path}`, init);
    strangers.push(await answer.text(), JSON.stringify([...answer.headers]), answer.url.replace(path, ''));
    return answer.status;
  };
  const request = {
    user_name: sentinels.name,
    context: `about ${sentinels.context}`,
    goal: sentinels.goal,
    participants: sentinels.participants,
    tone: sentinels.tone,
  };
  const opened = await fetch(`${base}/session`, { method: 'POST', headers: own, body: JSON.stringify(request) });
  const { session_id: id, token } = (await opened.json()) as { session_id: string; token: string };
  const owner = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const client = pullClient(`${base.replace('http', 'ws')}/ws/${id}`, { headers: { authorization: `Bearer ${token}` } });
  await client.next('hello');
  client.send({ type: 'said', text: `let us speak of ${sentinels.said}, why not?`, speaker: 'other' });
  client.send({ type: 'said', text: `my own ${sentinels.typed}`, speaker: 'user' });
  client.send({ type: sentinels.other, text: sentinels.other });
  client.send({ type: 'said', text: 'x', speaker: sentinels.other });
  client.send({ type: 'ping' });
  await client.next('pong');
  for await (const chunk of bytesOf(counting(0, [3, 3, 3, 3]))) client.bytes(chunk);
  client.send({ type: 'stop' });
  await client.next('stopped');
  client.bytes(new TextEncoder().encode(`RIFF----${sentinels.sound}`));
  client.send(`{"type":"said","text":"${sentinels.other}`);
  client.send({ type: 'ping' });
  await client.next('pong');
  const chats = await secretChats(base, { id, token });

  // strangers: wrong tokens, wrong addresses, wrong bodies, everything that is refused
  const wrong = { authorization: `Bearer ${sentinels.token}` };
  const statuses = [
    await asStranger(`/session/${id}`, { headers: wrong }),
    await asStranger(`/session/${id}/events`, { headers: wrong }),
    await asStranger(`/session/${id}/finish`, { method: 'POST', headers: wrong }),
    await asStranger(`/session/${id}`, { method: 'DELETE', headers: wrong }),
    await asStranger(`/session/${id}`),
    await asStranger(`/${sentinels.address}?q=${sentinels.address}`),
    await asStranger('/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) }),
    await asStranger('/health'),
    await asStranger('/ready'),
    await asStranger('/metrics'),
  ];
  const broken: [string, RequestInit][] = [
    ['/session', { method: 'POST', headers: own, body: `{"context":"${sentinels.context}` }],
    ['/session', { method: 'POST', headers: own, body: JSON.stringify({ ...request, settings: { cadence: sentinels.goal } }) }],
    ['/session', { method: 'POST', headers: { ...own, 'content-type': 'text/plain' }, body: sentinels.context }],
    ['/session', { method: 'POST', headers: own, body: JSON.stringify({ ...request, context: sentinels.context.repeat(9000) }) }],
    ['/session/import', { method: 'POST', headers: own, body: JSON.stringify({ format: sentinels.context, entries: [{ text: sentinels.said }] }) }],
    [`/session/${id}/events?after=${sentinels.address}`, { headers: owner }],
    [`/session/${encodeURIComponent(sentinels.address)}`, { headers: owner }],
  ];
  for (const [path, init] of broken) refusals.push(await (await fetch(`${base}${path}`, init)).text());
  const garbled = await rawSocket(base, '/', { [`${sentinels.event} `]: sentinels.token });
  await garbled.ended;
  strangers.push(garbled.head);

  // the storage fails: not a byte more may be written to any file
  const writing = (most: string) => execFileSync('prlimit', ['--pid', String(service.pid), `--fsize=${most}:unlimited`]);
  writing('0');
  const failed = await fetch(`${base}/session`, { method: 'POST', headers: own, body: JSON.stringify(request) });
  refusals.push(await failed.text());
  client.send({ type: 'said', text: sentinels.said, speaker: 'other' });
  await client.next('error');
  await chats.sayInVain();
  writing('unlimited');
  await (await fetch(`${base}/session/${id}/finish`, { method: 'POST', headers: owner })).text();
  const metrics = await (await fetch(`${base}/metrics`, { headers: own })).text();
  const learnt = [token, id, environment.VAPID_PRIVATE_KEY, ...chats.learnt];
  refusals.push(JSON.stringify(client.all.filter(({ type }) => type === 'error')), chats.refusals());
  strangers.push(chats.others());
  client.close();
  chats.leave();
  await service.end();
  const found = {
    log: sentinelsIn(service.said() + service.complained(), learnt),
    metrics: sentinelsIn(metrics, learnt),
    spans: sentinelsIn(elsewhere.spans(), learnt),
    others: sentinelsIn(strangers.join('\n'), learnt),
    // the name of what there is not, and one’s own, are repeated to whoever said it, and to nobody else
    refusals: sentinelsIn(refusals.join('\n'), learnt).filter((word) => word !== sentinels.event && word !== sentinels.name),
  };
  return {
    found,
    learnt,
    log: service.said() + service.complained(),
    statuses,
    metrics,
    spans: elsewhere.spans(),
    failed: failed.status,
    told: chats.told(),
    asked: elsewhere.asked(),
  };
}

const nothing = { log: [], metrics: [], spans: [], others: [], refusals: [] };

describe.skipIf(!canForbid)(
  titled(canForbid, 'needs prlimit (Debian package: util-linux)', 'T24 nobody’s words, names, tokens or addresses leave by the log'),
  { timeout: 120_000 },
  () => {
    test('a life of secrets and failures at every door, at the most talkative level, leaves nothing', async () => {
      const { found, learnt, log, statuses, metrics, spans, failed, told, asked } = await lifeOf();
      // what is found nowhere was everywhere: it arrived, and every failure came
      const { room, desk, talk, shared, file, whisper, title, guest } = sentinels;
      expect(sentinelsIn(told)).toEqual(expect.arrayContaining([room, desk, talk, shared, file, whisper, title, guest]));
      expect(asked).toBeGreaterThan(1);
      for (const line of ['a request failed', '"a turn"', 'client error', 'Providing options to busboy', 'a browser was to be told'])
        expect(log).toContain(line);
      expect(metrics).toContain('aside_failures_total');
      expect(spans).toContain('/api/conversations/:room_id/files');
      expect(failed).toBeGreaterThanOrEqual(500);
      expect(statuses.slice(0, 7).every((status) => status >= 400 && status < 500)).toBe(true);
      expect(found).toEqual(nothing);
      figure('T24', 'secrets put in', Object.keys(sentinels).length + learnt.length);
      figure('T24', 'secrets found in the log', found.log.length, { most: 0 });
      figure('T24', 'secrets found in the metrics', found.metrics.length, { most: 0 });
      figure('T24', 'secrets found in spans', found.spans.length, { most: 0 });
      figure('T24', 'secrets found in answers to others', found.others.length, { most: 0 });
      figure('T24', 'secrets found in refusals', found.refusals.length, { most: 0 });
    });

    test('a secret is found in any dress', () => {
      for (const text of [
        sentinels.said.toUpperCase(),
        encodeURIComponent(sentinels.said),
        ...['', 'a', 'ab'].map((before) => Buffer.from(`${before}${sentinels.said} and more`).toString('base64')),
      ])
        expect(sentinelsIn(`x ${text} y`)).toEqual([sentinels.said]);
      expect(sentinelsIn('nothing of the kind')).toEqual([]);
    });

    test('planted: a service that tells in any of these ways is caught', async () => {
      const gate = 'src/api/app.ts';
      const chat = 'src/api/chat-socket.ts';
      const say = 'const command = door.hear(text, guest, talk);';
      const faults = {
        'logs the body': { file: gate, was: "'a request failed'", is: "JSON.stringify(request.body) + 'a request failed'" },
        'logs a message of a chat': { file: chat, was: say, is: `process.stderr.write(text); ${say}` },
        'logs the address': { file: gate, was: "request.routeOptions?.url ?? 'unknown'", is: 'request.url' },
        'logs what packages say': { file: gate, was: 'busboyOptions:', is: 'noOptions:' },
        'names a span after the address': { file: gate, was: "request.routeOptions.url ?? 'unknown'", is: 'request.url' },
        'labels a metric with the address': [
          { file: gate, was: "type: 'refused', code: answer.code", is: "type: 'refused', code: request.url" },
          { file: 'src/meters/families.ts', was: "value !== undefined && label.values.includes(value) ? value : 'other'", is: "value ?? 'other'" },
        ],
        'quotes a message in an error': {
          file: chat,
          was: 'complain(line, problem,',
          is: 'complain(line, new Problem(problem.code, String(text)),',
        },
        'quotes the address to strangers': { file: gate, was: "'There is nothing at this address. /docs lists what there is.'", is: 'request.url' },
      };
      const { found, learnt } = await lifeOf(new URL('src/', planted(...Object.values(faults).flat())).href);
      const { log, metrics, spans, refusals, others } = found;
      const seen = {
        'logs the body': log.includes(sentinels.shared),
        'logs a message of a chat': log.includes(sentinels.room),
        'logs the address': log.includes(sentinels.query),
        'logs what packages say': log.some((word) => learnt.includes(word)),
        'names a span after the address': spans.includes(sentinels.address),
        'labels a metric with the address': metrics.includes(sentinels.address),
        'quotes a message in an error': refusals.includes(sentinels.talk),
        'quotes the address to strangers': others.includes(sentinels.address),
      };
      expect(seen).toEqual(Object.fromEntries(Object.keys(faults).map((fault) => [fault, true])));
    });
  },
);
