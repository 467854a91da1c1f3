import { badKey, lineFault, marred, refusal, tooMany } from './elevenlabs-errors.ts';
import { readWish } from './elevenlabs-speech-rules.ts';
import type { World } from './elevenlabs-world.ts';
import { slept } from './line-faults.ts';
import { characterTimes, spokenAs } from './spoken-tones.ts';
import { spokenBy } from './spoken-words.ts';
import type { Visit } from './vendor-server.ts';

const route = /^\/v1\/text-to-speech\/([^/]+)(\/stream)?(\/with-timestamps)?$/;

/** So much of a text one item of a timed stream speaks. */
const charactersTogether = 20;

/** Whether this is a request for speech. */
export const wantsSpeech = (path: string): boolean => route.test(path);

/**
 * Speech over HTTP: `convert`, `stream`, and both with the times of the characters. Faults besides refusals and the line:
 * empty: 200 and no sound; repeated: every piece twice; unknown: a web page instead of sound, or an item of no known kind among the timed ones;
 * at `stream` they begin with the second piece, and what is a refusal elsewhere tears the body. endless: the last piece for ever.
 */
export async function speech(visit: Visit, world: World): Promise<void> {
  const { call } = visit;
  const [, encoded, stream, timed] = route.exec(call.path)!;
  const voice = decodeURIComponent(encoded!);
  if (!world.knows(call.headers['xi-api-key'])) return visit.json(401, badKey().body);
  const wished = readWish(call.query, call.got[0], !stream);
  if ('status' in wished) return visit.json(wished.status, wished.body, wished.headers);
  const wish = { ...wished, text: wished.text.slice(0, Math.ceil(wished.text.length * (1 - world.quirks.leavesOut))) };
  if (world.voices && !world.voices.includes(voice)) {
    return visit.json(404, refusal(404, 'not_found', 'voice_not_found', `A voice with the voice_id ${voice} was not found.`).body);
  }
  if (world.speaking.count >= world.quirks.concurrency) return visit.json(429, tooMany().body);

  world.speaking.count += 1;
  try {
    world.billed.characters += wish.text.length;
    if (world.delays.spoken > 0 && !(await slept(world.clock, world.delays.spoken, visit.stop))) return;
    const request = world.name('request');
    const headers = {
      'request-id': request,
      'x-request-id': request,
      'history-item-id': world.name('history'),
      'character-cost': String(wish.text.length),
      'current-concurrent-requests': String(world.speaking.count),
      'maximum-concurrent-requests': String(world.quirks.concurrency),
    };
    const line = lineFault(call.fault);
    const page = '<!doctype html><title>Sign in to this network</title>';
    const texts = stream ? (wish.text.match(new RegExp(`[^]{1,${charactersTogether}}`, 'g')) ?? []) : [wish.text];
    if (timed) {
      let at = 0;
      // a voice that was brought says nothing about when each letter was spoken
      const items = world.speaks
        ? (await spokenBy(world.speaks, wish.format, wish.text)).map((piece) => untimedItem(piece))
        : texts.map((text) => {
            const item = timedItem(text, wish.format, at);
            at += text.length;
            return item;
          });
      const lines = marred<object>(items, call.fault, { weather: 'fine', padding: 'x'.repeat(1 << 20) });
      if (!stream) return await visit.json(200, lines[0] ?? { audio_base64: '', alignment: null, normalized_alignment: null }, headers, line);
      return await visit.stream(
        'application/json',
        lines.map((item) => `${JSON.stringify(item)}\n`),
        headers,
        line,
      );
    }
    if (call.fault?.name === 'unknown' && call.fault.phase !== 'stream') return await visit.stream('text/html', [page], headers, null);
    const pieces = marred(await spokenBy(world.speaks, wish.format, wish.text), call.fault, Buffer.from(page));
    const type = contentTypes[wish.format.split('_')[0]!]!;
    return await visit.stream(type, stream ? pieces : pieces.length > 0 ? [Buffer.concat(pieces)] : [], headers, line);
  } finally {
    world.speaking.count -= 1;
  }
}

const contentTypes: Record<string, string> = {
  mp3: 'audio/mpeg',
  pcm: 'audio/pcm',
  wav: 'audio/wav',
  ulaw: 'audio/basic',
  alaw: 'audio/basic',
  opus: 'audio/ogg',
};

const untimedItem = (piece: Uint8Array): object => ({
  audio_base64: Buffer.from(piece).toString('base64'),
  alignment: null,
  normalized_alignment: null,
});

/** Sound with the times of its characters, in seconds since the beginning of all. */
function timedItem(text: string, format: string, before: number): object {
  const shift = characterTimes(' '.repeat(before)).at(-1)?.toMs ?? 0;
  const times = characterTimes(text);
  const alignment = {
    characters: times.map(({ character }) => character),
    character_start_times_seconds: times.map(({ fromMs }) => (fromMs + shift) / 1000),
    character_end_times_seconds: times.map(({ toMs }) => (toMs + shift) / 1000),
  };
  return { audio_base64: Buffer.concat(spokenAs(format, text)).toString('base64'), alignment, normalized_alignment: alignment };
}
