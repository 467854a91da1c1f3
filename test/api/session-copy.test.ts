import { describe, expect, test } from 'vitest';
import { plainWords } from '../../src/api/transcript-text.ts';
import { payloads } from '../support/payloads.ts';
import { interview, served } from '../support/served.ts';

const at = '2026-01-01T00:00:00.000Z';
const opened = { seq: 1, at, by: 'user', type: 'opened', kind: 'coach', title: 'a talk' };
const agreed = { seq: 2, at, by: 'user', type: 'consented', audio: true };
const said = (seq: number) => ({ seq, at, by: 'ear', type: 'said', text: 'hello', via: 'voice' });
const advised = (seq: number, about: number) => ({
  seq,
  at,
  by: 'coach',
  type: 'advised',
  text: 'x',
  kind: 'hint',
  about,
  reason: 'y',
  evidence: [],
});
const ended = (seq: number) => ({ seq, at, by: 'reviewer', type: 'ended', why: 'finished' });
const sound = { no: 1, at: 0, data: 'AAAA' };
const copy = (entries: object[], sounds: object[] = [], more: object = {}) => ({
  format: 'aside.session',
  version: 1,
  session_id: 'elsewhere',
  exported_at: at,
  entries,
  sounds,
  ...more,
});

const refused: Record<string, object> = {
  'nothing at all': {},
  'no entries': copy([]),
  'another version': copy([opened], [], { version: 2 }),
  'a field that nobody knows': copy([{ ...opened, secret: 'x' }]),
  'a digest of a token': copy([{ ...opened, key: 'a'.repeat(64) }]),
  'an entry that nobody knows': copy([opened, { seq: 2, at, by: 'user', type: 'granted_all' }]),
  'a log without its opening': copy([said(1)]),
  'two openings': copy([opened, { ...opened, seq: 2 }]),
  'a hole in the numbers': copy([opened, said(3)]),
  'words after the end': copy([opened, ended(2), said(3)]),
  'advice about what comes later': copy([opened, advised(2, 3), said(3)]),
  'more about advice that comes later': copy([opened, { seq: 2, at, by: 'coach', type: 'elaborated', of: 4, text: 'z' }, said(3), advised(4, 3)]),
  'something that stands though it was removed': copy([opened, said(2), { seq: 3, at, by: 'user', type: 'removed', of: [2] }]),
  'sound that nobody agreed to': copy([opened], [sound]),
  'sound in disorder': copy([opened, agreed], [sound, sound]),
  'sound that is none': copy([opened, agreed], [{ ...sound, data: '<script>' }]),
  'a date that is none': copy([{ ...opened, at: 'yesterday' }]),
  'the way to every object': JSON.parse('{"__proto__":{"entries":[]},"format":"aside.session"}') as object,
};

describe('a session that goes out and comes in', () => {
  test('P8 what cannot have come to be is not taken in, and nothing of it is kept', async () => {
    await using house = await served({ VOICE: 'none' });
    const answers: [string, number][] = [];
    for (const [name, document] of Object.entries(refused)) answers.push([name, (await house.post('/session/import', document)).status]);
    expect(answers.filter(([, status]) => status !== 422 && status !== 400)).toEqual([]);
    expect(await Array.fromAsync(house.house.hub.list())).toEqual([]);
    expect((await house.post('/session/import', copy([opened, agreed, said(3)], [sound]))).status).toBe(200);
  });

  test('more than may come at once is refused by its size', async () => {
    await using house = await served({ VOICE: 'none' }, { budgets: { importBody: 10_000 } });
    expect((await house.post('/session/import', copy([opened, { ...said(2), text: 'x'.repeat(10_000) }]))).status).toBe(413);
  });

  test('one that was not finished goes on, and its old tokens open nothing', async () => {
    await using house = await served({ VOICE: 'none' });
    const { id, token } = await house.session();
    const client = await house.connect(id);
    client.send({ type: 'said', text: 'Where do you see yourself in five years?', speaker: 'other' });
    await client.next('suggestion', 'silent');
    const grants = await house.post(`/session/${id}/tokens`, { role: 'export' });
    const shared = ((await grants.json()) as { token: string }).token;
    const document = await (await fetch(`${house.base}/session/${id}/export`)).text();
    const { session_id } = (await (await house.post('/session/import', document)).json()) as { session_id: string };
    const again = await house.connect(session_id, 0);
    expect(await again.next('transcript')).toMatchObject({ text: 'Where do you see yourself in five years?' });
    again.send({ type: 'said', text: 'And what would you earn?', speaker: 'other' });
    expect(await again.next('transcript')).toMatchObject({ text: 'And what would you earn?' });
    for (const old of [token, shared])
      expect((await fetch(`${house.base}/session/${session_id}`, { headers: { authorization: `Bearer ${old}` } })).status).toBe(404);
  });

  test('nobody’s words become markup, a link or a formula in the transcript for people', async () => {
    for (const payload of payloads) {
      const text = plainWords(payload);
      expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
      // every character that could mean something has a backslash before it
      expect(text.replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[\\`*_{}[\]<>()#+\-!|~&=@:]/);
    }
    await using house = await served({ VOICE: 'none' });
    const { id } = await house.session({ ...interview, goal: '=HYPERLINK("http://x")' });
    const client = await house.connect(id);
    client.send({ type: 'said', text: '=1+1\n# <img src=x onerror=alert(1)> www.example.com', speaker: 'other' });
    await client.next('transcript');
    const answer = await fetch(`${house.base}/session/${id}/transcript.md`);
    expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const lines = (await answer.text()).split('\n').filter(Boolean);
    expect(lines.at(-1)).toMatch(/^\*\*Them\*\* \(0:0\d\) \\=1\\\+1 \\# \\<img src\\=x onerror\\=alert\\\(1\\\)\\> www\\\.example\.com$/);
    expect(lines.filter((line) => /^[=+\-@\t]/.test(line))).toEqual([]);
  });
});
