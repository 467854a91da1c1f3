import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Voice } from '../../src/core/ports.ts';
import { elevenLabsStreamVoice } from '../../src/engines/elevenlabs/voice-stream.ts';
import { openAiVoice } from '../../src/engines/openai/voice.ts';
import { heard } from '../contracts/voice.ts';
import { simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { bytesOf } from '../support/vendors/pcm-formats.ts';
import { realClock as clock } from '../support/vendors/real-clock.ts';
import { msPerCharacter, spokenTones } from '../support/vendors/spoken-tones.ts';

// long enough for any machine: no clock decides here
const waits = { first: 30_000, between: 30_000, total: 60_000 };
const text = 'Ask her what she would change first, and then wait for the answer.';
const whole = text.length * msPerCharacter;
const never = new AbortController().signal;

/** What was heard of the text, in ms, and what was wrong with it. */
async function spoken(voice: Voice): Promise<{ ms: number; problem: unknown }> {
  let ms = 0;
  try {
    for await (const piece of voice.speak(text, never)) ms += piece.ms;
  } catch (problem) {
    return { ms, problem };
  }
  return { ms, problem: undefined };
}
const brokeOff = expect.objectContaining({ code: 'voice_failed', message: expect.stringContaining('broke off') });

describe('speech over HTTP that ends as if all had been said', () => {
  it.each([
    ['nothing', 0, undefined],
    ['a tenth', 0.1, undefined],
    ['a quarter', 0.25, brokeOff],
    ['half', 0.5, brokeOff],
  ])('ElevenLabs leaves out %s of a text', async (_, leavesOut, problem) => {
    const vendor = await simulatedElevenLabs({ quirks: { leavesOut } });
    onTestFinished(() => vendor.close());
    const voice = elevenLabsStreamVoice({ clock, waits, key: 'a key', voice: 'Rachel', model: 'eleven_flash_v2_5', url: vendor.url });
    const { ms, problem: found } = await spoken(voice);
    expect(found).toEqual(problem);
    // what was said is heard, but for a last piece that was not complete, and once
    expect(ms).toBeGreaterThanOrEqual(whole * (1 - leavesOut) - 500);
    expect(ms).toBeLessThanOrEqual(whole * (1 - leavesOut) + 200);
  });

  const sound = bytesOf(spokenTones(text, 24_000));
  const events = (pieces: number) =>
    Array.from({ length: 10 }, (_, at) => sound.subarray(Math.ceil((sound.length / 20) * at) * 2, Math.ceil((sound.length / 20) * (at + 1)) * 2))
      .slice(0, pieces)
      .map((piece) => `data: ${JSON.stringify({ type: 'speech.audio.delta', audio: Buffer.from(piece).toString('base64') })}\n\n`)
      .join('');
  const done = 'data: {"type":"speech.audio.done","usage":{"total_tokens":9}}\n\n';

  /** A server that speaks like OpenAI, answers so, and what it was asked. */
  async function speaking(answer: (asked: Record<string, unknown>, response: ServerResponse) => void) {
    const asked: Record<string, unknown>[] = [];
    const server = createServer(async (request, response) => {
      const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
      asked.push(body);
      answer(body, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    return { asked, voice: openAiVoice({ clock, waits, url, model: 'kokoro', voice: 'af_heart' }) };
  }
  const eventsOf = (body: string) => (_: object, response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end(body);

  it.each([
    ['all of it and its end', events(10) + done, undefined],
    ['all of it and the end of others', `${events(10)}data: [DONE]\n\n`, undefined],
    ['three quarters without an end', events(8), brokeOff],
    ['all of it without an end', events(10), brokeOff],
    [
      'an error in the middle',
      `${events(8)}data: {"type":"error","error":{"code":"server_error"}}\n\n`,
      expect.objectContaining({ code: 'voice_failed' }),
    ],
    ['half a message', events(10).slice(0, -40), expect.objectContaining({ code: 'voice_failed' })],
  ])('OpenAI sends as events %s', async (_, body, problem) => {
    const { voice } = await speaking(eventsOf(body));
    expect((await spoken(voice)).problem).toEqual(problem);
  });

  it('a server that does not know events is asked without them from then on, and one that reads past the wish is heard as it speaks', async () => {
    const refusing = await speaking(({ stream_format }, response) =>
      stream_format
        ? void response
            .writeHead(422, { 'content-type': 'application/json' })
            .end('{"detail":[{"loc":["body","stream_format"],"msg":"Extra inputs are not permitted"}]}')
        : void response.writeHead(200, { 'content-type': 'audio/pcm' }).end(sound),
    );
    for (const voice of [refusing.voice, refusing.voice]) expect((await heard(voice, text)).length).toBeGreaterThan(5);
    expect(refusing.asked.map(({ stream_format }) => stream_format)).toEqual(['sse', undefined, undefined]);
    const plain = await speaking((_, response) => void response.writeHead(200, { 'content-type': 'audio/pcm' }).end(sound));
    expect((await heard(plain.voice, text)).length).toBeGreaterThan(5);
  });
});
