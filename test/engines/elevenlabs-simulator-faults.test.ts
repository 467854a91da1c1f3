import { describe, expect, test } from 'vitest';
import { wavFile } from '../../src/engines/wav-file.ts';
import { counting } from '../support/tone-words.ts';
import { elevenLabsInTest } from '../support/vendors/elevenlabs-in-test.ts';
import type { SimulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { type HttpAsk, httpOutcome, socketOutcome } from '../support/vendors/fault-outcomes.ts';
import { type FaultName, faultNames, phases } from '../support/vendors/faults.ts';
import { bytesOf } from '../support/vendors/pcm-formats.ts';
import { settled, type VirtualClock, virtualClock } from '../support/virtual-clock.ts';

/** For each fault what a plain client sees: at connect | at first | in the stream. */
type Table = Record<FaultName, string>;
const headers = { 'xi-api-key': 'right' };

/** Has every fault happen in every phase; afterwards nothing may be left open. */
async function tableOf(outcome: (vendor: SimulatedElevenLabs, clock: VirtualClock) => Promise<string>): Promise<Table> {
  const clock = virtualClock();
  const vendor = await elevenLabsInTest({ clock, quirks: { coldMs: 60_000 }, answers: () => 'Hold on for a moment.' });
  const table: Partial<Table> = {};
  for (const name of faultNames) {
    const seen: string[] = [];
    for (const phase of phases) {
      vendor.faults.next(name, phase);
      seen.push(await outcome(vendor, clock));
    }
    table[name] = seen.join(' | ');
  }
  while (vendor.openSockets + vendor.waiting > 0) await settled();
  return table as Table;
}

const scribe: Table = {
  'bad-key': '401 | 101 auth_error 1008 | 101 session_started auth_error 1008',
  quota: '401 | 101 quota_exceeded 1008 | 101 session_started quota_exceeded 1008',
  busy: '429 | 101 rate_limited 1011 | 101 session_started rate_limited 1011',
  'busy-until': '429 after 2 | 101 resource_exhausted 1011 | 101 session_started resource_exhausted 1011',
  broken: '500 | 101 transcriber_error 1011 | 101 session_started transcriber_error 1011',
  refused: 'reset | 101 1006 | 101 session_started 1006',
  hang: 'no answer | 101 open | 101 session_started open',
  slow: 'no answer | 101 dripping | 101 session_started dripping',
  cut: 'cut | 101 1000 | 101 session_started 1000',
  malformed: 'no HTTP | 101 junk×3 open | 101 session_started junk×3 final final+ open',
  unknown:
    '101 weather_report session_started final final+ final final+ open | 101 weather_report session_started final final+ final final+ open | 101 session_started weather_report final final+ final final+ open',
  'session-limit': '503 | 101 session_time_limit_exceeded 1000 | 101 session_started session_time_limit_exceeded 1000',
  repeated:
    '101 session_started final+ final final+ final final+ final final+ final open | 101 session_started final+ final final+ final final+ final final+ final open | 101 session_started final final+×2 final final+ final open',
  empty:
    '101 session_started final(empty) final+(empty) final(empty) final+(empty) open | 101 session_started final(empty) final+(empty) final(empty) final+(empty) open | 101 session_started final final+ final(empty) final+(empty) open',
  endless: '101 partial_transcript×many open | 101 partial_transcript×many open | 101 session_started partial_transcript×many open',
};

const oneText: Table = {
  'bad-key': '401 | 101 invalid_api_key 1008 | 101 sound invalid_api_key 1008',
  quota: '401 | 101 quota_exceeded 1008 | 101 sound quota_exceeded 1008',
  busy: '429 | 101 rate_limit_exceeded 1008 | 101 sound rate_limit_exceeded 1008',
  'busy-until': '429 after 2 | 101 system_busy 1008 | 101 sound system_busy 1008',
  broken: '500 | 101 internal_error 1008 | 101 sound internal_error 1008',
  refused: 'reset | 101 1006 | 101 sound 1006',
  hang: 'no answer | 101 open | 101 sound open',
  slow: 'no answer | 101 dripping | 101 sound dripping',
  cut: 'cut | 101 1000 | 101 sound 1000',
  malformed: 'no HTTP | 101 junk×3 sound×2 final 1000 | 101 sound junk×3 sound×2 final 1000',
  unknown: '101 weather_report sound×3 final 1000 | 101 weather_report sound×3 final 1000 | 101 sound weather_report sound×2 final 1000',
  'session-limit': '503 | 101 input_timeout_exceeded 1008 | 101 sound input_timeout_exceeded 1008',
  repeated: '101 sound×many final 1000 | 101 sound×many final 1000 | 101 sound×many final 1000',
  empty: '101 final 1000 | 101 final 1000 | 101 sound final 1000',
  endless: '101 sound×many open | 101 sound×many open | 101 sound×many open',
};

const severalTexts: Table = {
  'bad-key': '401 | 101 invalid_api_key 1008 | 101 sound invalid_api_key 1008',
  quota: '401 | 101 quota_exceeded 1008 | 101 sound quota_exceeded 1008',
  busy: '429 | 101 rate_limit_exceeded 1008 | 101 sound rate_limit_exceeded 1008',
  'busy-until': '429 after 2 | 101 system_busy 1008 | 101 sound system_busy 1008',
  broken: '500 | 101 internal_error 1008 | 101 sound internal_error 1008',
  refused: 'reset | 101 1006 | 101 sound 1006',
  hang: 'no answer | 101 open | 101 sound open',
  slow: 'no answer | 101 dripping | 101 sound dripping',
  cut: 'cut | 101 1000 | 101 sound 1000',
  malformed: 'no HTTP | 101 junk×3 sound×2 final open | 101 sound junk×3 sound×2 final open',
  unknown: '101 weather_report sound×3 final open | 101 weather_report sound×3 final open | 101 sound weather_report sound×2 final open',
  'session-limit': '503 | 101 input_timeout_exceeded 1008 | 101 sound input_timeout_exceeded 1008',
  repeated: '101 sound×many final open | 101 sound×many final open | 101 sound×many final open',
  empty: '101 final open | 101 final open | 101 sound final open',
  endless: '101 sound×many open | 101 sound×many open | 101 sound×many open',
};

const agent: Table = {
  'bad-key': '401 | 101 error 1008 | 101 started error 1008',
  quota: '401 | 101 error 1002 | 101 started error 1002',
  busy: '429 | 101 error 1002 | 101 started error 1002',
  'busy-until': '429 after 2 | 101 error 1002 | 101 started error 1002',
  broken: '500 | 101 error 1011 | 101 started error 1011',
  refused: 'reset | 101 1006 | 101 started 1006',
  hang: 'no answer | 101 open | 101 started open',
  slow: 'no answer | 101 dripping | 101 started dripping',
  cut: 'cut | 101 1000 | 101 started 1000',
  malformed: 'no HTTP | 101 junk×3 open | 101 started junk×3 answer sound×2 open',
  unknown:
    '101 weather_report started answer sound×2 interrupted corrected answer sound×2 open | 101 weather_report started answer sound×2 interrupted corrected answer sound×2 open | 101 started weather_report answer sound×2 interrupted corrected answer sound×2 open',
  'session-limit': '503 | 101 error 1000 | 101 started error 1000',
  repeated:
    '101 started answer×2 sound×2 interrupted corrected answer×2 sound×2 open | 101 started answer×2 sound×2 interrupted corrected answer×2 sound×2 open | 101 started answer sound×2 interrupted corrected answer×2 sound×2 open',
  empty: '101 started answer×2 open | 101 started answer×2 open | 101 started answer sound×2 interrupted corrected answer open',
  endless: '101 sound×many open | 101 sound×many open | 101 started sound×many open',
};

const pieces: Table = {
  'bad-key': '401 | 401 | 200 part torn',
  quota: '401 | 401 | 200 part torn',
  busy: '429 | 429 | 200 part torn',
  'busy-until': '429 after 2 | 429 after 2 | 200 part torn',
  broken: '500 | 500 | 200 part torn',
  refused: 'reset | 200 nothing torn | 200 part torn',
  hang: 'no answer | 200 nothing open | 200 part open',
  slow: 'no answer | 200 dripping | 200 dripping',
  cut: 'cut | 200 nothing ended | 200 part ended',
  malformed: 'no HTTP | 200 junk ended | 200 junk ended',
  unknown: '200 unknown ended | 200 unknown ended | 200 unknown ended',
  'session-limit': '503 | 503 | 200 part torn',
  repeated: '200 double ended | 200 double ended | 200 more ended',
  empty: '200 nothing ended | 200 nothing ended | 200 part ended',
  endless: '200 endless | 200 endless | 200 endless',
};

const recording: Table = {
  ...pieces,
  repeated: '200 more ended | 200 more ended | 200 more ended',
  empty: '200 part ended | 200 part ended | 200 part ended',
};

const chunk = (audio: Uint8Array, commit = false) => ({
  message_type: 'input_audio_chunk',
  audio_base_64: Buffer.from(audio).toString('base64'),
  commit,
  sample_rate: 16_000,
});

const agentNames: Record<string, string> = {
  conversation_initiation_metadata: 'started',
  agent_response: 'answer',
  audio: 'sound',
  interruption: 'interrupted',
  agent_response_correction: 'corrected',
};

describe('every fault does its thing', () => {
  test('F1 realtime Scribe', async () => {
    const sound = bytesOf(counting(1, [1]));
    const say = [chunk(sound.subarray(0, 32_000)), chunk(sound.subarray(32_000), true), chunk(sound.subarray(0, 32_000), true)];
    const table = await tableOf((vendor, clock) =>
      socketOutcome(`${vendor.wsUrl}/v1/speech-to-text/realtime?include_timestamps=true`, headers, clock, say, (message) => {
        const words = message.text === '' ? '(empty)' : '';
        return `${String(message.message_type).replace('committed_transcript', 'final').replace('_with_timestamps', '+')}${words}`;
      }),
    );
    expect(table).toEqual(scribe);
  });

  test('F2 one text on a socket', async () => {
    const say = [{ text: ' ' }, { text: 'Ask them what they would give up. ' }, { text: '' }];
    const table = await tableOf((vendor, clock) =>
      socketOutcome(`${vendor.wsUrl}/v1/text-to-speech/v/stream-input?output_format=pcm_16000`, headers, clock, say, (message) =>
        String(message.error ?? message.message_type ?? (message.isFinal ? 'final' : 'sound')),
      ),
    );
    expect(table).toEqual(oneText);
  });

  test('F3 several texts on a socket', async () => {
    const say = [
      { text: ' ', context_id: 'a' },
      { text: 'Ask them what they would give up. ', context_id: 'a', flush: true },
      { context_id: 'a', close_context: true },
    ];
    const table = await tableOf((vendor, clock) =>
      socketOutcome(`${vendor.wsUrl}/v1/text-to-speech/v/multi-stream-input?output_format=pcm_16000`, headers, clock, say, (message) =>
        String(message.error ?? message.message_type ?? (message.isFinal ? 'final' : 'sound')),
      ),
    );
    expect(table).toEqual(severalTexts);
  });

  test('F4 an agent', async () => {
    const say = [{ type: 'conversation_initiation_client_data' }, { type: 'user_message', text: 'a' }, { type: 'user_message', text: 'b' }];
    const table = await tableOf((vendor, clock) =>
      socketOutcome(
        `${vendor.wsUrl}/v1/convai/conversation?agent_id=a`,
        headers,
        clock,
        say,
        (message) => agentNames[String(message.type)] ?? String(message.type),
      ),
    );
    expect(table).toEqual(agent);
  });

  const posts: [string, string, HttpAsk, Table][] = [
    ['F5 speech in pieces', '/v1/text-to-speech/v/stream?output_format=pcm_16000', json({ text: 'Ask them what they would give up.' }), pieces],
    [
      'F6 speech with times',
      '/v1/text-to-speech/v/stream/with-timestamps?output_format=pcm_16000',
      json({ text: 'Ask them what they would give up.' }),
      pieces,
    ],
    ['F7 a recording', '/v1/speech-to-text', form(), recording],
  ];
  test.each(posts)('%s', async (_, path, ask, expected) => {
    const plain = await elevenLabsInTest();
    const answer = await fetch(`${plain.url}${path}`, { method: ask.method, headers: ask.headers, body: ask.body as never });
    const whole = (await answer.arrayBuffer()).byteLength;
    const table = await tableOf((vendor, clock) => httpOutcome(`${vendor.url}${path}`, ask, clock, whole));
    expect(table).toEqual(expected);
  });
});

function json(body: object): HttpAsk {
  return { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function form(): HttpAsk {
  const border = 'border';
  const field = (name: string, more: string, value: Uint8Array | string) =>
    Buffer.concat([
      Buffer.from(`--${border}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`),
      Buffer.from(value as string),
      Buffer.from('\r\n'),
    ]);
  const body = Buffer.concat([
    field('model_id', '', 'scribe_v2'),
    field('file', '; filename="a.wav"\r\ncontent-type: audio/wav', wavFile(counting(1, [3]), 16_000)),
    Buffer.from(`--${border}--\r\n`),
  ]);
  return { method: 'POST', headers: { ...headers, 'content-type': `multipart/form-data; boundary=${border}` }, body };
}
