import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { childServer } from '../support/child-server.ts';
import { bytesOf } from '../support/listening.ts';
import { titled } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { planted } from '../support/planted.ts';
import { pullClient } from '../support/pull-client.ts';
import { sentinels, sentinelsIn } from '../support/sentinels.ts';
import { figure } from '../support/tier.ts';
import { counting } from '../support/tone-words.ts';

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
  const folder = newFolder();
  const environment = { DATA_DIR: folder, VOICE: 'none', STORE: 'sqlite', LOG_LEVEL: 'debug', API_KEYS: sentinels.key, ...(src && { SRC: src }) };
  await using service = await childServer(environment, { script });
  const { base } = service;
  const strangers: string[] = [];
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
    [`/session/${id}/events?after=${sentinels.address}`, { headers: owner }],
    [`/session/${encodeURIComponent(sentinels.address)}`, { headers: owner }],
  ];
  for (const [path, init] of broken) await (await fetch(`${base}${path}`, init)).text();

  // the storage fails: not a byte more may be written to any file
  const writing = (most: string) => execFileSync('prlimit', ['--pid', String(service.pid), `--fsize=${most}:unlimited`]);
  writing('0');
  const failed = await fetch(`${base}/session`, { method: 'POST', headers: own, body: JSON.stringify(request) });
  const refusal = await failed.text();
  client.send({ type: 'said', text: sentinels.said, speaker: 'other' });
  await client.next('error');
  writing('unlimited');
  await (await fetch(`${base}/session/${id}/finish`, { method: 'POST', headers: owner })).text();
  client.close();
  await service.end();
  return {
    log: service.said() + service.complained(),
    strangers: strangers.join('\n'),
    statuses,
    refusal,
    failed: failed.status,
    learnt: [token, id],
  };
}

describe.skipIf(!canForbid)(
  titled(canForbid, 'needs prlimit (Debian package: util-linux)', 'T24 nobody’s words, names, tokens or addresses leave by the log'),
  { timeout: 120_000 },
  () => {
    test('a life of secrets and failures at the most talkative level leaves nothing', async () => {
      const { log, strangers, statuses, failed, refusal, learnt } = await lifeOf();
      expect(log.split('\n').length).toBeGreaterThan(20);
      expect(log).toContain('a request failed');
      expect(failed).toBeGreaterThanOrEqual(500);
      expect(sentinelsIn(log, learnt)).toEqual([]);
      expect(statuses.slice(0, 7).every((status) => status >= 400 && status < 500)).toBe(true);
      expect(sentinelsIn(strangers, learnt)).toEqual([]);
      expect(sentinelsIn(refusal, learnt)).toEqual([]);
      figure('T24', 'secrets put in', Object.keys(sentinels).length + learnt.length);
      figure('T24', 'secrets found in the log', sentinelsIn(log, learnt).length, { most: 0 });
      figure('T24', 'secrets found in answers to others', sentinelsIn(strangers, learnt).length, { most: 0 });
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

    test.each([
      ['logs the body', { file: 'src/api/app.ts', was: "'a request failed'", is: "JSON.stringify(request.body) + 'a request failed'" }],
      ['logs the address', { file: 'src/api/app.ts', was: "request.routeOptions?.url ?? 'unknown'", is: 'request.url' }],
    ])('planted: a service that %s is caught', async (_, fault) => {
      const copy = planted(fault);
      const { log, learnt } = await lifeOf(new URL('src/', copy).href);
      expect(sentinelsIn(log, learnt)).not.toEqual([]);
    });
  },
);
