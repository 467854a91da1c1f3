import { percent } from './language.ts';
import { said } from './texts/said.ts';
import { has, t } from './texts/spoken.ts';

// how the service calls these, where the bare name means something else on a page
const kinds: Record<string, string> = { fillers: 'filler_words', pace: 'your_pace' };

/** What a suggestion is for, in two words. */
export function kindInWords(kind: string): string {
  const name = kinds[kind] ?? kind;
  return has(name) ? t(name as 'answer') : t('thought');
}

/** Whose words a suggestion is: those of a friend go by their name, without what the voice says before them. */
export function whisperInWords({ kind, text, reason, from }: { kind: string; text: string; reason: string; from?: string | undefined }) {
  if (from === undefined) return { title: kindInWords(kind), text, reason: said(reason) };
  const spoken = `From ${from}: `;
  return { title: t('friend_whispers', { name: from }), text: text.startsWith(spoken) ? text.slice(spoken.length) : text, reason: t('friend_words') };
}

/** Why the coach kept quiet, as it would say it. */
export const reasonInWords = (reason: string): string => (has(reason) ? t(reason as 'paused') : reason.replaceAll('_', ' '));

const speakers = ['user', 'other', 'coach'] as const;

/** Whose line it is; a guess says how sure it is. */
export const speakerInWords = (speaker: string): string => t(speakers.find((known) => known === speaker) ?? 'unknown');

/** How sure a guess is, in per cent; what is as good as certain needs no number. */
export function sureness(speaker: string, probability: number | null | undefined): string | undefined {
  if (probability === null || probability === undefined || speaker === 'coach') return undefined;
  const isEven = Math.round(probability * 100) === 50;
  // of somebody unknown it is the probability that it was the user
  if (speaker === 'unknown' && isEven) return undefined;
  if (speaker === 'unknown')
    return probability > 0.5 ? t('perhaps_you', { percent: percent(probability) }) : t('perhaps_them', { percent: percent(1 - probability) });
  return probability >= 0.95 ? undefined : t('sure', { percent: percent(probability) });
}

const engines: Record<string, string> = {
  'This machine': t('by_machine'),
  ElevenLabs: t('by', { name: 'ElevenLabs' }),
  elevenlabs: t('by', { name: 'ElevenLabs' }),
  OpenAI: t('by', { name: 'OpenAI' }),
  sherpa: t('good_here'),
  pocketsphinx: t('rough_here'),
  browser: t('by_browser'),
  openai: t('by_model'),
  flite: t('built_in'),
  none: t('text_only'),
  reflexes: t('by_rules'),
};

/** One engine in words; an unknown one by its own name. */
export const engineInWords = (name: string): string => engines[name] ?? name;

/** A length of time as a person would say it. */
export function timeInWords(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60
    ? t('seconds', { seconds: whole })
    : t('minutes', { minutes: Math.floor(whole / 60), seconds: String(whole % 60).padStart(2, '0') });
}

/** A moment on the clock of the conversation. */
export const clockTime = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};
