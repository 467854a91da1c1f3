import { type RawClient, rawClient } from './raw-client.ts';

/** The name of an event of a transcript. */
export const transcription = (kind: string): string => `conversation.item.input_audio_transcription.${kind}`;

/** 16 kHz sound as OpenAI wants it: 24 kHz, in pieces of so many ms, in base64. */
export function appends(samples: Int16Array, ms = 100): { type: 'input_audio_buffer.append'; audio: string }[] {
  const raised = Int16Array.from({ length: Math.floor((samples.length * 3) / 2) }, (_, index) => {
    const at = (index * 2) / 3;
    const [low, high] = [samples[Math.floor(at)] ?? 0, samples[Math.ceil(at)] ?? 0];
    return Math.round(low + (high - low) * (at % 1));
  });
  const size = 24 * ms;
  return Array.from({ length: Math.ceil(raised.length / size) }, (_, index) => ({
    type: 'input_audio_buffer.append',
    audio: Buffer.from(raised.slice(index * size, (index + 1) * size).buffer).toString('base64'),
  }));
}

/** So many ms of nothing at 24 kHz. */
export const silence = (ms: number) => ({ type: 'input_audio_buffer.append', audio: Buffer.alloc(48 * ms).toString('base64') });

/** Sets a session up to write down what it hears. */
export const sessionUpdate = (model: object, more: object = {}) => ({
  type: 'session.update',
  session: { type: 'transcription', audio: { input: { format: { type: 'audio/pcm', rate: 24000 }, transcription: model, ...more } } },
});

/** Opens a realtime socket of a simulated vendor without anybody's SDK. */
export const rawRealtime = (url: string, query = '?intent=transcription', headers: Record<string, string> = { authorization: 'Bearer sk-good' }) =>
  rawClient(`${url.replace('http', 'ws')}/realtime${query}`, headers);

/** A socket whose session is set up for this model; who speaks says when a turn ends unless more is said. */
export async function rawListening(url: string, model: string, more: object = { turn_detection: null }): Promise<RawClient> {
  const client = await rawRealtime(url);
  await client.next('session.created');
  client.send(sessionUpdate({ model }, more));
  await client.next('session.updated');
  return client;
}

/** Says something, and that this was all. */
export function sayTurn(client: RawClient, sound: Int16Array): void {
  for (const append of appends(sound)) client.send(append);
  client.send({ type: 'input_audio_buffer.commit' });
}
