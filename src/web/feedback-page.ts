import type { Feedback } from '../client/messages.ts';
import { correct, erase, finish, recordingsOf, type Session } from '../client/session.ts';
import { find } from './element.ts';
import { chartsView } from './feedback/charts.ts';
import type { Change } from './feedback/correcting.ts';
import { exportButtons } from './feedback/export-buttons.ts';
import { momentItem, wordItems } from './feedback/line-items.ts';
import { type Player, player } from './feedback/player.ts';
import { timelineOf } from './feedback/timeline.ts';
import { legend, timelineView } from './feedback/timeline-view.ts';
import { showVerdict } from './feedback.ts';
import { feedbackView } from './feedback-view.ts';
import { letGo } from './held.ts';
import type { Notice } from './notice.ts';
import { offerRecordings } from './recordings.ts';
import { sure } from './sure.ts';
import { t } from './texts/feedback.ts';
import { troubleInWords } from './troubles.ts';

export type FeedbackParts = {
  readonly notice: Notice;
  /** What leads away from the feedback. */
  readonly onwards: HTMLElement;
  /** How long kept sound stays at the service, in words. */
  readonly soundGoes: () => string;
  /** The conversation is erased. */
  readonly erased: (session: Session) => void;
};

/** How sure a line was about its speaker, by its timestamp, where that is known. */
export type Sureness = (timestamp: string) => number | null;

/** The page of one feedback, for whoever owns the conversation. */
export interface FeedbackPage {
  readonly element: HTMLElement;
  show(session: Session, feedback: Feedback, sureOf?: Sureness): void;
}

/** That question before everything of a conversation is erased. */
export const sureToErase = (): Promise<boolean> => sure({ ask: t('eraseAsk'), means: t('eraseMeans'), no: t('keepIt'), yes: t('eraseIt') });

/** Makes the page of a feedback; once it is in the document, `show` fills it. */
export function feedbackPage({ notice, onwards, soundGoes, erased }: FeedbackParts): FeedbackPage {
  const element = feedbackView(onwards);
  let judged: { readonly session: Session; readonly feedback: Feedback; readonly sureOf: Sureness } | undefined;
  let sound: Player | undefined;
  const trouble = (thrown: unknown) => notice.show(troubleInWords(thrown));
  const correcting = element.querySelector<HTMLButtonElement>('#correcting')!;
  element.querySelector('#exports')!.append(...exportButtons(() => judged?.feedback));

  element.querySelector('#erase')!.addEventListener('click', async () => {
    const session = judged?.session;
    if (!session || !(await sureToErase())) return;
    try {
      await erase(session);
      letGo(session.id);
      judged = undefined;
      sound?.close();
      sound = undefined;
      erased(session);
    } catch (thrown) {
      trouble(thrown);
    }
  });
  correcting.addEventListener('click', () => correctable(correcting.getAttribute('aria-pressed') !== 'true'));

  function correctable(on: boolean): void {
    correcting.setAttribute('aria-pressed', String(on));
    find('correcting-hint', HTMLElement).hidden = !on;
    find('whole', HTMLOListElement).toggleAttribute('data-correcting', on);
  }

  /** Shows a line, and plays it where its sound was kept. */
  function look(seq: number): void {
    const line = document.getElementById(`line-${seq}`);
    line?.scrollIntoView({ block: 'center' });
    line?.focus({ preventScroll: true });
    hear(seq);
  }

  function hear(seq: number): void {
    const at = judged?.feedback.transcript.find((line) => line.seq === seq)?.from;
    if (sound && typeof at === 'number') sound.play(at).catch(() => notice.show(t('cannotPlay')));
  }

  async function save(seq: number, change: Change): Promise<void> {
    if (!judged) return;
    const { session, sureOf } = judged;
    try {
      await correct(session, { seq, ...change });
      judged = { session, feedback: await finish(session), sureOf };
      draw();
      notice.show(t('recounted'));
      document.getElementById(`line-${seq}`)?.focus();
    } catch (thrown) {
      trouble(thrown);
    }
  }

  function draw(): void {
    if (!judged) return;
    const { feedback, sureOf } = judged;
    showVerdict(feedback);
    const timeline = timelineOf(feedback);
    const isEmpty = timeline.stretches.length === 0;
    find('timeline-card', HTMLElement).hidden = isEmpty;
    correcting.hidden = isEmpty;
    const place = find('timeline', HTMLDivElement);
    const picture = timelineView(timeline, place.clientWidth, look);
    place.replaceChildren(picture);
    place.append(legend(timeline, picture.scrollWidth > picture.clientWidth));
    find('charts', HTMLDivElement).replaceChildren(...chartsView(feedback, timeline));
    const canHear = sound !== undefined;
    find('moments', HTMLUListElement).replaceChildren(...timeline.moments.map((moment) => momentItem(moment, canHear, look)));
    find('whole', HTMLOListElement).replaceChildren(...wordItems(timeline.stretches, sureOf, canHear ? hear : undefined, save));
  }

  async function offerSound(session: Session): Promise<void> {
    const recordings = await recordingsOf(session).catch(() => []);
    if (judged?.session !== session) return;
    offerRecordings(session, recordings, soundGoes(), trouble);
    if (recordings.length === 0) return;
    sound = player(session, recordings);
    find('player-place', HTMLDivElement).replaceChildren(sound.element);
    draw();
  }

  return {
    element,
    show(session, feedback, sureOf = () => null) {
      sound?.close();
      sound = undefined;
      judged = { session, feedback, sureOf };
      notice.clear();
      element.hidden = false;
      correctable(false);
      draw();
      void offerSound(session);
      find('feedback-title', HTMLHeadingElement).focus({ preventScroll: true });
    },
  };
}
