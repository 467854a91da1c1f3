import { type Refusal, refusal, wrongField } from './elevenlabs-errors.ts';

/** The models that speak, and so many characters each takes at once. */
export const speakingModels: Readonly<Record<string, number>> = {
  eleven_flash_v2_5: 40_000,
  eleven_flash_v2: 30_000,
  eleven_turbo_v2_5: 40_000,
  eleven_turbo_v2: 30_000,
  eleven_multilingual_v2: 10_000,
  eleven_v3: 3_000,
};

const rates = [8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/** The formats sound comes in. */
export const formats: ReadonlySet<string> = new Set([
  ...[32, 64, 96, 128, 192].map((kilobits) => `mp3_44100_${kilobits}`),
  'mp3_22050_32',
  'mp3_24000_48',
  ...rates.map((rate) => `pcm_${rate}`),
  'ulaw_8000',
  'alaw_8000',
  ...[32, 64, 96, 128, 192].map((kilobits) => `opus_48000_${kilobits}`),
]);

/** Only a whole can be a file with its length in front. */
const wholeFormats: ReadonlySet<string> = new Set(rates.map((rate) => `wav_${rate}`));

const ranges: Record<string, readonly [number, number]> = { stability: [0, 1], similarity_boost: [0, 1], style: [0, 1], speed: [0.7, 1.2] };

/** What is wrong with the settings of a voice, if anything is. */
export function wrongSettings(settings: unknown): string | undefined {
  if (settings === undefined || settings === null) return undefined;
  if (typeof settings !== 'object') return 'voice_settings must be an object.';
  for (const [name, value] of Object.entries(settings)) {
    const [low, high] = ranges[name] ?? [undefined, undefined];
    if (name === 'use_speaker_boost' ? typeof value !== 'boolean' : low === undefined || typeof value !== 'number' || value < low || value > high!)
      return `voice_settings.${name} is not valid.`;
  }
  return undefined;
}

const fields = new Set([
  ...['text', 'model_id', 'language_code', 'voice_settings', 'previous_text', 'next_text', 'previous_request_ids', 'next_request_ids', 'seed'],
  ...['apply_text_normalization', 'apply_language_text_normalization', 'pronunciation_dictionary_locators', 'use_pvc_as_ivc', 'audio_effects'],
]);

/** A request for speech, read. */
export type Wish = { readonly text: string; readonly format: string };

/** Reads the query and the body of a request for speech, or says how it is refused. */
export function readWish(query: URLSearchParams, body: unknown, whole: boolean): Wish | Refusal {
  for (const name of query.keys())
    if (!['output_format', 'optimize_streaming_latency', 'enable_logging'].includes(name)) return wrongField(['query', name], 'Unknown parameter');
  const format = query.get('output_format') ?? 'mp3_44100_128';
  if (!formats.has(format) && !(whole && wholeFormats.has(format))) return wrongField(['query', 'output_format'], 'Unknown format', 'enum');
  if (typeof body !== 'object' || body === null) return wrongField(['body'], 'Field required', 'missing');
  const wish = body as Record<string, unknown>;
  const unknown = Object.keys(wish).find((name) => !fields.has(name));
  if (unknown) return wrongField(['body', unknown], 'Extra inputs are not permitted', 'extra_forbidden');
  if (typeof wish.text !== 'string') return wrongField(['body', 'text'], 'Field required', 'missing');
  const settings = wrongSettings(wish.voice_settings);
  if (settings) return wrongField(['body', 'voice_settings'], settings);

  const invalid = (code: string, message: string) => refusal(400, 'validation_error', code, message);
  const model = (wish.model_id as string | undefined) ?? 'eleven_multilingual_v2';
  const limit = speakingModels[model];
  if (limit === undefined) return invalid('invalid_parameters', `A model with the ID ${model} does not exist or does not speak here.`);
  if (wish.text.trim() === '') return invalid('invalid_parameters', 'The text is empty.');
  if (wish.text.length > limit) return invalid('max_character_limit_exceeded', `The text is longer than ${limit} characters.`);
  if (model === 'eleven_v3' && (wish.previous_text || wish.next_text)) return invalid('invalid_parameters', 'eleven_v3 takes no text around it.');
  if (wish.language_code && model === 'eleven_multilingual_v2') return invalid('invalid_parameters', 'This model takes no language_code.');
  return { text: wish.text, format };
}
