import type { OpenAI } from 'openai';
import type { Hints } from '../../core/ports.ts';
import { keywords } from '../keywords.ts';

type Request = Omit<OpenAI.Audio.TranscriptionCreateParamsNonStreaming, 'file' | 'model'>;

/** How much of what is known before a talk goes along. */
const most = { count: 100, length: 40 } as const;

/**
 * What one asks a transcribing model for besides the sound: the richest format it has, and hints in the way that it takes them.
 * `plain` when a server has refused the richer one.
 */
export function transcribing(model: string, openAi: boolean, hints: Hints, plain: boolean): Request {
  const language = hints.language?.slice(0, 2).toLowerCase();
  const terms = keywords(hints.phrases, most);
  const told = { ...(language && { language }), ...(terms.length > 0 && { prompt: terms.join(', ') }) };
  if (!openAi || model === 'whisper-1')
    return plain ? { response_format: 'json', ...told } : { response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'], ...told };
  if (/diarize/.test(model)) return { response_format: 'diarized_json', chunking_strategy: 'auto', ...(language && { language }) };
  if (/4o/.test(model)) return { response_format: 'json', ...told };
  return { response_format: 'json', ...(language && { languages: [language] }), ...(terms.length > 0 && { keywords: terms }) };
}

/** Whether this error says that a server does not have the format it was asked for. */
export function refusesFormat(error: unknown): boolean {
  const { status, message = '' } = error as { status?: number; message?: string };
  return (status === 400 || status === 422) && /response_format|verbose_json|granularit/i.test(message);
}
