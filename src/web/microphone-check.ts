import { type Microphone, openMicrophone } from '../client/microphone.ts';
import { make } from './element.ts';
import { number } from './language.ts';
import { showLevel } from './level.ts';
import { parts, t } from './texts/coach.ts';
import { troubleInWords } from './troubles.ts';

export type MicrophoneCheck = {
  readonly element: HTMLElement;
  /** The microphone that was chosen; none for the one that the browser would take. */
  readonly device: string | undefined;
  /** Lets go of the microphone. */
  close(): void;
};

/** Louder than this is a voice that is near, in dB. */
const near = -38;
const faint = -55;
/** Below this it is the sound of a telephone call: headsets give no better while they listen. */
const callQuality = 16_000;
const recordedMs = 3_000;
/** What should be over by then and is not, is not heard by anybody. */
const patience = 2_000;

/** Whether a sound was played to its end in time: without a device for it, it never is. */
const within = (source: AudioBufferSourceNode, ms: number): Promise<boolean> =>
  new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), ms);
    source.addEventListener('ended', () => [clearTimeout(late), resolve(true)], { once: true });
  });

/** A check of microphone and earbud before it matters: a level that moves, advice on headsets, and one's own voice in the ear. */
export function microphoneCheck(): MicrophoneCheck {
  const meter = make('div', { class: 'meter', role: 'img', 'aria-label': t('level') }, make('i', { class: 'share' }));
  const verdict = make('p', { id: 'check-verdict', role: 'status' });
  const advice = make('p', { id: 'check-advice', class: 'advice', hidden: '' });
  const devices = make('select', { id: 'check-device' });
  const which = make('label', { class: 'row', for: 'check-device', hidden: '' }, t('checkWhich'), devices);
  const again = make('button', { type: 'button', id: 'check-hear' }, t('hearYourself'));
  const element = make(
    'details',
    { class: 'more check-sound', id: 'check-sound' },
    make('summary', {}, t('checkSound')),
    make('div', { class: 'checking' }, verdict, meter, which, advice, again),
  );
  let open: { context: AudioContext; microphone: Microphone; stop: AbortController } | undefined;
  let device: string | undefined;
  let loudest = -100;
  /** The verdict says something else now than how loud it is. */
  let silent = true;

  function close(): void {
    open?.stop.abort();
    open?.microphone.close();
    void open?.context.close();
    open = undefined;
  }

  async function listDevices(): Promise<void> {
    const inputs = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId);
    which.hidden = inputs.length < 2;
    devices.replaceChildren(
      ...inputs.map(({ deviceId, label }, index) =>
        make('option', { value: deviceId, ...(deviceId === device && { selected: '' }) }, label || t('checkNumber', { count: index + 1 })),
      ),
    );
  }

  function judge(level: number | undefined): void {
    if (silent || level === undefined) return;
    loudest = Math.max(loudest, level);
    const text = loudest > near ? t('checkHeard') : loudest > faint ? t('checkSoft') : t('checkSay');
    if (verdict.textContent !== text) verdict.textContent = text;
  }

  async function begin(): Promise<void> {
    close();
    loudest = -100;
    again.disabled = true;
    verdict.textContent = t('checkOpening');
    const context = new AudioContext();
    const stop = new AbortController();
    try {
      const microphone = await openMicrophone(context, { lost: (trouble) => failed(trouble), back: () => void begin() }, device);
      open = { context, microphone, stop };
      again.disabled = false;
      silent = false;
      const { sampleRate = Number.POSITIVE_INFINITY } = microphone;
      advice.hidden = sampleRate > callQuality;
      advice.replaceChildren(...parts('checkCall', { kilohertz: number(sampleRate / 1_000) }));
      showLevel(
        meter,
        () => {
          const level = open?.microphone.level();
          judge(level);
          return level;
        },
        stop.signal,
      );
      await listDevices();
      if (!element.open) close();
    } catch (thrown) {
      void context.close();
      failed(thrown);
    }
  }

  function failed(thrown: unknown): void {
    again.disabled = true;
    silent = true;
    verdict.textContent = troubleInWords(thrown);
  }

  async function hearOneself(): Promise<void> {
    if (!open) return;
    const { context, microphone, stop } = open;
    again.disabled = true;
    silent = true;
    verdict.textContent = t('recording');
    void context.resume();
    const pieces: Blob[] = [];
    const recording = microphone.record((piece) => pieces.push(piece));
    await new Promise((resolve) => setTimeout(resolve, recordedMs));
    await recording.end();
    if (stop.signal.aborted) return;
    const source = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(await new Blob(pieces).arrayBuffer()) });
    source.connect(context.destination);
    verdict.textContent = t('playing');
    source.start();
    const isPlayed = await within(source, source.buffer!.duration * 1_000 + patience);
    if (stop.signal.aborted) return;
    verdict.textContent = isPlayed ? t('played') : t('unplayed');
    again.disabled = false;
  }

  element.addEventListener('toggle', () => (element.open ? void begin() : close()));
  devices.addEventListener('change', () => {
    device = devices.value;
    void begin();
  });
  again.addEventListener('click', () => void hearOneself().catch(failed));
  return {
    element,
    get device() {
      return device;
    },
    close() {
      element.open = false;
      close();
    },
  };
}
