import { sniff } from '../../../src/audio/sniff.ts';
import { readWav } from '../wav.ts';
import { badKey, lineFault, marred, type Refusal, refusal, wrongField } from './elevenlabs-errors.ts';
import { timedWords } from './elevenlabs-scribe-messages.ts';
import { type World, written } from './elevenlabs-world.ts';
import { growingHearing } from './growing-hearing.ts';
import { slept } from './line-faults.ts';
import { resampled, samplesOf } from './pcm-formats.ts';
import type { Visit } from './vendor-server.ts';

const fields = new Set([
  ...['model_id', 'file', 'source_url', 'file_format', 'language_code', 'diarize', 'num_speakers', 'diarization_threshold', 'use_speaker_library'],
  ...['detect_speaker_roles', 'timestamps_granularity', 'tag_audio_events', 'keyterms', 'no_verbatim', 'temperature', 'seed'],
]);

/** Shorter sound is refused. */
const leastMs = 100;

/** What is wrong with a form, if anything is. */
function wrongForm(form: FormData): Refusal | undefined {
  const wrong = (name: string, message: string) => wrongField(['body', name], message);
  const unknown = [...form.keys()].find((name) => !fields.has(name));
  if (unknown) return wrong(unknown, 'This field is not known here.');
  const value = (name: string) => form.get(name) as string | null;
  const on = (name: string) => value(name) === 'true';
  const model = value('model_id');
  if (model === null) return wrong('model_id', 'Field required');
  if (!['scribe_v2', 'scribe_v1'].includes(model)) return refusal(400, 'validation_error', 'invalid_parameters', `${model} is not a valid model_id.`);
  if (!(form.get('file') instanceof File)) return wrong('file', 'Field required');
  if (!['pcm_s16le_16', 'other'].includes(value('file_format') ?? 'other')) return wrong('file_format', 'Unknown format');
  if (!['none', 'word', 'character'].includes(value('timestamps_granularity') ?? 'word'))
    return wrong('timestamps_granularity', 'Unknown granularity');
  if (Number(value('num_speakers') ?? 1) > 32) return wrong('num_speakers', 'At most 32');
  if (value('diarization_threshold') !== null && (!on('diarize') || value('num_speakers') !== null))
    return wrong('diarization_threshold', 'Needs diarize, and no num_speakers.');
  if (on('detect_speaker_roles') && !on('diarize')) return wrong('detect_speaker_roles', 'Needs diarize.');
  const terms = form.getAll('keyterms').map(String);
  if (terms.length > 1000 || terms.some((term) => term.length >= 50 || term.split(/\s+/).length > 5 || /[<>{}[\]\\]/.test(term)))
    return wrong('keyterms', 'At most 1000 terms of less than 50 characters and at most 5 words.');
  return undefined;
}

/** A file as 16 kHz samples; nothing when it is none that can be read here. Recordings of browsers are read where ffmpeg is. */
async function samplesIn(file: File, format: string | null): Promise<Int16Array | undefined> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (format === 'pcm_s16le_16') return samplesOf(bytes);
  const container = sniff(bytes);
  try {
    if (container === 'wav') {
      const { rate, samples } = readWav(bytes);
      return resampled(samples, rate, 16_000);
    }
    if (container === undefined || container === 'pcm') return undefined;
    const { byFfmpeg } = await import('../ffmpeg-reference.ts');
    return samplesOf(byFfmpeg(['-i', 'pipe:0', '-ar', '16000', '-ac', '1', '-f', 's16le', '-'], bytes));
  } catch {
    return undefined;
  }
}

/**
 * The whole of a recording at once: `POST /v1/speech-to-text`. Faults besides refusals and the line:
 * empty: no words; repeated: every word twice (at `stream` both from the second word on); unknown: 200 with an object of no known shape;
 * endless: the same answer again and again; what is a refusal elsewhere tears the answer at `stream`.
 */
export async function batchScribe(visit: Visit, world: World): Promise<void> {
  const { call } = visit;
  const refuse = ({ status, body }: Refusal) => visit.json(status, body);
  const token = call.query.get('token');
  if (token !== null ? !world.spend('batch_scribe', token) : !world.knows(call.headers['xi-api-key'])) return refuse(badKey());
  const type = call.headers['content-type'] ?? '';
  const form = await new Response(new Uint8Array(visit.body), { headers: { 'content-type': type } }).formData().catch(() => undefined);
  if (!form) return refuse(wrongField(['body'], 'Field required', 'missing'));
  call.got.push(
    Object.fromEntries(
      [...form].map(([name, value]) => [name, value instanceof File ? { name: value.name, type: value.type, size: value.size } : value]),
    ),
  );
  const wrong = wrongForm(form);
  if (wrong) return refuse(wrong);
  const samples = await samplesIn(form.get('file') as File, form.get('file_format') as string | null);
  if (!samples) return refuse(refusal(400, 'validation_error', 'invalid_audio', 'The file is corrupted or of a format that is not known.'));
  const ms = samples.length / 16;
  if (ms < leastMs) return refuse(refusal(400, 'validation_error', 'audio_too_short', 'The audio is shorter than 100 ms.'));

  world.billed.soundMs += ms;
  if (world.delays.heard > 0 && !(await slept(world.clock, world.delays.heard, visit.stop))) return;
  const hearing = growingHearing(world.hears);
  hearing.add(samples);
  if (call.fault?.name === 'unknown') return visit.json(200, { weather: 'fine', padding: 'x'.repeat(1 << 20) }, {}, null);
  const heard = marred(hearing.cut(), call.fault, { text: '', from: 0, to: 0 });
  return visit.json(
    200,
    {
      language_code: 'eng',
      language_probability: 0.98,
      text: written(heard),
      words: form.get('timestamps_granularity') === 'none' ? [] : timedWords(heard, form.get('diarize') === 'true'),
      transcription_id: world.name('transcription'),
      audio_duration_secs: ms / 1000,
    },
    {},
    lineFault(call.fault),
  );
}
