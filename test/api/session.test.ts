import { describe, expect, test } from 'vitest';
import { interview, served } from '../support/served.ts';

const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

describe('a session over REST', () => {
  test('A1 is created with the words of the protocol', async () => {
    await using house = await served();
    const answer = await house.post('/session', interview);
    expect(answer.status).toBe(200);
    const body = await json(answer);
    expect(body).toEqual({
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      message: "Session created. Start by saying: 'Hi, I'm Alex.'",
      token: expect.stringMatching(/^[\w-]{43}$/),
      ws_url: `${house.base.replace('http', 'ws')}/ws/${body.session_id}`,
    });
  });

  test('A2 a missing, empty or too long field is a 422 that names it in one sentence', async () => {
    await using house = await served();
    for (const [body, path] of [
      [{ ...interview, context: undefined }, 'context'],
      [{ ...interview, goal: '  ' }, 'goal'],
      [{ ...interview, user_name: 'x'.repeat(201) }, 'user_name'],
      [{ ...interview, goal: 'x'.repeat(4_001) }, 'goal'],
      [{ ...interview, settings: { cadence: 9 } }, 'settings.cadence'],
    ] as const) {
      const answer = await house.post('/session', body);
      expect(answer.status).toBe(422);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      const problem = await json(answer);
      expect(problem).toMatchObject({
        status: 422,
        code: 'invalid',
        detail: expect.stringContaining(path),
        errors: [{ path, message: expect.any(String) }],
        request_id: expect.any(String),
      });
    }
  });

  test('A14 a voice that nobody has is refused with the names of those that there are, which the documentation lists as well', async () => {
    await using house = await served();
    const answer = await house.post('/session', { ...interview, settings: { voice: 'bob' } });
    const message = 'settings.voice must be awb, slt, rms, kal16 or kal.';
    expect([answer.status, await json(answer)]).toEqual([
      422,
      expect.objectContaining({ detail: message, errors: [{ path: 'settings.voice', message }] }),
    ]);
    expect((await house.post('/session', { ...interview, settings: { voice: 'rms' } })).status).toBe(200);
    expect(await (await fetch(`${house.base}/openapi.json`)).text()).toContain('"enum":["awb","slt","rms","kal16","kal"]');
  });

  test('A3 what is not JSON, too large or of another type is one clear answer', async () => {
    await using house = await served();
    const results = [
      await house.post('/session', '{"context":'),
      await house.post('/session', { ...interview, context: 'x'.repeat(70_000) }),
      await house.post('/session', '[]'),
      await house.post('/session', 'null'),
      await fetch(`${house.base}/session`, { method: 'POST', body: 'hello' }),
    ];
    expect(results.map((answer) => answer.status)).toEqual([400, 413, 422, 422, 422]);
    for (const answer of results) expect(await json(answer)).toMatchObject({ detail: expect.stringMatching(/\w+ \w+/), code: expect.any(String) });
  });

  test('A4 unknown ids and wrong tokens get the very same answer', async () => {
    await using house = await served();
    const { id, token } = await house.session();
    const as = (path: string, key: string) => fetch(`${house.base}${path}`, { headers: { authorization: `Bearer ${key}` } });
    const unknown = await json(await house.post('/session/00000000-0000-4000-8000-000000000000/finish'));
    const wrong = await json(await as(`/session/${id}`, 'not the token'));
    expect(unknown).toMatchObject({ status: 404, detail: 'Session not found' });
    expect({ ...wrong, request_id: '' }).toEqual({ ...unknown, request_id: '' });
    expect((await as(`/session/${id}`, token)).status).toBe(200);
    for (const odd of ['%2e%2e%2f', 'a'.repeat(500), "' or 1=1", '%00'])
      expect((await fetch(`${house.base}/session/${odd}`)).status).toBeGreaterThanOrEqual(400);
  });

  test('A5 nothing said is finished honestly: the same shape, no praise, no invented number', async () => {
    await using house = await served();
    const { id } = await house.session();
    const answer = await json(await house.post(`/session/${id}/finish`));
    expect(answer).toMatchObject({
      stars: [expect.any(String), expect.any(String)],
      takeaways: { length: 3 },
      filler_percentage: 0,
      transcript: [],
      engine: 'rules',
      degraded: false,
      session_id: id,
    });
    expect(answer.metrics).toMatchObject({ user_words: 0, fillers: null, words_per_minute: null, talk_ratio: null });
    expect(JSON.stringify(answer.stars)).not.toMatch(/great|well done|excellent|good job/i);
  });

  test('A6 fifty finishes at once give the same bytes, and so does one more the day after', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    client.send({ type: 'said', text: "Hi, I'm Alex", speaker: 'user' });
    client.send({ type: 'said', text: 'um so why should we hire you', speaker: 'other' });
    await client.next('transcript');
    await client.next('transcript');
    const finish = async () => (await house.post(`/session/${id}/finish`)).text();
    const answers = await Promise.all(Array.from({ length: 50 }, finish));
    answers.push(await finish());
    expect(new Set(answers).size).toBe(1);
    expect(JSON.parse(answers[0]!).transcript).toContainEqual({
      seq: expect.any(Number),
      speaker: 'other',
      text: 'um so why should we hire you',
      timestamp: expect.any(String),
      from: null,
      to: null,
    });
    const { events } = (await json(await fetch(`${house.base}/session/${id}/events`))) as { events: { type: string }[] };
    expect(events.filter(({ type }) => type === 'reviewed' || type === 'ended').map(({ type }) => type)).toEqual(['ended', 'reviewed']);
  });

  test('A7 the log is read in pages, from any number on, without the key', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    for (let count = 0; count < 5; count++) client.send({ type: 'said', text: `line ${count}`, speaker: 'other' });
    for (let count = 0; count < 5; count++) await client.next('silent', 'suggestion');
    const page = async (query: string) =>
      (await json(await fetch(`${house.base}/session/${id}/events${query}`))) as { events: { seq: number }[]; next: number | null };
    const all = await page('');
    expect(all.events.map(({ seq }) => seq)).toEqual(all.events.map((_, index) => index + 1));
    expect(JSON.stringify(all)).not.toContain('"key"');
    const first = await page('?limit=3');
    expect(first).toMatchObject({ next: 3 });
    const rest = await page(`?after=${first.next}`);
    expect([...first.events, ...rest.events]).toEqual(all.events);
    expect((await fetch(`${house.base}/session/${id}/events?after=-1`)).status).toBe(422);
  });

  test('A8 an erased session is gone for everybody, at once', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    const answer = await fetch(`${house.base}/session/${id}`, { method: 'DELETE' });
    expect(await json(answer)).toEqual({ session_id: id, erased: true });
    expect(await client.closed).toMatchObject({ code: 4004 });
    expect((await fetch(`${house.base}/session/${id}`)).status).toBe(404);
    expect((await fetch(`${house.base}/session/${id}`, { method: 'DELETE' })).status).toBe(404);
  });

  test('A9 a session tells where it stands', async () => {
    await using house = await served();
    const { id } = await house.session();
    expect(await json(await fetch(`${house.base}/session/${id}`))).toMatchObject({
      session_id: id,
      state: 'live',
      user_name: 'Alex',
      goal: interview.goal,
      transcript: [],
    });
    await house.post(`/session/${id}/finish`);
    expect(await json(await fetch(`${house.base}/session/${id}`))).toMatchObject({ state: 'finished' });
  });
});

