/** How a recogniser's socket was asked to be. */
export type Asked = {
  readonly rate: number;
  readonly mulaw: boolean;
  readonly vad: boolean;
  readonly silenceMs: number;
  readonly timestamps: boolean;
  readonly detection: boolean;
  readonly language: string | undefined;
  readonly entities: boolean;
  readonly edit: boolean;
  readonly config: Record<string, unknown>;
};

const formats = ['pcm_8000', 'pcm_16000', 'pcm_22050', 'pcm_24000', 'pcm_44100', 'pcm_48000', 'ulaw_8000'];

type Rule = (value: string) => boolean;
const flag: Rule = (value) => value === 'true' || value === 'false';
const oneOf =
  (...choices: string[]): Rule =>
  (value) =>
    choices.includes(value);
const between =
  (low: number, high: number): Rule =>
  (value) =>
    value.trim() !== '' && Number(value) >= low && Number(value) <= high;

const rules: Record<string, Rule> = {
  model_id: oneOf('scribe_v2_realtime'),
  audio_format: oneOf(...formats),
  commit_strategy: oneOf('manual', 'vad'),
  vad_silence_threshold_secs: between(0.3, 3),
  vad_threshold: between(0.1, 0.9),
  min_speech_duration_ms: between(50, 2000),
  min_silence_duration_ms: between(50, 2000),
  language_code: (value) => /^[a-z]{2,3}$/.test(value),
  secondary_languages: (value) => /^[a-z]{2,3}$/.test(value),
  include_timestamps: flag,
  include_language_detection: flag,
  keyterms: (value) => value.length > 0 && value.length <= 20,
  no_verbatim: flag,
  entity_detection: (value) => value.length > 0,
  transcript_edit: (value) => value.length <= 2000,
  filter_background_audio: flag,
  enable_logging: flag,
  token: () => true,
};

/** Reads the address of a recogniser's socket; a sentence when something in it is wrong. What nobody knows is wrong too: it is a slip of whoever asks. */
export function readAsked(query: URLSearchParams): Asked | string {
  for (const [name, value] of query) {
    const rule = rules[name];
    if (!rule) return `Unknown parameter ${name}.`;
    if (!rule(value)) return `Invalid value for ${name}.`;
  }
  const on = (name: string) => query.get(name) === 'true';
  if (query.getAll('keyterms').length > 50) return 'At most 50 keyterms are allowed.';
  if (on('filter_background_audio') && on('include_timestamps')) return 'filter_background_audio cannot be used with include_timestamps.';
  if (query.has('transcript_edit') && query.has('entity_detection')) return 'transcript_edit cannot be used with entity_detection.';

  const format = query.get('audio_format') ?? 'pcm_16000';
  const rate = Number(format.split('_')[1]);
  const strategy = query.get('commit_strategy') ?? 'manual';
  const silence = Number(query.get('vad_silence_threshold_secs') ?? 1.5);
  const language = query.get('language_code') ?? undefined;
  return {
    rate,
    mulaw: format.startsWith('ulaw'),
    vad: strategy === 'vad',
    silenceMs: silence * 1000,
    timestamps: on('include_timestamps'),
    detection: on('include_language_detection'),
    language,
    entities: query.has('entity_detection'),
    edit: query.has('transcript_edit'),
    config: {
      sample_rate: rate,
      audio_format: format,
      language_code: language ?? null,
      commit_strategy: strategy,
      vad_silence_threshold_secs: silence,
      vad_threshold: Number(query.get('vad_threshold') ?? 0.4),
      min_speech_duration_ms: Number(query.get('min_speech_duration_ms') ?? 100),
      min_silence_duration_ms: Number(query.get('min_silence_duration_ms') ?? 100),
      model_id: query.get('model_id') ?? 'scribe_v2_realtime',
      enable_logging: query.get('enable_logging') !== 'false',
      include_timestamps: on('include_timestamps'),
      include_language_detection: on('include_language_detection'),
      keyterms: query.getAll('keyterms'),
      no_verbatim: on('no_verbatim'),
      // the live service spells some of them otherwise
      vad_commit_strategy: strategy === 'vad',
      timestamps_granularity: on('include_timestamps') ? 'word' : 'none',
      max_tokens_to_recompute: 5,
      secondary_languages: query.getAll('secondary_languages'),
      entity_detection: query.getAll('entity_detection'),
      filter_background_audio: on('filter_background_audio'),
    },
  };
}
