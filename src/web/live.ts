import type { CoachEvent, Coaching } from '../client/coach.ts';
import type { LinkState } from '../client/link.ts';
import type { ServerMessage } from '../client/messages.ts';
import { find } from './element.ts';
import type { Frame } from './frame.ts';
import { friends } from './friends.ts';
import { showGoals } from './goals.ts';
import { showLevel } from './level.ts';
import type { Begun } from './memory.ts';
import { showNumbers } from './numbers.ts';
import { serving } from './serving.ts';
import { t } from './texts/coach.ts';
import { type Transcript, transcript } from './transcript.ts';
import { inWords, troubleInWords } from './troubles.ts';
import { whisper } from './whisper.ts';
import { clockTime } from './words.ts';

export type LiveParts = Pick<Frame, 'notice' | 'state'> & {
  /** The user has pressed Finish, or it ended by itself for this reason. */
  finish(lines: Transcript, why: string | undefined): void;
};

/** Partial words that never became a line go after so long, in ms. */
const stale = 6_000;

const openingLine = (greeting: string): string => /'(.+)'/.exec(greeting)?.[1] ?? greeting;

/** Binds the page of a running conversation; `begin` puts it on. */
export function live({ notice, state, finish: finished }: LiveParts) {
  const numbers = find('numbers', HTMLDListElement);
  const goals = find('goals', HTMLUListElement);
  const pause = find('pause', HTMLButtonElement);
  const finish = find('finish', HTMLButtonElement);
  const screenOnly = find('screen-only', HTMLButtonElement);
  const lines = transcript(find('lines', HTMLOListElement));
  const company = friends(notice);
  const engines = serving(find('engines', HTMLParagraphElement));
  let talk: Coaching | undefined;
  let paused = false;
  let line: LinkState | undefined;
  let ears = '';
  let began = 0;
  let greeting = '';
  let ended: string | undefined;
  let lost = false;
  let anew = false;
  let wilting: ReturnType<typeof setTimeout> | undefined;
  const card = whisper({ rate: (reply, useful) => talk?.rate(reply, useful), silence: () => talk?.hush() });

  function showState(): void {
    const mood = line?.is === 'open' ? (paused ? 'paused' : 'live') : line?.is === 'over' ? 'over' : 'lost';
    const words = {
      live: t('liveSince', { time: clockTime(Date.now() - began) }),
      paused: t('pausedNow'),
      over: t('ended'),
      lost: line?.is === 'waiting' ? t('lineLost') : t('connecting'),
    }[mood];
    state.dataset.mood = mood;
    // a clock that ticks is no news for a screen reader
    state.setAttribute('aria-label', mood === 'live' ? t('live') : words);
    if (state.textContent !== words) state.textContent = words;
  }

  function showPaused(on: boolean): void {
    paused = on;
    if (on) partial('', '');
    pause.setAttribute('aria-pressed', String(on));
    pause.textContent = on ? t('onRecord') : t('offRecord');
    card.offTheRecord(on);
    showState();
  }

  function partial(text: string, speaker: string): void {
    clearTimeout(wilting);
    lines.partial(text, speaker);
    wilting = setTimeout(() => lines.partial('', ''), stale);
  }

  function greet(message: Extract<ServerMessage, { type: 'hello' }>): void {
    anew = !message.resumed;
    // who is here is told anew, where anybody is
    company.present([]);
    if (anew) lines.clear();
    if (anew) card.greet(greeting);
    ears = message.engines.ears;
    if (numbers.dataset.ears !== ears) showNumbers(numbers, undefined, ears);
    numbers.dataset.ears = ears;
    engines.greet(message);
  }

  function hear(event: CoachEvent): void {
    switch (event.type) {
      case 'hello':
        greet(event);
        break;
      case 'transcript':
        card.said();
        lines.said(event);
        break;
      case 'correction':
        lines.corrected(event);
        break;
      case 'removed':
        lines.removed(event.of);
        card.forget(event.of);
        partial('', '');
        break;
      case 'partial':
        partial(event.text, event.speaker);
        break;
      case 'heard':
        partial(event.final ? '' : event.text, 'unknown');
        break;
      case 'suggestion':
        card.suggest(event);
        lines.whispered(event);
        break;
      case 'present':
        company.present(event.people);
        break;
      case 'elaboration':
        card.elaborate(event);
        break;
      case 'speaking':
        card.speaking(event.reply);
        break;
      case 'silent':
        card.quiet(event.reasons);
        break;
      case 'metrics':
        showNumbers(numbers, event.metrics, ears);
        showGoals(goals, event.goals ?? []);
        break;
      case 'finished':
        ended = event.message;
        if (ended !== undefined && !finish.disabled) finish.click();
        break;
      case 'status':
        if (event.state === 'paused' || event.state === 'resumed') showPaused(event.state === 'paused');
        if (event.state === 'recovered') notice.clear();
        engines.recovered(event);
        break;
      case 'error':
        engines.failed(event);
        // the page knows, and the browser has lent its ears
        if (event.code !== 'no_recogniser' || ears !== 'browser') notice.show(inWords(event.code, event.message));
        break;
      case 'line':
        change(event.line);
        break;
      case 'trouble':
        notice.show(troubleInWords(event.trouble));
        break;
      case 'loudspeaker':
        if (event.open) notice.clear(t('earShut'));
        else notice.show(t('earShut'));
        break;
      case 'microphone':
        if (event.present && deaf) notice.show(t('microphoneBack'));
        deaf = !event.present;
    }
  }

  let deaf = false;
  function change(next: LinkState): void {
    line = next;
    if (next.is !== 'open') partial('', '');
    if (next.is === 'waiting' && !lost) {
      lost = true;
      notice.show(t('lost'));
    }
    if (next.is === 'open' && (lost || anew)) {
      lost = false;
      if (anew) notice.show(t('otherLog'));
      else notice.clear();
    }
    if (next.is === 'over' && next.code !== 1000) notice.show(inWords(`closed_${next.code}`, next.why));
    // somebody else has finished it: what is left is the feedback
    else if (next.is === 'over' && !finish.disabled) finish.click();
    showState();
  }

  find('forget', HTMLButtonElement).addEventListener('click', () => {
    talk?.forget(60);
    notice.show(t('forgetting'));
  });
  find('hint', HTMLButtonElement).addEventListener('click', () => talk?.hint());
  pause.addEventListener('click', () => {
    talk?.offTheRecord(!paused);
    showPaused(!paused);
  });
  screenOnly.addEventListener('click', () => {
    const on = screenOnly.getAttribute('aria-pressed') !== 'true';
    screenOnly.setAttribute('aria-pressed', String(on));
    talk?.aloud(!on);
  });
  finish.addEventListener('click', () => {
    finish.disabled = true;
    finish.textContent = t('finishing');
    finished(lines, ended);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') talk?.hush();
  });
  const typed = find('type-text', HTMLInputElement);
  find('type-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const text = typed.value.trim();
    if (text) talk?.said(text, find('type-who', HTMLSelectElement).value === 'other' ? 'other' : 'user');
    typed.value = '';
    typed.focus();
  });

  async function listen(coaching: Coaching): Promise<void> {
    for await (const event of coaching.events) hear(event);
  }

  return {
    /** Shows the conversation from now on, until stopped. */
    begin(coaching: Coaching, session: Begun, stop: AbortSignal): void {
      talk = coaching;
      began = session.began;
      company.begin(session);
      line = undefined;
      ended = undefined;
      lost = false;
      deaf = false;
      lines.clear();
      finish.disabled = false;
      finish.textContent = t('finish');
      screenOnly.setAttribute('aria-pressed', 'false');
      showNumbers(numbers, undefined);
      showGoals(goals, []);
      delete numbers.dataset.ears;
      greeting = openingLine(session.greeting);
      card.greet(greeting);
      showPaused(false);
      find('typing', HTMLDetailsElement).open = coaching.level() === undefined;
      const ticking = setInterval(showState, 1_000);
      stop.addEventListener(
        'abort',
        () => {
          clearInterval(ticking);
          clearTimeout(wilting);
          talk = undefined;
          state.textContent = '';
          engines.clear();
        },
        { once: true },
      );
      showLevel(find('meter', HTMLDivElement), () => (paused ? -100 : coaching.level()), stop);
      void listen(coaching);
    },
  };
}
