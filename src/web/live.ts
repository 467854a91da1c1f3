import type { LinkState } from '../client/link.ts';
import type { ServerMessage } from '../client/messages.ts';
import type { Microphone } from '../client/microphone.ts';
import type { Tail } from '../client/tail.ts';
import { type Worn, wear } from '../client/wear.ts';
import { find } from './element.ts';
import type { Begun } from './memory.ts';
import type { Notice } from './notice.ts';
import { showNumbers } from './numbers.ts';
import { type Transcript, transcript } from './transcript.ts';
import { whisper } from './whisper.ts';
import { clockTime, engineInWords } from './words.ts';

export type LiveParts = {
  notice: Notice;
  /** The user has pressed Finish, or it ended by itself for this reason, and the last words are in. */
  finished(lines: Transcript, why: string | undefined): void;
};

/** Partial words that never became a line go after so long, in ms. */
const stale = 6_000;

const otherLog =
  'Aside has another log of this conversation than before, as when a backup was put back. What it still has is shown here, and it goes on from there; the rest is gone from it.';

const openingLine = (greeting: string): string => /'(.+)'/.exec(greeting)?.[1] ?? greeting;

/** Binds the page of a running conversation; `begin` puts it on. */
export function live({ notice, finished }: LiveParts) {
  const state = find('state', HTMLParagraphElement);
  const engines = find('engines', HTMLParagraphElement);
  const numbers = find('numbers', HTMLDListElement);
  const meter = find('meter', HTMLDivElement);
  const pause = find('pause', HTMLButtonElement);
  const finish = find('finish', HTMLButtonElement);
  const hint = find('hint', HTMLButtonElement);
  const lines = transcript(find('lines', HTMLOListElement));
  let worn: Worn | undefined;
  let paused = false;
  let line: LinkState | undefined;
  let ears = '';
  let best = { ears: '', voice: '', brain: '' };
  let serving = best;
  let began = 0;
  let greeting = '';
  let ended: string | undefined;
  let wilting: ReturnType<typeof setTimeout> | undefined;
  const card = whisper({ rate: (reply, useful) => worn?.rate(reply, useful), silence: () => worn?.hush() });

  function showState(): void {
    const since = clockTime(Date.now() - began);
    const mood = line?.is === 'open' ? (paused ? 'paused' : 'live') : line?.is === 'over' ? 'over' : 'lost';
    const words = {
      live: `Live · ${since}`,
      paused: 'Off the record',
      over: 'Ended',
      lost: line?.is === 'waiting' ? 'Line lost · coming back' : 'Connecting',
    }[mood];
    state.dataset.mood = mood;
    // a clock that ticks is no news for a screen reader
    state.setAttribute('aria-label', mood === 'live' ? 'Live' : words);
    if (state.textContent !== words) state.textContent = words;
  }

  function showPaused(on: boolean): void {
    paused = on;
    if (on) partial('', '');
    pause.setAttribute('aria-pressed', String(on));
    pause.textContent = on ? 'Back on the record' : 'Off the record';
    card.offTheRecord(on);
    showState();
  }

  function showEngines(): void {
    engines.textContent = `Words ${engineInWords(serving.ears)} · voice ${engineInWords(serving.voice)} · advice ${engineInWords(serving.brain)}`;
  }

  /** Somebody else does this part now; nobody named: the best again. */
  function serves(part: string, who: string | undefined): void {
    if (part !== 'ears' && part !== 'voice' && part !== 'brain') return;
    serving = { ...serving, [part]: who ?? best[part] };
    showEngines();
  }

  function partial(text: string, speaker: string): void {
    clearTimeout(wilting);
    lines.partial(text, speaker);
    wilting = setTimeout(() => lines.partial('', ''), stale);
  }

  function hear(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        anew = !message.resumed;
        if (anew) lines.clear();
        if (anew) card.greet(greeting);
        ears = message.engines.ears;
        if (numbers.dataset.ears !== ears) showNumbers(numbers, undefined, ears);
        numbers.dataset.ears = ears;
        best = message.engines;
        serving = {
          ears: message.serving?.ears ?? best.ears,
          voice: message.serving?.voice ?? best.voice,
          brain: message.serving?.brain ?? best.brain,
        };
        showEngines();
        break;
      case 'transcript':
        card.said();
        lines.said(message);
        break;
      case 'correction':
        lines.corrected(message);
        break;
      case 'removed':
        lines.removed(message.of);
        card.forget(message.of);
        partial('', '');
        break;
      case 'partial':
        partial(message.text, message.speaker);
        break;
      case 'suggestion':
        card.suggest(message);
        lines.whispered(message);
        break;
      case 'elaboration':
        card.elaborate(message);
        break;
      case 'silent':
        card.quiet(message.reasons);
        break;
      case 'metrics':
        showNumbers(numbers, message.metrics, ears);
        break;
      case 'finished':
        ended = message.message;
        if (ended !== undefined && !finish.disabled) finish.click();
        break;
      case 'status':
        if (message.state === 'paused' || message.state === 'resumed') showPaused(message.state === 'paused');
        else if (message.state === 'recovered') notice.clear();
        if (message.state === 'recovered' && message.serving !== undefined) serves(message.part, undefined);
        break;
      case 'error':
        if (message.part !== undefined && message.serving !== undefined) serves(message.part, message.serving);
        // the page knows, and has lent the browser's ears
        if (message.code !== 'no_recogniser' || ears !== 'browser') notice.show(message.message);
        break;
    }
  }

  let lost = false;
  let anew = false;
  function change(next: LinkState): void {
    line = next;
    if (next.is !== 'open') partial('', '');
    if (next.is === 'waiting' && !lost) {
      lost = true;
      notice.show('The line to Aside is lost. It comes back by itself; what you say in the next ten minutes is kept until then.');
    }
    if (next.is === 'open' && (lost || anew)) {
      lost = false;
      if (anew) notice.show(otherLog);
      else notice.clear();
    }
    if (next.is === 'over' && next.code !== 1000) notice.show(next.why);
    // somebody else has finished it: what is left is the feedback
    else if (next.is === 'over' && !finish.disabled) finish.click();
    showState();
  }

  find('forget', HTMLButtonElement).addEventListener('click', () => {
    worn?.forget(60);
    notice.show('What was said in the last minute is being taken off the record.');
  });
  hint.addEventListener('click', () => worn?.hint());
  pause.addEventListener('click', () => {
    if (paused) worn?.resume();
    else worn?.pause();
    showPaused(!paused);
  });
  finish.addEventListener('click', async () => {
    finish.disabled = true;
    finish.textContent = 'Finishing…';
    await worn?.end();
    finished(lines, ended);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') worn?.hush();
  });
  const typed = find('type-text', HTMLInputElement);
  find('type-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const text = typed.value.trim();
    if (text) worn?.said(text, find('type-who', HTMLSelectElement).value === 'other' ? 'other' : 'user');
    typed.value = '';
    typed.focus();
  });

  function drawLevel(stop: AbortSignal): void {
    const level = worn?.level();
    meter.hidden = level === undefined;
    const height = level === undefined || paused ? 0 : Math.max(0, Math.min(1, (level + 60) / 50));
    meter.style.setProperty('--level', height.toFixed(3));
    if (!stop.aborted) requestAnimationFrame(() => drawLevel(stop));
  }

  return {
    /** Puts the coach on; everything ends with `stop`. */
    begin(session: Begun, context: AudioContext, microphone: Microphone | undefined, sounds: Tail, stop: AbortSignal): void {
      began = session.began;
      line = undefined;
      lines.clear();
      ended = undefined;
      finish.disabled = false;
      finish.textContent = 'Finish';
      showNumbers(numbers, undefined);
      delete numbers.dataset.ears;
      greeting = openingLine(session.greeting);
      card.greet(greeting);
      showPaused(false);
      find('typing', HTMLDetailsElement).open = microphone === undefined;
      worn = wear(
        session,
        {
          context,
          microphone,
          tail: sounds,
          language: navigator.language,
          onMessage: hear,
          onState: change,
          onTrouble: (trouble) => notice.show(trouble.message),
          onHeard: ({ text, final }) => partial(final ? '' : text, 'unknown'),
          onSpeaking: (reply) => card.speaking(reply),
        },
        stop,
      );
      const ticking = setInterval(showState, 1_000);
      stop.addEventListener(
        'abort',
        () => {
          clearInterval(ticking);
          clearTimeout(wilting);
          worn = undefined;
          state.textContent = '';
          engines.textContent = '';
        },
        { once: true },
      );
      drawLevel(stop);
    },
  };
}
