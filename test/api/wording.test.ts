import { describe, expect, test } from 'vitest';
import { interview, served } from '../support/served.ts';

/** What was sent, and the sentences it must be answered with. */
const requests: [unknown, string][] = [
  [[], 'What was sent must be a JSON object.'],
  [null, 'What was sent must be a JSON object.'],
  [{}, 'context is missing: send text. goal is missing: send text. user_name is missing: send text.'],
  [{ ...interview, context: 5 }, 'context must be text.'],
  [{ ...interview, user_name: [] }, 'user_name must be text.'],
  [{ ...interview, context: [], goal: {} }, 'context must be text. goal must be text.'],
  [{ ...interview, goal: ' ' }, 'goal is empty: say it in a few words.'],
  [{ ...interview, user_name: 'x'.repeat(201) }, 'user_name is longer than 200 characters: shorten it.'],
  [{ ...interview, participants: ['Dana'] }, 'participants must be text.'],
  [{ ...interview, tone: null }, 'tone must be text.'],
  [{ ...interview, language: 'plain English' }, 'language is not a language tag: send one such as en or en-GB.'],
  [{ ...interview, consent: 'yes' }, 'consent must be a JSON object.'],
  [{ ...interview, settings: [] }, 'settings must be a JSON object.'],
  [{ ...interview, settings: { cadence: '2' } }, 'settings.cadence must be a number.'],
  [{ ...interview, settings: { cadence: 1.5 } }, 'settings.cadence must be a whole number.'],
  [{ ...interview, settings: { cadence: 6 } }, 'settings.cadence must be at most 5.'],
  [{ ...interview, settings: { cadence: -1 } }, 'settings.cadence must be at least 0.'],
  [{ ...interview, settings: { text_only: 'no' } }, 'settings.text_only must be true or false.'],
  [{ ...interview, settings: { audio: 'ogg' } }, 'settings.audio must be wav or mp3.'],
];

const types = 'stop, hint, said, playback, pause, resume, feedback, consent, forget, lost, voices, whisper, ping or auth';
const messages: [unknown, string][] = [
  [[], 'What was sent must be a JSON object.'],
  [7, 'What was sent must be a JSON object.'],
  [{}, `type is missing: send ${types}.`],
  [{ type: 'shout' }, `type must be ${types}.`],
  [{ type: 'said' }, 'text is missing: send text.'],
  [{ type: 'said', text: '' }, 'text is empty: say it in a few words.'],
  [{ type: 'said', text: 'x'.repeat(4_097) }, 'text is longer than 4096 characters: shorten it.'],
  [{ type: 'said', text: 'hello', speaker: 'me' }, 'speaker must be user, other or unknown.'],
  [{ type: 'feedback', reply: 1.5, useful: 1 }, 'reply must be a whole number. useful must be true or false.'],
  [{ type: 'feedback', reply: 0, useful: true }, 'reply must be more than 0.'],
  [{ type: 'playback', reply: 1, state: 'ended', ms: 1e9 }, 'ms must be at most 3600000.'],
];

describe('every refusal is a plain sentence: what is wrong, and what is expected', () => {
  test('in the answers of POST /session', async () => {
    await using house = await served();
    const details: unknown[] = [];
    for (const [body] of requests) details.push(((await (await house.post('/session', body)).json()) as { detail: string }).detail);
    expect(details).toEqual(requests.map(([, sentence]) => sentence));
  });

  test('in what is wrong with an address', async () => {
    await using house = await served();
    const { id } = await house.session();
    const answers: unknown[] = [];
    for (const query of ['after=abc', 'after=-1', 'after=1.5', 'after=1&after=2', 'limit=501'])
      answers.push(((await (await fetch(`${house.base}/session/${id}/events?${query}`)).json()) as { detail: string }).detail);
    expect(answers).toEqual([
      'after must be a number.',
      'after must be at least 0.',
      'after must be a whole number.',
      'after must be a number.',
      'limit must be at most 500.',
    ]);
  });

  test('in the errors of a socket', async () => {
    await using house = await served();
    const { id } = await house.session();
    const client = await house.connect(id);
    const sentences: unknown[] = [];
    for (const [message] of messages) {
      client.send({ type: 'ping' });
      client.send(JSON.stringify(message));
      sentences.push((await client.next('error')).message);
    }
    expect(sentences).toEqual(messages.map(([, sentence]) => sentence));
  });

  test('in what is no JSON at all', async () => {
    await using house = await served();
    const send = async (body: string, type: string) =>
      ((await (await fetch(`${house.base}/session`, { method: 'POST', headers: { 'content-type': type }, body })).json()) as { detail: string })
        .detail;
    expect(await send('{"context":', 'application/json')).toBe('The request could not be read, so nothing was done. Send one JSON object.');
    expect(await send('', 'application/json')).toBe('What was sent must be a JSON object.');
    expect(await send('<xml/>', 'application/xml')).toBe(
      'Only JSON is read here, so nothing was done. Send it with the content type application/json.',
    );
  });

  test('by another method than an address is asked by, and nobody learns from it what is there', async () => {
    await using house = await served();
    const { id } = await house.session();
    const as = async (method: string, path: string) => {
      const answer = await fetch(house.base + path, { method });
      return [answer.status, answer.headers.get('allow'), ((await answer.json()) as { detail: string }).detail];
    };
    expect(await as('GET', '/session')).toEqual([405, 'POST', 'This address is not asked by GET, so nothing was done. Use POST.']);
    const there = await as('PUT', `/session/${id}?x=/session`);
    expect(there.slice(0, 2)).toEqual([405, 'GET, HEAD, DELETE']);
    expect(await as('PUT', '/session/00000000-0000-4000-8000-000000000000')).toEqual(there);
    expect((await as('PUT', `/session/${id}/nothing`))[0]).toBe(404);
    // what is not told to everybody is not told by this either
    expect((await as('POST', '/metrics'))[0]).toBe(404);
  });

  test('at an address that is none', async () => {
    await using house = await served();
    for (const path of ['/%zz', `/session/${'x'.repeat(200)}`, '/sessions']) {
      const answer = await fetch(`${house.base}${path}`);
      expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([
        404,
        expect.stringContaining('application/problem+json'),
        expect.objectContaining({ code: 'not_found', detail: 'There is nothing at this address. /docs lists what there is.' }),
      ]);
    }
  });

  test('what is unknown is left out, and refuses nothing', async () => {
    await using house = await served();
    const { id } = await house.session({ ...interview, colour: 'blue', settings: { cadence: 0, speed: 'high' } });
    const opened = (await house.house.hub.find(id))!.entries[0];
    expect(opened).toMatchObject({ type: 'opened', settings: { cadence: 0 } });
    expect(JSON.stringify(opened)).not.toMatch(/colour|speed/);
    const client = await house.connect(id);
    client.send({ type: 'ping', loud: true });
    await client.next('pong');
  });
});
