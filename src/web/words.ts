const kinds: Record<string, string> = {
  answer: 'Answer',
  silence: 'Break the silence',
  monologue: 'Let them in',
  fillers: 'Filler words',
  pace: 'Your pace',
  return: 'Come back to it',
  goal: 'Your goal',
  hint: 'Your hint',
};

/** What a suggestion is for, in two words. */
export const kindInWords = (kind: string): string => kinds[kind] ?? 'A thought';

const reasons: Record<string, string> = {
  nothing_to_add: 'There was nothing worth saying: it went fine without me.',
  too_soon: 'I spoke up a moment ago, and too many whispers are worse than none.',
  already_said: 'What I would say, I have said before.',
  user_speaking: 'You were speaking, and nobody should talk over you.',
  turn_passed: 'The conversation had already moved on.',
  opening_line: 'That was your opening line: I was learning your voice.',
  own_turn: 'It was your own turn, and you managed.',
  unsure_who_spoke: 'I could not tell whether it was you or them.',
  cadence_off: 'You asked me to speak only when asked: press “Hint”.',
  model_kept_quiet: 'I thought about it, and silence was better.',
  paused: 'We were off the record.',
  ended: 'The conversation was over.',
};

/** Why the coach kept quiet, as it would say it. */
export const reasonInWords = (reason: string): string => reasons[reason] ?? reason.replaceAll('_', ' ');

const speakers: Record<string, string> = { user: 'You', other: 'Them', coach: 'Aside', unknown: 'Unsure who' };

/** Whose line it is; a guess says how sure it is. */
export const speakerInWords = (speaker: string): string => speakers[speaker] ?? 'Unsure who';

/** How sure a guess is, in per cent; what is as good as certain needs no number. */
export function sureness(speaker: string, probability: number | null | undefined): string | undefined {
  if (probability === null || probability === undefined || speaker === 'coach') return undefined;
  const percent = Math.round(probability * 100);
  // of somebody unknown it is the probability that it was the user
  if (speaker === 'unknown') return percent === 50 ? undefined : percent > 50 ? `perhaps you, ${percent} %` : `perhaps them, ${100 - percent} %`;
  return probability >= 0.95 ? undefined : `${percent} % sure`;
}

const engines: Record<string, string> = {
  'This machine': 'by this machine',
  ElevenLabs: 'by ElevenLabs',
  OpenAI: 'by OpenAI',
  sherpa: 'on this server, good',
  pocketsphinx: 'on this server, rough',
  browser: 'by your browser',
  elevenlabs: 'by ElevenLabs',
  openai: 'by a language model',
  flite: 'built in',
  none: 'text only',
  reflexes: 'by rules',
};

/** One engine in words; an unknown one by its own name. */
export const engineInWords = (name: string): string => engines[name] ?? name;

/** A length of time as a person would say it. */
export function timeInWords(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** A moment on the clock of the conversation. */
export const clockTime = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** How long kept sound stays, after the end of a conversation; nothing where that is not known. */
export function keptInWords(days: number | undefined): string {
  if (days === undefined) return '';
  if (days === 0) return 'Kept sound is erased within the hour after the end: download it from the feedback before it goes.';
  return `Kept sound is erased ${days === 1 ? 'a day' : `${days} days`} after the end; you can download it from the feedback.`;
}
