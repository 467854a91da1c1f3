import { type Coaching, coach, type Wanted } from '../client/coach.ts';
import type { SessionState } from '../client/messages.ts';
import { canRecognise } from '../client/recognition.ts';
import { finish, type Session, stateOf } from '../client/session.ts';
import { find, make } from './element.ts';
import { feedbackPage } from './feedback-page.ts';
import { frame } from './frame.ts';
import { hold } from './held.ts';
import { keyField } from './key.ts';
import { live } from './live.ts';
import { liveView } from './live-view.ts';
import { rememberedSession, rememberSession } from './memory.ts';
import { microphoneCheck } from './microphone-check.ts';
import { setup } from './setup.ts';
import { setupView } from './setup-view.ts';
import { parts, t } from './texts/coach.ts';
import { t as feedbackText } from './texts/feedback.ts';
import { t as common } from './texts/frame.ts';
import { said } from './texts/said.ts';
import type { Transcript } from './transcript.ts';
import { troubleInWords } from './troubles.ts';

type View = 'setup' | 'live' | 'feedback';

const { main, notice: line, state } = frame('coach');
const check = microphoneCheck();
const another = make('button', { type: 'button', id: 'again', class: 'primary' }, feedbackText('another'));
const feedback = feedbackPage({
  notice: line,
  onwards: another,
  soundGoes: () => soundGoes,
  erased() {
    rememberSession(undefined);
    anew();
    line.show(feedbackText('erased'));
  },
});
main.append(setupView(check.element), liveView(), feedback.element);
const key = keyField();
const screen = live({ notice: line, state, finish: (lines, why) => void showResult(lines, why) });
let running: { talk: Coaching; control: AbortController } | undefined;
let starting = false;
/** How long kept sound stays here. */
let soundGoes = '';

function show(view: View): void {
  for (const name of ['setup', 'live', 'feedback'] as const) find(name, HTMLElement).hidden = name !== view;
  document.body.dataset.view = view;
  scrollTo(0, 0);
  find(`${view}-title`, HTMLHeadingElement).focus({ preventScroll: true });
}

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '');

/** Starts within the click, as browsers want it for microphone and sound. */
async function start(open: (microphone: boolean) => Promise<Coaching>, microphone = true): Promise<void> {
  if (starting) return;
  starting = true;
  line.clear();
  check.close();
  const button = find('start', HTMLButtonElement);
  button.disabled = true;
  button.textContent = t('starting');
  try {
    const talk = await open(microphone);
    const known = rememberedSession();
    const session = { ...talk.session, began: known?.id === talk.session.id ? known.began : Date.now() };
    const control = new AbortController();
    running = { talk, control };
    rememberSession(session);
    show('live');
    screen.begin(talk, session, control.signal);
    stayAwake(control.signal);
  } catch (thrown) {
    const typing = codeOf(thrown).startsWith('microphone_') ? { label: t('goOnTyping'), run: () => void start(open, false) } : undefined;
    line.show(codeOf(thrown) === 'key_needed' ? key.ask() : troubleInWords(thrown), typing);
  } finally {
    starting = false;
    button.disabled = false;
    button.textContent = t('start');
  }
}

const begin = (wanted: Wanted) =>
  start(async (microphone) => {
    const chosen = check.device === undefined ? true : { device: check.device };
    const talk = await coach({ baseUrl: location.origin, key: key.value }).start({ ...wanted, microphone: microphone && chosen });
    key.keep();
    hold({ ...talk.session, goal: wanted.goal, began: Date.now() });
    return talk;
  });

const goOn = (session: Session) => start((microphone) => coach({ baseUrl: location.origin }).resume(session, { microphone }));

async function showFeedbackOf(session: Session, sure: (timestamp: string) => number | null, finished = finish(session)): Promise<void> {
  feedback.show(session, await finished, sure);
  show('feedback');
}

async function showResult(lines: Transcript, why: string | undefined): Promise<void> {
  if (!running) return;
  const { talk, control } = running;
  try {
    await showFeedbackOf(talk.session, (timestamp) => lines.probabilityOf(timestamp), talk.finish());
    if (why !== undefined) line.show(said(why));
    control.abort();
  } catch (thrown) {
    line.show(troubleInWords(thrown), { label: common('tryAgain'), run: () => void showResult(lines, why) });
  }
}

/** A phone that goes dark stops listening; one that was put away lets go of the screen and takes it again. */
function stayAwake(stop: AbortSignal): void {
  let lock: WakeLockSentinel | undefined;
  const take = async () => {
    if (document.visibilityState === 'visible') lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
    if (stop.aborted) void lock?.release();
  };
  document.addEventListener('visibilitychange', () => void take(), { signal: stop });
  stop.addEventListener('abort', () => void lock?.release(), { once: true });
  void take();
}

function anew(): void {
  running = undefined;
  line.clear();
  show('setup');
}

/** The beginning of a text, cut at a word. */
const beginning = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 60).replace(/\s+\S*$/, '')} …`);

/** A reloaded page offers to go on where it was, or to read the feedback again. */
async function offerToGoOn(): Promise<void> {
  const session = rememberedSession();
  if (!session) return;
  let known: SessionState;
  try {
    known = await stateOf(session);
  } catch (thrown) {
    // a service that does not answer just now has forgotten nothing
    if (codeOf(thrown) === 'session_not_found') return rememberSession(undefined);
    line.show(troubleInWords(thrown), { label: common('tryAgain'), run: () => void offerToGoOn() });
    return;
  }
  const goal = beginning(known.goal);
  if (known.state === 'finished')
    return line.show(t('feedbackHere', { goal }), {
      label: t('readIt'),
      run: () => void showFeedbackOf(session, () => null).catch((thrown) => line.show(troubleInWords(thrown))),
    });
  line.show(t('stillRunning', { goal }), { label: t('goOnWithIt'), run: () => void goOn(session) });
}

/** How long kept sound stays, after the end of a conversation; nothing where that is not known. */
const keptInWords = (days: number | undefined): string => (days === undefined ? '' : days === 0 ? t('keptHour') : t('keptDays', { count: days }));

/** How long the words stay, likewise. */
const wordsInWords = (days: number | undefined): string => (days === undefined ? '' : days === 0 ? t('wordsHour') : t('wordsDays', { count: days }));

/** Says before anything is heard when it is the browser's maker who hears it, and how long words and sound are kept. */
async function tellService(): Promise<void> {
  const answer = await fetch('/health').catch(() => undefined);
  const health = (await answer?.json().catch(() => undefined)) as
    | { engines?: { ears?: string }; keep_days?: { sound?: number; transcripts?: number } }
    | undefined;
  soundGoes = keptInWords(health?.keep_days?.sound);
  const keep = find('keep-note', HTMLParagraphElement);
  keep.textContent = `${wordsInWords(health?.keep_days?.transcripts)} ${soundGoes}`.trim();
  keep.hidden = keep.textContent === '';
  if (health?.engines?.ears !== 'browser') return;
  const note = find('ears-note', HTMLParagraphElement);
  note.hidden = false;
  note.replaceChildren(...parts(canRecognise() ? 'browserEars' : 'noEars', { command: make('code', {}, 'npm run ears') }));
}

another.addEventListener('click', anew);
setup(
  (wanted) => void begin(wanted),
  (missing) => line.show(missing),
);
document.body.dataset.view = 'setup';
void tellService();
void offerToGoOn();
