import type { SessionRequest, SessionState } from '../client/messages.ts';
import { type Microphone, openMicrophone } from '../client/microphone.ts';
import { canRecognise } from '../client/recognition.ts';
import { erase, finish, openSession, type Session, stateOf } from '../client/session.ts';
import type { Tail } from '../client/tail.ts';
import { storedTail } from '../client/tail-store.ts';
import { find, make } from './element.ts';
import { showFeedback, sureToErase } from './feedback.ts';
import { frame } from './frame.ts';
import { keyField } from './key.ts';
import { live } from './live.ts';
import { type Begun, rememberedSession, rememberSession } from './memory.ts';
import { offerRecordings } from './recordings.ts';
import { setup } from './setup.ts';
import type { Transcript } from './transcript.ts';
import { keptInWords } from './words.ts';

type View = 'setup' | 'live' | 'feedback';

/** One conversation from Start to the feedback. */
type Running = { session: Session; control: AbortController; context: AudioContext; microphone: Microphone | undefined; sounds: Tail };

const { notice: line } = frame('coach');
const key = keyField();
const screen = live({ notice: line, finished: (lines, why) => void showResult(lines, why) });
let running: Running | undefined;
/** Whose feedback is on the screen. */
let judged: Session | undefined;
let starting = false;
/** How long kept sound stays here. */
let soundGoes = '';

function show(view: View): void {
  for (const name of ['setup', 'live', 'feedback'] as const) find(name, HTMLElement).hidden = name !== view;
  document.body.dataset.view = view;
  scrollTo(0, 0);
  find(`${view}-title`, HTMLHeadingElement).focus({ preventScroll: true });
}

const sentence = (thrown: unknown): string =>
  thrown instanceof Error && thrown.name === 'Trouble' ? thrown.message : 'Something went wrong in this page. Reload it and try again.';

/** Opens the microphone within the click, as browsers want it, and then the session. */
async function start(open: () => Promise<Begun>, silent = false): Promise<void> {
  if (starting) return;
  starting = true;
  line.clear();
  const button = find('start', HTMLButtonElement);
  button.disabled = true;
  const context = new AudioContext();
  let microphone: Microphone | undefined;
  try {
    void context.resume();
    if (!silent) microphone = await openMicrophone(context, (trouble) => line.show(trouble.message));
    const session = await open();
    const sounds = await storedTail(session.id);
    const control = new AbortController();
    running = { session, control, context, microphone, sounds };
    rememberSession(session);
    show('live');
    screen.begin(session, context, microphone, sounds, control.signal);
    void stayAwake(control.signal);
  } catch (thrown) {
    microphone?.close();
    void context.close();
    const code = thrown instanceof Error && 'code' in thrown && thrown.code;
    line.show(
      code === 'key_needed' ? key.ask() : sentence(thrown),
      code === 'no_microphone' ? { label: 'Go on by typing', run: () => void start(open, true) } : undefined,
    );
  } finally {
    starting = false;
    button.disabled = false;
  }
}

function takeOff(): void {
  running?.control.abort();
  running?.sounds.clear();
  running?.microphone?.close();
  void running?.context.close();
}

async function showFeedbackOf(session: Session, sure: (timestamp: string) => number | null): Promise<void> {
  const feedback = await finish(session);
  judged = session;
  line.clear();
  showFeedback(feedback, sure);
  void offerRecordings(session, soundGoes, (thrown) => line.show(sentence(thrown)));
  show('feedback');
}

async function showResult(lines: Transcript, why: string | undefined): Promise<void> {
  if (!running) return;
  const { session } = running;
  try {
    await showFeedbackOf(session, (timestamp) => lines.probabilityOf(timestamp));
    if (why !== undefined) line.show(why);
    takeOff();
  } catch (thrown) {
    line.show(sentence(thrown), { label: 'Try again', run: () => void showResult(lines, why) });
  }
}

/** A phone that goes dark stops listening. */
async function stayAwake(stop: AbortSignal): Promise<void> {
  const lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
  stop.addEventListener('abort', () => void lock?.release(), { once: true });
}

function anew(): void {
  running = undefined;
  judged = undefined;
  line.clear();
  show('setup');
}

/** The beginning of a text, cut at a word. */
const beginning = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 60).replace(/\s+\S*$/, '')} …`);

/** A reloaded page offers to go on where it was, or to read the feedback again. */
async function offerToGoOn(): Promise<void> {
  const session = rememberedSession();
  if (!session) return;
  let state: SessionState;
  try {
    state = await stateOf(session);
  } catch (thrown) {
    // a service that does not answer just now has forgotten nothing
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'session_not_found') return rememberSession(undefined);
    line.show(sentence(thrown), { label: 'Try again', run: () => void offerToGoOn() });
    return;
  }
  if (state.state === 'finished')
    return line.show(`The feedback on “${beginning(state.goal)}” is still here.`, {
      label: 'Read it',
      run: () => void showFeedbackOf(session, () => null).catch((thrown) => line.show(sentence(thrown))),
    });
  line.show(`Your conversation “${beginning(state.goal)}” is still running.`, {
    label: 'Go on with it',
    run: () => void start(async () => session),
  });
}

/** Says before anything is heard when it is the browser's maker who hears it, and how long the sound is kept. */
async function tellService(): Promise<void> {
  const answer = await fetch('/health').catch(() => undefined);
  const health = (await answer?.json().catch(() => undefined)) as { engines?: { ears?: string }; keep_days?: { sound?: number } } | undefined;
  soundGoes = keptInWords(health?.keep_days?.sound);
  const keep = find('keep-note', HTMLParagraphElement);
  keep.textContent = soundGoes;
  keep.hidden = soundGoes === '';
  if (health?.engines?.ears !== 'browser') return;
  const note = find('ears-note', HTMLParagraphElement);
  note.hidden = false;
  const ears = make('code', {}, 'npm run ears');
  if (canRecognise())
    note.append(
      'This server has no recogniser yet: your browser turns speech into words, and many browsers send the sound to their maker for that. ',
      ears,
      ' on the server keeps it there.',
    );
  else note.append('Neither this server nor this browser can turn speech into words yet. Run ', ears, ' on the server, or go on by typing.');
}

find('again', HTMLButtonElement).addEventListener('click', anew);
find('erase', HTMLButtonElement).addEventListener('click', async () => {
  if (!judged || !(await sureToErase())) return;
  try {
    await erase(judged);
    rememberSession(undefined);
    anew();
    line.show('The session is erased.');
  } catch (thrown) {
    line.show(sentence(thrown));
  }
});

setup(
  (request: SessionRequest) =>
    void start(async () => {
      const session = await openSession(location.origin, request, key.value);
      key.keep();
      return { ...session, began: Date.now() };
    }),
  (missing) => line.show(missing),
);
document.body.dataset.view = 'setup';
void tellService();
void offerToGoOn();
