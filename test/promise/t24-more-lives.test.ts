import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { childServer } from '../support/child-server.ts';
import { type Fault, planted } from '../support/planted.ts';
import { secretLives } from '../support/secret-lives.ts';
import { sentinels, sentinelsIn } from '../support/sentinels.ts';
import { figure } from '../support/tier.ts';

const nothing = { log: [], metrics: [], urls: [], spans: [], refusals: [] };

describe('T24 secrets in more than one life', { timeout: 480_000 }, () => {
  test('killed, gone on with, refused, failed, handed out and erased: nobody’s words are in logs, metrics, spans, addresses or refusals', async () => {
    const { found, counts, told, learnt, asked, log } = await secretLives();
    const { said, typed, context, room, desk, talk, shared, title } = sentinels;
    expect(sentinelsIn(told)).toEqual(expect.arrayContaining([said, typed, context, room, desk, talk, shared, title]));
    expect(asked).toBeGreaterThan(1);
    for (const line of ['a request failed', '"kind":"TypeError"', 'storage_damaged']) expect(log).toContain(line);
    expect(counts).toMatchObject({ forced: 500, knocked: 6, erased: 6 });
    expect(counts.broken).toBeGreaterThanOrEqual(500);
    expect(found).toEqual(nothing);
    figure('T24', 'secrets put into three lives of one folder', Object.keys(sentinels).length + learnt.length);
    figure('T24', 'requests refused at every route', counts.refused, { least: 200 });
    for (const [where, words] of Object.entries(found)) figure('T24', `secrets found in the ${where} of three lives`, words.length, { most: 0 });
  });

  test('planted: a service that tells in any of these ways is caught', async () => {
    const gate = 'src/api/app.ts';
    const out = (words: string) => `process.stderr.write(String(${words}));`;
    const faults = {
      'logs the message of an error': {
        file: gate,
        was: "kind: error.constructor.name }, 'a request failed'",
        is: "message: error.message, kind: error.constructor.name }, 'a request failed'",
      },
      'tells the message of an error': {
        file: gate,
        was: "'That could not be done because of a fault in the service.",
        is: "error.message + ' That could not be done because of a fault in the service.",
      },
      'labels a metric with a name': [
        {
          file: gate,
          was: "type: 'refused', code: answer.code",
          is: "type: 'refused', code: String((request.body as { user_name?: string })?.user_name ?? answer.code)",
        },
        { file: 'src/meters/families.ts', was: "value !== undefined && label.values.includes(value) ? value : 'other'", is: "value ?? 'other'" },
      ],
      'logs what it finds after a crash': {
        file: 'src/core/hub.ts',
        was: 'function wake(id: string, past: readonly Entry[]): Awake {',
        is: `function wake(id: string, past: readonly Entry[]): Awake { if ((past[0] as { kind?: string })?.kind === 'room') ${out('JSON.stringify(past)')}`,
      },
      'logs a ticket': { file: 'src/api/tickets.ts', was: 'redeem(ticket) {', is: `redeem(ticket) { ${out('ticket')}` },
      'logs what is taken along': {
        file: 'src/api/session-copy.ts',
        was: 'const entries = [...talk.entries];',
        is: `const entries = [...talk.entries]; if ((entries[0] as { kind?: string }).kind === 'desk') ${out('JSON.stringify(entries)')}`,
      },
      'logs what is erased': { file: 'src/api/owner-routes.ts', was: 'await hub.erase(id);', is: `${out('id')} await hub.erase(id);` },
      'writes words into an address elsewhere': {
        file: 'src/engines/bounded-fetch.ts',
        was: 'await fetch(input,',
        is: "await fetch(input + '?' + encodeURIComponent(String(init?.body).slice(0, 4_000)),",
      },
    };
    const { found, learnt } = await secretLives(new URL('src/', planted(...Object.values(faults).flat())).href);
    const { log, metrics, urls, refusals } = found;
    const seen = {
      'logs the message of an error': log.includes(sentinels.forced),
      'tells the message of an error': refusals.includes(sentinels.forced),
      'labels a metric with a name': metrics.includes(sentinels.brought),
      'logs what it finds after a crash': log.includes(sentinels.room),
      'logs a ticket': log.includes(sentinels.ticket),
      'logs what is taken along': log.includes(sentinels.desk),
      'logs what is erased': log.some((word) => learnt.includes(word)),
      'writes words into an address elsewhere': urls.length > 0,
    };
    expect(seen).toEqual(Object.fromEntries(Object.keys(faults).map((fault) => [fault, true])));
  });

  /** What the service itself says when a fault of its own, with somebody's words in it, ends it, or is handled by nobody. */
  async function lastWords(how: string, ...more: Fault[]): Promise<string> {
    const fault = { file: 'src/api/coach-routes.ts', was: 'const name = request.body.user_name;', is: `const name = request.body.user_name; ${how}` };
    const cwd = fileURLToPath(planted(fault, ...more));
    await using service = await childServer({ VOICE: 'none', LOG_LEVEL: 'debug' }, { cwd });
    const body = JSON.stringify({ context: 'x', goal: 'x', user_name: sentinels.crash });
    await fetch(`${service.base}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => undefined);
    if (how.includes('Promise')) await service.end();
    await service.gone;
    return service.said() + service.complained();
  }
  // words that look like a place in the code are words all the same
  const error = "new RangeError('no room for ' + name + '\\n    at ' + name + ' (x.ts:1:1)', { cause: request.body })";
  const thrown = `setImmediate(() => { throw ${error}; });`;
  const rejected = `void Promise.reject(${error});`;

  test.each([
    ['ends it', thrown, 'a fault that nobody foresaw ends this process'],
    ['is handled by nobody', rejected, 'a rejection was handled by nobody'],
  ])('a fault that %s is told by its kind and its place, and by nobody’s words', async (_, how, sentence) => {
    const words = await lastWords(how);
    expect(words).toContain(sentence);
    expect(words).toContain('RangeError');
    expect(words).toContain('coach-routes.ts');
    expect(sentinelsIn(words)).toEqual([]);
  });

  test('planted: a process that dies with whatever stands in the error is caught', async () => {
    const silent: Fault = { file: 'src/main.ts', was: "process.on('uncaughtException',", is: "process.on('nothing' as never," };
    expect(sentinelsIn(await lastWords(thrown, silent))).toEqual([sentinels.crash]);
  });
});
