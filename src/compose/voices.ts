import type { Chosen } from '../cli/greeting.ts';
import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import type { EntryOf } from '../core/entry.ts';
import type { Serving, Voice } from '../core/ports.ts';
import { asProblem, Problem } from '../core/problem.ts';
import { type Breaker, tireless } from '../engines/breaker.ts';
import { elevenLabsVoice } from '../engines/elevenlabs/voice.ts';
import { ffmpegMp3 } from '../engines/ffmpeg/mp3.ts';
import { foreseeing } from '../engines/foreseeing.ts';
import type { Rung } from '../engines/ladder.ts';
import { fliteVoice, fliteVoices, isFliteName } from '../engines/local/flite-voice.ts';
import { openAiVoice } from '../engines/openai/voice.ts';
import { ownWords } from '../engines/own-words.ts';
import { politeVoice } from '../engines/polite-voice.ts';
import type { Purse } from '../engines/purse.ts';
import { realClock as clock } from '../engines/real-clock.ts';
import type { PaidVoice } from '../engines/vendor-voice.ts';
import { voiceLadder } from '../engines/voice-ladder.ts';
import { wholeMp3 } from '../engines/whole-mp3.ts';
import type { Visitor } from './guest.ts';
import { openAiAddress, openAiSpeaks } from './vendors.ts';

export type Voices = {
  chosen: Chosen;
  /** Who whispers in this conversation. */
  voiceOf: (opened: EntryOf<'opened'>, talk: string) => Voice<Serving> | undefined;
  rest: () => void;
  close: () => Promise<void>;
};

const restless = { rest: () => undefined, close: async () => undefined };

/** A voice elsewhere that speaks for many conversations. */
type Elsewhere = {
  readonly name: string;
  readonly chosen: Chosen;
  readonly engine: PaidVoice & { warm(): Promise<void> };
  readonly breaker: Breaker;
  close(): Promise<void>;
};

/** The voices elsewhere whose key is there, the better first. */
function voicesElsewhere(settings: ServiceSettings, budgets: Budgets, newBreaker: () => Breaker): Elsewhere[] {
  const { VOICE: wanted, ELEVENLABS_API_KEY: key } = settings;
  const waits = { first: budgets.voiceFirst, between: budgets.voiceBetween, total: budgets.voiceTotal };
  const found: Elsewhere[] = [];
  if (key && (wanted === 'auto' || wanted === 'elevenlabs')) {
    const { ELEVENLABS_URL: url, ELEVENLABS_VOICE: voice, ELEVENLABS_VOICE_MODEL: model } = settings;
    const engine = elevenLabsVoice({ key, url, voice, model, clock, waits });
    const chosen = { name: 'elevenlabs', about: 'ElevenLabs; what is whispered is sent to it.' };
    found.push({ name: 'ElevenLabs', chosen, engine, breaker: newBreaker(), close: () => engine.close() });
  }
  if (openAiSpeaks(settings)) {
    const engine = openAiVoice({ ...openAiAddress(settings), model: settings.OPENAI_VOICE_MODEL, voice: settings.OPENAI_VOICE, clock, waits });
    const chosen = { name: 'openai', about: 'OpenAI, or the server at OPENAI_BASE_URL; what is whispered is sent to it.' };
    found.push({ name: 'OpenAI', chosen, engine, breaker: newBreaker(), close: async () => undefined });
  }
  return found;
}

/** Who whispers, for each session: everybody who can, the best first; what one cannot speak the next does. A coach elsewhere says its own words itself. */
export function chooseVoice(
  settings: ServiceSettings,
  ffmpeg: string | undefined,
  budgets: Budgets,
  money: Purse,
  newBreaker: () => Breaker,
  visitor?: Visitor,
): Voices {
  const name = settings.VOICE;
  if (name === 'none')
    return {
      chosen: { name: 'none', about: 'none: suggestions are text only.', better: 'VOICE=auto whispers them.' },
      voiceOf: () => undefined,
      ...restless,
    };
  const elsewhere = voicesElsewhere(settings, budgets, newBreaker);
  const [best] = elsewhere;
  if (name === 'elevenlabs' && !best)
    throw new Problem('settings', 'VOICE=elevenlabs was asked for, but there is no key for it. Set ELEVENLABS_API_KEY, or VOICE=auto.');
  if (name === 'openai' && !best)
    throw new Problem('settings', 'VOICE=openai was asked for, but there is no key for it. Set OPENAI_API_KEY, or VOICE=auto.');
  if (!['auto', 'elevenlabs', 'openai'].includes(name) && !isFliteName(name))
    throw new Problem('settings', `VOICE is “${name}”, but should be auto, none, elevenlabs, openai or one of ${fliteVoices.join(', ')}.`);
  const flite = fliteVoice(isFliteName(name) ? { voice: name } : {});
  const account = money.account('spoken');
  const encode = ffmpeg === undefined ? undefined : ffmpegMp3({ path: ffmpeg });
  // a voice that is cold when it fails to warm up says so when somebody wants to hear it
  let warm = false;
  const guest = name === 'auto' ? visitor?.guest : undefined;
  const first = guest ? { name: 'elevenlabs-agent', about: 'the agent at ElevenLabs, in its own voice.' } : best?.chosen;
  const stands = elsewhere.length > 1 ? `${elsewhere[1]!.name} speaks, and where that does too, ` : '';
  return {
    chosen: first
      ? { ...first, about: `${first.about} Where that fails, ${stands}flite on this machine speaks.` }
      : {
          name: 'flite',
          about: 'flite, embedded: plain, quick, English; nothing leaves this machine.',
          better: `VOICE=${name === 'slt' ? 'rms' : 'slt'} sounds different.`,
        },
    voiceOf({ settings: wishes }, talk) {
      if (wishes?.text_only) return undefined;
      const wished = wishes?.voice && isFliteName(wishes.voice) ? wishes.voice : undefined;
      const inFormat = (voice: Voice): Voice => (wishes?.audio === 'mp3' && encode ? wholeMp3(voice, encode) : voice);
      const rungs = (wished ? [] : elsewhere).map(
        (voice): Rung<Voice> => ({
          name: voice.name,
          about: `${voice.name} speaks instead`,
          engine: inFormat(voice.engine.paidBy(({ characters }) => account.spend(talk, characters))),
          breaker: voice.breaker,
          account,
        }),
      );
      if (!warm && rungs.length > 0)
        best!.engine.warm().catch((error) => best!.breaker.ill(asProblem(error, 'voice_failed', `${best!.name} could not be reached.`)));
      else if (!warm) flite.warm().catch(() => undefined);
      warm = true;
      const embedded = politeVoice(inFormat(wished ? flite.as(wished) : flite), clock, budgets);
      rungs.push({ name: 'This machine', about: 'A plainer voice on this machine speaks instead', engine: embedded, breaker: tireless });
      const usual = foreseeing(voiceLadder(rungs, talk), clock, { inOnePiece: wishes?.audio === 'mp3' && encode !== undefined });
      return guest && !wished ? ownWords(inFormat(guest.voiceOf(talk)), (text) => guest.hasSaid(talk, text), usual) : usual;
    },
    rest() {
      warm = false;
      void flite.rest();
    },
    async close() {
      await Promise.all([flite.close(), ...elsewhere.map((voice) => voice.close())]);
    },
  };
}

/** A voice that was brought along. */
export const voiceBrought = (voice: Voice, budgets: Budgets): Voices => ({
  chosen: { name: 'brought', about: 'brought along.' },
  voiceOf: () => politeVoice(voice, clock, budgets),
  ...restless,
});
