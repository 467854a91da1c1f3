import { lasting } from '../../../src/core/ports.ts';
import type { Heard } from './growing-hearing.ts';
import { dripMs, slept } from './line-faults.ts';
import { tokensOf } from './openai-answers.ts';
import { refuseIfFaulty, troubleOf, wrong } from './openai-errors.ts';
import { endings, tornBody, troubled, withoutLimit, withUnknown } from './openai-faults.ts';
import { type Model, modelFor } from './openai-models.ts';
import { type Upload, uploaded } from './openai-recording.ts';
import type { Service } from './openai-service.ts';
import { done, type Frame, sendEvents } from './openai-sse.ts';
import { blanks } from './openai-writing.ts';
import type { Visit } from './vendor-server.ts';

/** What somebody said in one go; the words are nobody's in particular unless the ears can tell. */
export type Segment = { readonly id: string; readonly speaker: string; readonly start: number; readonly end: number; readonly text: string };

/** After such a pause, in ms, the same person's next words are a segment of their own [unsure]. */
const pause = 500;

/** Puts words of the same person together; times in seconds. */
export function segmentsOf(words: readonly Heard[], newId: (prefix: string) => string): Segment[] {
  const segments: Segment[] = [];
  for (const { text, from, to, speaker = 'A' } of words) {
    const last = segments.at(-1);
    if (last?.speaker === speaker && from - last.end * 1000 < pause)
      segments[segments.length - 1] = { ...last, end: to / 1000, text: `${last.text} ${text}` };
    else segments.push({ id: newId('seg'), speaker, start: from / 1000, end: to / 1000, text });
  }
  return segments;
}

/** What hearing so much costs, as it is written into answers. */
export const soundUsage = (bySecond: boolean | undefined, ms: number, text: string) => {
  if (bySecond) return { type: 'duration', seconds: Math.ceil(ms / 1000) };
  const [audio, output] = [Math.ceil(ms / 100), tokensOf(text).length];
  return {
    type: 'tokens',
    input_tokens: audio,
    input_token_details: { audio_tokens: audio, text_tokens: 0 },
    output_tokens: output,
    total_tokens: audio + output,
  };
};

function checked(service: Service, upload: Upload): { model: Model; format: string; streams: boolean } {
  const { strict, transcription } = service.like;
  const id = upload.field('model');
  const model = modelFor(id, 'transcribe', strict);
  if (!model || model.socketOnly) throw wrong(`The model \`${id}\` does not exist or you do not have access to it.`, 'model_not_found', 'model', 404);
  const format = upload.field('response_format') ?? 'json';
  if (!model.formats?.includes(format) || !transcription!.formats.includes(format))
    throw wrong(`response_format '${format}' is not compatible with model '${id}'.`, 'unsupported_value', 'response_format');
  for (const hint of ['language', 'prompt'] as const)
    if (strict && upload.field(hint) !== undefined && !model.hints?.includes(hint))
      throw wrong(`'${hint}' is not supported with model '${id}'.`, 'unsupported_parameter', hint);
  for (const hint of ['languages', 'keywords'] as const)
    if (strict && upload.all(hint).length > 0 && !model.hints?.includes(hint))
      throw wrong(`'${hint}' is not supported with model '${id}'.`, 'unsupported_parameter', hint);
  if (strict && upload.all('timestamp_granularities').length > 0 && format !== 'verbose_json')
    throw wrong("timestamp_granularities need response_format 'verbose_json'.", 'invalid_value', 'timestamp_granularities');
  if (model.diarizes && lasting(upload.samples.length) > 30_000 && upload.field('chunking_strategy') === undefined)
    throw wrong('chunking_strategy is required for diarization models', 'missing_required_parameter', 'chunking_strategy');
  return { model, format, streams: upload.field('stream') === 'true' && transcription!.stream && model.id !== 'whisper-1' };
}

/** A time as subtitles write it. */
const clockTime = (ms: number, point: string) => new Date(ms).toISOString().slice(11, 23).replace('.', point);