describe('the gate', () => {
  test('A10 programs get a status, browsers a page, operators the truth', async () => {
    await using house = await served();
    expect(await json(await fetch(house.base))).toEqual({ status: expect.stringMatching(/running$/) });
    const page = await fetch(house.base, { headers: { accept: 'text/html,*/*' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await json(await fetch(`${house.base}/health`))).toEqual({
      status: 'ok',
      engines: { ears: 'browser', voice: 'flite', brain: 'reflexes' },
      awake: 0,
      loop_lag_ms: { p50: expect.any(Number), p99: expect.any(Number) },
      keep_days: { transcripts: 30, sound: 0 },
    });
    expect(await json(await fetch(`${house.base}/ready`))).toEqual({ ready: true, storage: 'ok', troubles: [] });
  });

  test('A11 the documentation is made of the schemas that guard the gate', async () => {
    await using house = await served();
    const api = (await json(await fetch(`${house.base}/openapi.json`))) as {
      paths: Record<string, Record<string, { requestBody?: unknown; responses: Record<string, unknown> }>>;
      components: { schemas: object };
    };
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining(['/session', '/session/{id}', '/session/{id}/finish', '/session/{id}/events', '/health', '/ready', '/']),
    );
    expect(JSON.stringify(api.paths['/session']?.post?.requestBody)).toContain('user_name');
    expect(Object.keys(api.components.schemas)).toEqual(expect.arrayContaining(['CoachClientMessage', 'CoachServerMessage']));
    for (const path of ['/docs', '/redoc']) {
      const page = await fetch(`${house.base}${path}`, { headers: { accept: 'text/html' } });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    }
    expect((await fetch(`${house.base}/redoc/redoc.standalone.js`)).status).toBe(200);
  });

  test('A12 pages of other origins stay outside unless they were named', async () => {
    await using house = await served({ ALLOWED_ORIGINS: 'https://friend.example' });
    const from = (origin: string, method = 'POST') =>
      fetch(`${house.base}/session`, {
        method,
        headers: { origin, 'content-type': 'application/json' },
        ...(method === 'POST' && { body: JSON.stringify(interview) }),
      });
    expect((await from('https://evil.example')).status).toBe(403);
    expect((await from('null')).status).toBe(403);
    expect((await from(house.base)).status).toBe(200);
    expect((await from('https://friend.example')).headers.get('access-control-allow-origin')).toBe('https://friend.example');
    expect((await from('https://friend.example', 'OPTIONS')).status).toBe(204);
    const { id } = await house.session();
    await expect(house.dial(`/ws/${id}`, { origin: 'https://evil.example' }).opened).rejects.toThrow('403');
    await house.dial(`/ws/${id}`, { origin: 'https://friend.example' }).opened;
  });

  test('A13 nobody’s words and no id stand in the log', async () => {
    await using house = await served({ LOG_LEVEL: 'debug' });
    const { id, token } = await house.session({ ...interview, context: 'canary-context', user_name: 'canary-name' });
    const client = await house.connect(id);
    client.send({ type: 'said', text: 'canary-words', speaker: 'other' });
    client.send('{"type":"canary-type"}');
    await client.next('error');
    await house.post('/session', '{"canary-broken"');
    await house.post(`/session/${id}/finish`);
    await fetch(`${house.base}/canary-path?token=${token}`);
    expect(house.log.length).toBeGreaterThan(3);
    expect(house.log.filter((line) => line.includes('canary-') || line.includes(id) || line.includes(token))).toEqual([]);
  });
});
