import { describe, expect, test } from 'vitest';
import { counting } from '../support/tone-words.ts';
import { elevenLabsInTest } from '../support/vendors/elevenlabs-in-test.ts';
import type { SimulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { bytesOf } from '../support/vendors/pcm-formats.ts';
import { type RawClient, rawClient } from '../support/vendors/raw-client.ts';
import { spokenTones } from '../support/vendors/spoken-tones.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const dial = (vendor: SimulatedElevenLabs, headers: Record<string, string> = { 'xi-api-key': 'right' }) =>
  rawClient(`${vendor.wsUrl}/v1/convai/conversation?agent_id=coach`, headers);

const begin = (override: object = {}) => ({ type: 'conversation_initiation_client_data', conversation_config_override: override });

function speak(client: RawClient, samples: Int16Array): void {
  for (let at = 0; at < samples.length; at += 1600) client.send({ user_audio_chunk: bytesOf(samples.subarray(at, at + 1600)).toString('base64') });
}

describe('the simulated agent', () => {
  test('A1 metadata first; a turn that was heard is written, answered, and the answer spoken, in this order', async () => {
    const vendor = await elevenLabsInTest({ answers: (turn) => `I heard ${turn}` });
    const client = await dial(vendor);
    client.send(begin());
    expect(await client.next()).toMatchObject({
      type: 'conversation_initiation_metadata',
      conversation_initiation_metadata_event: { agent_output_audio_format: 'pcm_16000', user_input_audio_format: 'pcm_16000' },
    });
    const sound = counting(20, [3]);
    speak(client, sound);
    const came = [await client.next('user_transcript'), await client.next('user_transcript', 'agent_response'), await client.next()];
    expect(came.map(({ type }) => type)).toEqual(['user_transcript', 'agent_response', 'audio']);
    expect(came[0]!.user_transcription_event).toMatchObject({ user_transcript: 'w20 w21 w22' });
    expect(came[1]!.agent_response_event).toMatchObject({ agent_response: 'I heard w20 w21 w22' });
    const spoken = came[2]!.audio_event as { audio_base_64: string; event_id: number };
    expect(Buffer.from(spoken.audio_base_64, 'base64').equals(bytesOf(spokenTones('I heard w20 w21 ', 16_000)))).toBe(true);
    expect(spoken.event_id).toBe((came[1]!.agent_response_event as { event_id: number }).event_id);
    expect(vendor.billed).toEqual({ soundMs: sound.length / 16, characters: 'I heard w20 w21 w22'.length });
  });

  test('A2 who is spoken over is interrupted, and what nobody heard is taken back', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock, answers: () => 'Let me explain this at length.' }));
    client.send(begin());
    speak(client, counting(1, [1]));
    const response = (await client.next('agent_response')).agent_response_event as { event_id: number };
    await client.next('audio');
    await clock.advance(600);
    speak(client, counting(2, [1]));
    expect((await client.next('interruption')).interruption_event).toEqual({ event_id: response.event_id });
    expect((await client.next('agent_response_correction')).agent_response_correction_event).toMatchObject({
      original_agent_response: 'Let me explain this at length.',
      corrected_agent_response: 'Let me exp...',
    });
  });

  test('A3 who has heard it to its end interrupts nobody', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock, answers: () => 'Short.' }));
    client.send(begin());
    speak(client, counting(1, [1]));
    await client.next('audio');
    await clock.advance(6 * 60);
    speak(client, counting(2, [1]));
    expect((await client.next('interruption', 'user_transcript')).type).toBe('user_transcript');
  });

  test('A4 pings come by themselves, and tell how long the last answer took', async () => {
    const clock = virtualClock();
    const vendor = await elevenLabsInTest({ clock });
    const client = await dial(vendor);
    client.send(begin());
    await client.next('conversation_initiation_metadata');
    await clock.advance(2_000);
    const first = (await client.next('ping')).ping_event as { event_id: number; ping_ms: null };
    expect(first.ping_ms).toBeNull();
    await clock.advance(30);
    client.send({ type: 'pong', event_id: first.event_id });
    while (!vendor.calls[0]!.got.some((message) => (message as { type?: string }).type === 'pong')) await settled();
    await clock.advance(1_970);
    expect((await client.next('ping')).ping_event).toMatchObject({ ping_ms: 30 });
  });

  test('A5 a tool is called, and its result becomes the answer', async () => {
    const answers = (turn: string) => ({ tool: 'lookUp', parameters: { turn }, made: (result: string) => `It says ${result}` });
    const client = await dial(await elevenLabsInTest({ answers }));
    client.send(begin());
    client.send({ type: 'user_message', text: 'how tall?' });
    const call = (await client.next('client_tool_call')).client_tool_call as { tool_call_id: string; tool_name: string; parameters: object };
    expect(call).toMatchObject({ tool_name: 'lookUp', parameters: { turn: 'how tall?' } });
    client.send({ type: 'client_tool_result', tool_call_id: call.tool_call_id, result: 'two metres', is_error: false });
    expect((await client.next('agent_response')).agent_response_event).toMatchObject({ agent_response: 'It says two metres' });
  });

  test('A6 its first words and its events are those that were asked for; silence is an answer too', async () => {
    const client = await dial(await elevenLabsInTest({ answers: () => undefined }));
    client.send(begin({ agent: { first_message: 'Ready.' }, conversation: { client_events: ['agent_response'] } }));
    await client.next('conversation_initiation_metadata');
    expect((await client.next()).agent_response_event).toMatchObject({ agent_response: 'Ready.' });
    speak(client, counting(1, [1]));
    client.send({ type: 'contextual_update', text: 'the partner is tired' });
    client.send({ type: 'client_tool_result', tool_call_id: 'none', result: '', is_error: false });
    expect((await client.next()).type).toBe('error');
  });

  test('A7 text only: parts, and no sound', async () => {
    const vendor = await elevenLabsInTest({ answers: () => 'Written, not spoken.' });
    const client = await dial(vendor);
    client.send(begin({ conversation: { text_only: true } }));
    client.send({ type: 'user_message', text: 'hi' });
    const parts = [await client.next('agent_chat_response_part'), await client.next(), await client.next(), await client.next(), await client.next()];
    const kinds = parts.slice(0, 4).map((part) => (part.text_response_part as { type: string }).type);
    expect(kinds).toEqual(['start', 'delta', 'delta', 'stop']);
    expect(parts[4]!.type).toBe('agent_response');
    expect(vendor.billed.characters).toBe(0);
  });

  test('A8 sixty seconds without the user and it hangs up with 1002; pongs are not the user', async () => {
    const clock = virtualClock();
    const client = await dial(await elevenLabsInTest({ clock, quirks: { pingMs: 30_000 } }));
    client.send(begin());
    await client.next('conversation_initiation_metadata');
    await clock.advance(30_000);
    client.send({ type: 'pong', event_id: ((await client.next('ping')).ping_event as { event_id: number }).event_id });
    await clock.advance(30_000);
    expect((await client.next('error')).error_event).toMatchObject({ code: 1002, error_type: 'transport_receive_timeout' });
    expect((await client.ended).code).toBe(1002);
  });

  test.each([
    ['a message of no known type', { type: 'hello' }, 'invalid_message'],
    ['a pong without its number', { type: 'pong' }, 'missing_fields'],
    ['a result that is no string', { type: 'client_tool_result', tool_call_id: 'x', result: {}, is_error: false }, 'value_error'],
    ['a second beginning', begin(), 'invalid_message'],
  ])('A9 %s ends in 1008', async (_, message, error_type) => {
    const client = await dial(await elevenLabsInTest());
    client.send(begin());
    client.send(message);
    expect((await client.next('error')).error_event).toMatchObject({ code: 1008, error_type });
    expect((await client.ended).code).toBe(1008);
  });

  test('A10 only who has a key, a signed address or a public agent comes in, and overrides must be allowed', async () => {
    const vendor = await elevenLabsInTest();
    const stranger = await dial(vendor, {});
    expect((await stranger.next()).type).toBe('error');
    expect((await stranger.ended).code).toBe(1008);
    const asked = await fetch(`${vendor.url}/v1/convai/conversation/get-signed-url?agent_id=coach`, { headers: { 'xi-api-key': 'right' } });
    const { signed_url } = (await asked.json()) as { signed_url: string };
    const guest = await rawClient(signed_url);
    guest.send(begin());
    await guest.next('conversation_initiation_metadata');
    vendor.quirks.publicAgents = true;
    vendor.quirks.overrides = false;
    vendor.quirks.flatErrors = true;
    const anybody = await dial(vendor, {});
    anybody.send(begin({ agent: { language: 'de' } }));
    // the flat shape that was seen in the wild
    expect(await anybody.next()).toEqual({ type: 'error', message: 'received 1008 Overrides are not enabled for this agent.' });
  });
});
