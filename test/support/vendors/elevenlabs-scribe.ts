import { readChunk, type ScribeError, scribeErrors, scribeSentences, timedWords } from './elevenlabs-scribe-messages.ts';
import { readAsked } from './elevenlabs-scribe-query.ts';
import { phaseOf, type World, written } from './elevenlabs-world.ts';
import { growingHearing, type Heard } from './growing-hearing.ts';
import { fromMulaw, resampled, samplesOf } from './pcm-formats.ts';
import type { Knock } from './vendor-server.ts';

/** A commit needs so much sound. */
const leastCommitMs = 300;
/** So much sound may come at once. */
const burstMs = 3_000;

/** The error a fault of this socket is told as. */
const errorOf = {
  'bad-key': 'auth_error',
  quota: 'quota_exceeded',
  busy: 'rate_limited',
  'busy-until': 'resource_exhausted',
  broken: 'transcriber_error',
  'session-limit': 'session_time_limit_exceeded',
} as const;

/**
 * The realtime recogniser: `GET /v1/speech-to-text/realtime`, upgraded. Its faults, besides those of the line:
 * at `connect` the upgrade is refused (bad-key and quota 401, busy 429, broken 500, session-limit 503);
 * at `first` an error message comes instead of `session_started`, and the socket is closed;
 * at `stream` the same comes instead of the first final, after sound was taken.
 * repeated: every final twice and its twin first (at `stream` from the second commit on); empty: finals without text (likewise);
 * endless: partials for ever and no final; unknown: a huge message of no known kind, and on it goes; cut: closed with 1000.
 */
export async function scribe(knock: Knock, world: World): Promise<void> {
  const { clock, quirks, delays } = world;
  const { call } = knock;
  const asked = readAsked(call.query);
  let hear = (_message: unknown): void => undefined;
  const link = await knock.open((message) => hear(message));
  const fail = (type: ScribeError, sentence: string = scribeSentences[type]) => {
    link.send({ message_type: type, error: sentence });
    const code = scribeErrors[type];
    if (code !== undefined) link.close(code, sentence);
  };

  const token = call.query.get('token');
  if (token !== null ? !world.spend('realtime_scribe', token) : !world.knows(call.headers['xi-api-key'])) return fail('auth_error');
  if (typeof asked === 'string') return fail('invalid_request', asked);

  const phase = phaseOf(call.fault);
  const said = call.fault && errorOf[call.fault.name as keyof typeof errorOf];
  const recogniser = (error: string) => fail(error as ScribeError);
  world.recognisers.add(recogniser);
  link.stop.addEventListener('abort', () => world.recognisers.delete(recogniser));

  const hearing = growingHearing(world.hears);
  let [first, finals, partialAt, commits] = [true, 0, 0, 0];
  let lastPartial = '';
  let lastWord: Heard | undefined;
  let heardAt = clock.now();
  const openedAt = clock.now();
  const idle = link.alarm(() => link.close(1000));

  const final = (words: readonly Heard[]) => {
    finals += 1;
    if (phase === 'stream' && finals === 1) {
      if (said) return fail(said);
      if (link.goWrong(call.fault, { message_type: 'partial_transcript', text: `${written(words)} and` })) {
        if (call.fault?.name === 'endless') hear = () => undefined;
        return;
      }
    }
    const ill = phase === 'first' || finals > 1 ? call.fault?.name : undefined;
    const heard = ill === 'empty' ? [] : words;
    const once = written(heard);
    const text = quirks.doubledText && once !== '' ? `${once} ${once}` : once;
    const plain = { message_type: 'committed_transcript', text };
    const timed = {
      message_type: 'committed_transcript_with_timestamps',
      text,
      language_code: asked.detection || asked.language ? (asked.language ?? 'en') : null,
      words: asked.timestamps ? timedWords(heard) : null,
    };
    const both = [
      ...(quirks.twinLost === 'plain' && asked.timestamps ? [] : [plain]),
      ...((asked.timestamps || asked.detection) && quirks.twinLost !== 'timed' ? [timed] : []),
    ];
    if (quirks.twinFirst || ill === 'repeated') both.reverse();
    for (const one of ill === 'repeated' ? [...both, ...both] : both) link.send(one);
    if (asked.entities) link.send({ message_type: 'committed_transcript_entities', text, entities: [] });
    if (asked.edit) link.send({ message_type: 'edited_transcript', text, edited_text: text });
  };

  const commit = (words: readonly Heard[]) => {
    commits += 1;
    lastPartial = '';
    const phantom = quirks.phantomCommits && words.length === 0 && lastWord ? [lastWord] : words;
    lastWord = words.at(-1) ?? lastWord;
    link.after(delays.heard, () => final(phantom));
  };

  hear = (message) => {
    const bare = quirks.bareCommit && (message as { message_type?: unknown } | null)?.message_type === 'commit';
    const chunk = bare ? { audio: Buffer.of(), commit: true, rate: asked.rate, previous: undefined } : readChunk(message);
    if (typeof chunk === 'string') return fail('input_error', chunk);
    if (chunk.rate !== asked.rate) return fail('input_error', `sample_rate must be ${asked.rate}.`);
    if (chunk.previous !== undefined && !first) return fail('input_error', 'previous_text can only be sent with the first audio chunk.');
    first = false;
    if (chunk.audio.length > 0 || quirks.emptyKeepsAlive) idle.set(quirks.idleMs);
    const raw = asked.mulaw ? Int16Array.from(chunk.audio, fromMulaw) : samplesOf(chunk.audio);
    const ms = (raw.length * 1000) / asked.rate;
    if (ms > quirks.chunkMs) return fail('chunk_size_exceeded');
    world.billed.soundMs += ms;
    hearing.add(resampled(raw, asked.rate, 16_000));
    if (hearing.totalMs - burstMs > (clock.now() - openedAt) * quirks.fastest) return fail('queue_overflow');

    if (chunk.commit) {
      if (hearing.openMs < leastCommitMs) {
        const seconds = (hearing.openMs / 1000).toFixed(2);
        return fail(
          'commit_throttled',
          `Commit request ignored: only ${seconds}s of uncommitted audio. You need at least 0.3s of uncommitted audio.`,
        );
      }
      return commit(hearing.cut());
    }
    if (hearing.totalMs - partialAt < quirks.partialMs) return;
    partialAt = hearing.totalMs;
    const words = hearing.words();
    if (words.length > 0) heardAt = clock.now();
    else if (quirks.quietMs > 0 && clock.now() - heardAt >= quirks.quietMs) return fail('insufficient_audio_activity');
    const text = written(words);
    if (text !== lastPartial && hearing.totalMs >= quirks.coldMs) {
      lastPartial = text;
      const mine = commits;
      // what was committed meanwhile is not said again as half a word
      link.after(delays.partial, () => mine === commits && link.send({ message_type: 'partial_transcript', text }));
    }
    const last = words.at(-1);
    if (asked.vad && last && hearing.totalMs - last.to >= asked.silenceMs) commit(hearing.cut());
    else if (hearing.openMs >= quirks.forcedCommitMs) commit(hearing.cut(true));
  };

  if (phase === 'first') {
    if (said) return fail(said);
    if (link.goWrong(call.fault, { message_type: 'partial_transcript', text: 'and' })) {
      hear = () => undefined;
      return;
    }
  }
  link.send({ message_type: 'session_started', session_id: world.name('session'), config: asked.config });
  idle.set(quirks.idleMs);
  link.alarm(() => fail('session_time_limit_exceeded')).set(quirks.sessionMs);
}
