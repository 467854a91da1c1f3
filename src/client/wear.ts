import type { ServerMessage } from '../wire/coach.ts';
import { connect, type Link, type LinkState } from './link.ts';
import type { Microphone, Recording } from './microphone.ts';
import { microphoneTrouble } from './microphone-trouble.ts';
import { onset } from './onset.ts';
import { player } from './player.ts';
import { type Recognised, recognise } from './recognition.ts';
import type { Session } from './session.ts';
import { browser } from './surroundings.ts';
import type { Tail } from './tail.ts';
import type { Trouble } from './trouble.ts';

/** A coach in the ear: what the page of a running session can do. */
export interface Worn {
  hint(): void;
  /** Silences the microphone; the service is not told, it hears silence. */
  mute(on: boolean): void;
  /** What was recorded before it went is complete: what comes now begins anew. */
  microphoneIsBack(): void;
  /** Off the record: the microphone is silenced before the service is told. */
  pause(): void;
  resume(): void;
  /** Takes what was said in these last seconds off the record. */
  forget(seconds: number): void;
  rate(reply: number, useful: boolean): void;
  /** Words that were typed, or heard by somebody else. */
  said(text: string, speaker?: 'user' | 'other'): void;
  /** Silences the whisper that is being heard. */
  hush(): void;
  /** Whether whispers are heard from now on, or only read. */
  aloud(on: boolean): void;
  /** How loud it is at the microphone, in dB below the loudest; nothing without one. */
  level(): number | undefined;
  /** Stops the microphone and resolves when the last words have been understood, or after a moment. */
  end(): Promise<void>;
}

export type WearOptions = {
  context: AudioContext;
  microphone: Microphone | undefined;
  onMessage(message: ServerMessage): void;
  onState(state: LinkState): void;
  onTrouble(trouble: Trouble): void;
  /** What the browser's own recogniser believes so far. */
  onHeard(words: Recognised): void;
  /** Which suggestion is in the ear now. */
  onSpeaking(reply: number | undefined): void;
  language: string;
  after?: number;
  /** The sound that an earlier page left. */
  tail?: Tail;
};

/** How often the microphone's level is looked at, in ms: an onset must stop a whisper within 150. */
const look = 20;
/** How long the end waits for the last words, in ms, and how long when they cannot get through at the moment. */
const lastWords = 3_500;
const lastWordsOffline = 15_000;

/** Wears the coach: microphone in, whispers out, over a line that comes back by itself. */
export function wear(session: Session, options: WearOptions, stop: AbortSignal): Worn {
  const { context, microphone, onMessage, onState, onTrouble, onHeard, onSpeaking, language } = options;
  const listening = new AbortController();
  const ears = AbortSignal.any([stop, listening.signal]);
  const whispers = player(context, (playback) => {
    link.say(playback);
    onSpeaking(whispers.speaking);
  });
  const own = onset();
  let recording: Recording | undefined;
  let paused = false;
  let muted = false;
  let silent = false;
  let recognising: AbortController | undefined;
  let stopped: (() => void) | undefined;
  let learned = false;

  /** Every break begins with a fresh header, or nobody could read what follows. */
  function record(): void {
    recording?.drop();
    recording = undefined;
    if (!microphone || paused || ears.aborted) return;
    try {
      recording = microphone.record((piece, at) => link.sound(piece, at));
    } catch (cause) {
      onTrouble(microphoneTrouble('microphone_failed', cause));
    }
  }

  /** The service has no recogniser: the browser's own takes over. */
  function lendEars(): void {
    if (recognising || paused || ears.aborted || !microphone) return;
    const control = new AbortController();
    recognising = control;
    const hear = (words: Recognised) => {
      onHeard(words);
      if (words.final) link.say({ type: 'said', text: words.text.slice(0, 4_096) });
    };
    void recognise({ language, hear, trouble: onTrouble }, AbortSignal.any([ears, control.signal]));
  }

  let borrowed = false;
  function hear(message: ServerMessage): void {
    if (message.type === 'hello') borrowed = message.engines.ears === 'browser';
    // a service that lost the last lines does not know that this is off the record
    if (message.type === 'hello' && !message.resumed && paused) link.say({ type: 'pause' });
    if (message.type === 'hello' && borrowed) lendEars();
    if (message.type === 'audio' && !silent) whispers.hear(message);
    if (message.type === 'hush') whispers.hush(message.reply);
    if (message.type === 'stopped' || message.type === 'finished') stopped?.();
    if (message.type === 'transcript' && message.speaker === 'user' && !learned) {
      learned = true;
      own.learn();
    }
    if (message.type === 'status' && (message.state === 'paused' || message.state === 'resumed')) offTheRecord(message.state === 'paused');
    onMessage(message);
  }

  function offTheRecord(on: boolean): void {
    if (paused === on) return;
    paused = on;
    microphone?.mute(on || muted);
    whispers.hush();
    recognising?.abort();
    recognising = undefined;
    record();
    if (!on && borrowed) lendEars();
  }

  let connected = false;
  let over = false;
  const change = (state: LinkState) => {
    connected = state.is === 'open';
    if (state.is === 'over') {
      listening.abort();
      recording?.drop();
      stopped?.();
      over = true;
    }
    onState(state);
  };
  const link: Link = connect(
    session,
    { onMessage: hear, onState: change, ...(options.after !== undefined && { after: options.after }), ...(options.tail && { tail: options.tail }) },
    stop,
  );
  record();

  if (microphone)
    browser.every(
      look,
      () => {
        if (own.hear(microphone.level(), browser.now()) && whispers.speaking !== undefined) whispers.hush();
      },
      stop,
    );
  stop.addEventListener('abort', () => [recording?.drop(), whispers.hush()], { once: true });

  return {
    hint: () => link.say({ type: 'hint' }),
    mute(on) {
      muted = on;
      microphone?.mute(on || paused);
    },
    microphoneIsBack: record,
    pause() {
      offTheRecord(true);
      link.say({ type: 'pause' });
    },
    resume() {
      link.say({ type: 'resume' });
      offTheRecord(false);
    },
    forget(seconds) {
      whispers.hush();
      link.forget(seconds);
      recognising?.abort();
      recognising = undefined;
      record();
      if (borrowed) lendEars();
    },
    rate: (reply, useful) => link.say({ type: 'feedback', reply, useful }),
    said: (text, speaker) => link.say({ type: 'said', text, ...(speaker && { speaker }) }),
    hush: () => whispers.hush(),
    aloud(on) {
      silent = !on;
      if (silent) whispers.hush();
    },
    level: () => microphone?.level(),
    async end() {
      listening.abort();
      whispers.hush();
      await recording?.end();
      recording = undefined;
      const waited = new AbortController();
      stopped = () => waited.abort();
      // nobody is left to answer
      if (over) return;
      link.say({ type: 'stop' });
      await browser.sleep(connected ? lastWords : lastWordsOffline, AbortSignal.any([stop, waited.signal]));
    },
  };
}