function subtitles(segments: readonly Segment[], kind: 'srt' | 'vtt'): string {
  const point = kind === 'srt' ? ',' : '.';
  const cue = ({ start, end, text }: Segment, index: number) =>
    `${kind === 'srt' ? `${index + 1}\n` : ''}${clockTime(start * 1000, point)} --> ${clockTime(end * 1000, point)}\n${text}\n\n`;
  return `${kind === 'vtt' ? 'WEBVTT\n\n' : ''}${segments.map(cue).join('')}`;
}

/** POST /v1/audio/transcriptions: what the ears heard in the file, in the format that was asked for, whole or as unnamed events. */
export async function transcriptions(service: Service, visit: Visit): Promise<void> {
  const fault = withoutLimit(visit.call.fault);
  const upload = await uploaded(visit);
  const { model, format, streams } = checked(service, upload);
  refuseIfFaulty(fault, () => wrong('audio duration is longer than 1400 seconds which is the maximum for this model', 'invalid_value', 'file'));
  const ms = lasting(upload.samples.length);
  service.billed.soundMs += ms;
  const words = fault?.name === 'empty' ? [] : service.hears(upload.samples);
  const text = words.map((word) => word.text).join(' ');
  const segments = segmentsOf(words, service.newId);
  const usage = soundUsage(model.bySecond, ms, text);
  const languages = model.hints?.includes('languages') && service.like.strict ? { languages: [{ code: 'en' }] } : {};
  const { heard } = service.delays;
  const wait = typeof heard === 'number' ? heard : heard(0);
  if (wait > 0 && !(await slept(service.clock, wait, visit.stop))) return;

  if (streams) {
    async function* frames(): AsyncGenerator<Frame> {
      if (fault?.name === 'empty' && fault.phase === 'connect') return;
      let left = Math.floor(words.length / 2);
      for (const [index, word] of words.entries()) {
        yield { data: { type: 'transcript.text.delta', delta: `${index > 0 ? ' ' : ''}${word.text}` } };
        if (troubled(fault) && --left <= 0) return yield { data: { error: troubleOf(fault?.name)?.body } };
      }
      while (fault?.name === 'endless' && (await slept(service.clock, dripMs, visit.stop)))
        yield { data: { type: 'transcript.text.delta', delta: ' and' } };
      if (model.diarizes && format === 'diarized_json')
        for (const segment of segments) yield { data: { type: 'transcript.text.segment', ...segment } };
      yield* endings(fault, [{ data: { type: 'transcript.text.done', text, usage, ...languages } }]);
      yield done;
    }
    const middle = 1 + Math.floor(words.length / 2);
    return sendEvents(visit, frames(), middle);
  }

  const send = (body: object) => visit.json(200, withUnknown(fault, body), {}, tornBody(fault));
  if (fault?.name === 'empty' && fault.phase === 'connect') return visit.json(200, '', {}, null);
  if (fault?.name === 'endless') return visit.stream('application/json', blanks(service, visit), {}, null);
  switch (format) {
    case 'text':
      return visit.stream('text/plain', [`${text}\n`], {}, tornBody(fault));
    case 'srt':
    case 'vtt':
      return visit.stream('text/plain', [subtitles(segments, format)], {}, tornBody(fault));
    case 'diarized_json':
      return send({
        task: 'transcribe',
        duration: ms / 1000,
        text,
        segments: segments.map((each) => ({ type: 'transcript.text.segment', ...each })),
        usage,
      });
    case 'verbose_json':
      return send({ task: 'transcribe', language: 'english', duration: ms / 1000, text, ...verbose(service, upload, segments, words), usage });
    default:
      return send({ text, ...languages, usage });
  }
}

/** Segments, and words where they were asked for and the server has them. */
function verbose({ like }: Service, upload: Upload, segments: readonly Segment[], words: readonly Heard[]) {
  const asked = upload.all('timestamp_granularities');
  const guesses = { seek: 0, tokens: [], temperature: 0, avg_logprob: -0.2, compression_ratio: 1, no_speech_prob: 0.01 };
  return {
    ...(asked.length === 0 || asked.includes('segment')
      ? { segments: segments.map(({ start, end, text }, id) => ({ id, start, end, text, ...guesses })) }
      : {}),
    ...(asked.includes('word') && like.transcription?.words
      ? { words: words.map(({ text, from, to }) => ({ word: text, start: from / 1000, end: to / 1000 })) }
      : {}),
  };
}
