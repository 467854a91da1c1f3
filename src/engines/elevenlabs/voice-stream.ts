import { z } from 'zod';
import { lines } from '../lines.ts';
import { NotSpeech } from '../pcm-sounds.ts';
import { toldLetters } from '../told-letters.ts';
import { VendorProblem } from '../vendor-problem.ts';
import { type PaidVoice, type VendorVoiceParts, vendorVoice } from '../vendor-voice.ts';
import { refusedByElevenLabs } from './faults.ts';
import { elevenLabsRequest } from './request.ts';
import { type ElevenLabsVoiceOptions, usualRate } from './voice-options.ts';

/** The longest answer that is read, in bytes: what a text of 2,000 letters can sound at most, as letters. */
const longest = 24_000_000;

/** How long the head of an answer may take, in ms; who listens has gone long before. */
const patience = 10_000;

const item = z.object({
  audio_base64: z.string().nullish(),
  alignment: z
    .object({ characters: z.array(z.string()).max(10_000) })
    .nullish()
    .catch(undefined),
});

/** The samples of a text, by one request; with them comes which letters they sound, because a body that ends early may end like any other. */
export function requestedSpeech(options: ElevenLabsVoiceOptions): VendorVoiceParts['bytes'] {
  const { key, url, voice, model, language, settings, rate = usualRate } = options;
  const path = `v1/text-to-speech/${encodeURIComponent(voice)}/stream/with-timestamps?output_format=pcm_${rate}`;
  const headers = { 'content-type': 'application/json' };
  const bodyOf = (text: string) =>
    JSON.stringify({ text, model_id: model, ...(language && { language_code: language }), ...(settings && { voice_settings: settings }) });
  const ask = elevenLabsRequest({ key, url, patience, most: longest });

  return async function* (text, stop, spent) {
    const response = await ask(path, { headers, body: bodyOf(text) }, stop).catch((cause) => {
      // nobody knows whether it was begun, so it counts
      if (stop.aborted) spent({ characters: text.length });
      throw new VendorProblem('voice_failed', 'ElevenLabs cannot be reached. Check the network and ELEVENLABS_URL.', { cause });
    });
    if (!response.ok) {
      const body = await response.json().catch(() => undefined);
      throw refusedByElevenLabs({ status: response.status, body, headers: response.headers }, 'voice_failed');
    }
    spent({ characters: text.length });
    const told = toldLetters(text);
    let given = false;
    for await (const line of lines(response.body ?? new ReadableStream())) {
      const { success, data } = item.safeParse(parsed(line));
      // a body that is torn has half a line at its end
      if (!success) throw new NotSpeech(given ? 'short' : 'format');
      if (!data.audio_base64) continue;
      given = true;
      told.piece(data.alignment?.characters);
      yield Buffer.from(data.audio_base64, 'base64');
    }
    if (told.brokeOff) throw new NotSpeech('short');
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A voice of ElevenLabs, one request for each text. */
export function elevenLabsStreamVoice(options: ElevenLabsVoiceOptions): PaidVoice {
  const { rate = usualRate, settings, clock, waits, spent } = options;
  return vendorVoice({ name: 'ElevenLabs', rate, speed: settings?.speed, clock, waits, spent, bytes: requestedSpeech(options) });
}
