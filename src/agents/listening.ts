import type { Conversation } from '../core/conversation.ts';
import { type Draft, type Entry, type EntryOf, isEntry, type Reason, type Signal } from '../core/entry.ts';
import type { Meter } from '../core/meter.ts';
import type { Clock } from '../core/ports.ts';
import { asProblem } from '../core/problem.ts';
import type { Draft as Thoughts } from './drafting.ts';
import { candidatesOf } from './model-advice.ts';
import type { Candidate, Occasion } from './reflexes/candidate.ts';
import { reflexes } from './reflexes.ts';
import { dropping, emptyScene, expecting, lastTurn, type Scene, see } from './scene.ts';
import type { Thinking } from './thinking.ts';
import { decide, leavesRoom, stale, type Verdict } from './timing.ts';
import { after } from './turn.ts';
import { isVerdict, lastDecided } from './verdicts.ts';

/** Finds what is worth saying at a moment, the weightiest first; answers at once. */
export type Advise = (scene: Scene, occasion: Occasion) => readonly Candidate[];

export type ListeningParts = {
  readonly by: string;
  readonly talk: Conversation;
  readonly advise: Advise;
  /** Asks a model; without one the rules word what is said. */
  readonly mind: Thinking | undefined;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Appends without being waited for; `lost` is called when it did not reach the log. */
  readonly note: (draft: Draft, lost?: () => void) => Promise<Entry | undefined>;
};

/** What is said into the ear: a suggestion of the coach, or what a friend whispers. */
export type Whisper = EntryOf<'advised' | 'whispered'>;

/** What the mouth is to do: say this suggestion, be still, or forget one that the listener reports as over. */
export type Cue = { readonly say: Whisper } | 'still' | { readonly over: number };

/** A moment that a model thinks about; `noticed` is what the rules would say. */
type Waiting = {
  readonly since: number;
  readonly occasion: Occasion;
  readonly noticed: readonly Candidate[];
  readonly subject: number;
  readonly draft: Thoughts;
};

/** Follows the talk, notes a verdict about every turn, and cues the mouth. It waits for nothing but news, so an onset is never late. */
export async function* listening(
  { by, talk, advise, mind, clock, meter, note }: ListeningParts,
  stop: AbortSignal,
): AsyncGenerator<Cue, void, undefined> {
  const known = talk.entries.length;
  const start = lastDecided(talk.entries);
  const decided = new Set(talk.entries.filter(isVerdict).map((entry) => entry.about));
  const owed = new Set<number>();
  let scene = talk.entries.slice(0, start).reduce<Scene>(see, emptyScene);
  let saying: Whisper | undefined;
  let held: Whisper | undefined;
  let waiting: Waiting | undefined;
  let keptQuiet: number | undefined;
  let brainFailed = false;

  const consider = (occasion: Occasion): readonly Candidate[] => {
    try {
      return advise(scene, occasion);
    } catch (thrown) {
      const problem = asProblem(thrown, 'brain_failed', 'The coach could not think of advice by its usual way; simple rules take over.');
      if (!brainFailed) note({ by, type: 'failed', part: 'brain', code: problem.code, message: problem.message });
      brainFailed = true;
      return reflexes(scene, occasion);
    }
  };

  const conclude = (occasion: Occasion, verdict: Verdict, draft?: Thoughts, thought = 0): void => {
    if (occasion.type === 'said') meter.note({ type: 'decided', talk: talk.id, about: occasion.turn.seq });
    const subject = occasion.type === 'said' ? occasion.turn.seq : occasion.type === 'asked' ? occasion.seq : undefined;
    const lost = () => {
      if (occasion.type === 'said') owed.add(occasion.turn.seq);
    };
    if ('say' in verdict) {
      const { text, kind, about, reason, evidence } = verdict.say;
      scene = expecting(scene, { text, kind, about, evidence, place: after(occasion.place, thought) });
      const noted = note({ by, type: 'advised', text, kind, about, reason, evidence: [...evidence] }, () => {
        scene = dropping(scene, text);
        lost();
      });
      if (draft) void elaborate(noted, draft);
    } else {
      draft?.drop();
      if (subject !== undefined) note({ by, type: 'passed', about: subject, reasons: [...verdict.pass] }, lost);
    }
  };

  /** What is for the eye may come while the ear is served already. */
  const elaborate = async (noted: Promise<Entry | undefined>, draft: Thoughts): Promise<void> => {
    const [entry, text] = await Promise.all([noted, draft.screen]);
    if (entry && text !== undefined && !scene.paused) note({ by, type: 'elaborated', of: entry.seq, text });
  };

  const judge = (occasion: Occasion, passedBy = false): void => {
    if (waiting && occasion.type === 'quiet') return;
    const noticed = consider(occasion);
    const verdict = decide(scene, occasion, noticed, passedBy);
    const hinting = waiting?.occasion.type === 'asked';
    if (!mind || hinting || !leavesRoom(scene, occasion, verdict, passedBy)) {
      if (occasion.type === 'said' && !occasion.turn.small) mind?.forget();
      conclude(occasion, hinting && 'say' in verdict ? { pass: ['too_soon'] } : verdict);
      return;
    }
    const about = noticed[0]?.about ?? (occasion.type === 'said' ? occasion.turn.seq : (lastTurn(scene)?.seq ?? start));
    if (occasion.type === 'quiet' && keptQuiet === about) return;
    giveUp('too_soon');
    waiting = { since: clock.now(), occasion, noticed, subject: about, draft: mind.about(occasion, noticed, about) };
    settle();
  };

  /** The model has thought, and now it is decided whether that may be said, because the talk may have gone on. */
  const settle = (): void => {
    const thought = waiting?.draft.thought;
    if (!waiting || !thought) return;
    const { since, occasion, noticed, subject, draft } = waiting;
    waiting = undefined;
    const passedBy = newest(false) > subject || (occasion.type === 'said' && late(occasion.turn.source.at));
    if (thought.type === 'quiet' && occasion.type === 'quiet') keptQuiet = subject;
    const silence = thought.type === 'quiet' ? 'model_kept_quiet' : undefined;
    const verdict = decide(scene, occasion, candidatesOf(thought, noticed, scene, occasion, subject), passedBy, silence);
    conclude(occasion, verdict, thought.type === 'speak' ? draft : undefined, Math.max(0, clock.now() - since));
  };

  /** Nobody waits any more for what the model thinks about this moment. */
  const giveUp = (why: Reason): void => {
    if (!waiting) return;
    const { occasion, draft } = waiting;
    waiting = undefined;
    draft.drop();
    if (occasion.type !== 'quiet') conclude(occasion, { pass: [why] });
  };

  /** What was thought of may rest on lines that are gone now. */
  const thinkAnew = (): void => {
    mind?.stop();
    const occasion = waiting?.occasion;
    waiting = undefined;
    if (occasion?.type === 'asked' && talk.entries[occasion.seq - 1]?.type === 'asked') judge(occasion);
    const turn = occasion?.type === 'said' ? scene.turns.find(({ seq }) => seq === occasion.turn.seq) : undefined;
    if (turn) judge({ type: 'said', turn, place: turn.place });
  };

  const isWanted = (whisper: Whisper | undefined): boolean => whisper?.type === 'whispered' || whisper?.kind === 'hint';
  const late = (at: string): boolean => clock.now() - Date.parse(at) > stale;
  const isSmall = (seq: number): boolean => scene.turns.findLast((turn) => turn.seq === seq)?.small ?? false;
  const newest = (small = true): number => talk.entries.findLast((entry) => entry.type === 'said' && (small || !isSmall(entry.seq)))?.seq ?? 0;
  const isThere = (whisper: Whisper | undefined): boolean => talk.entries[(whisper?.seq ?? 0) - 1]?.type === whisper?.type;
  const answered = (asked: number): boolean =>
    decided.has(asked) ||
    waiting?.occasion.type === 'asked' ||
    talk.entries.some((entry) => entry.type === 'advised' && entry.kind === 'hint' && entry.seq > asked) ||
    scene.given.some((given) => given.kind === 'hint' && given.seq === undefined);

  function* hear(signal: Signal): Generator<Cue> {
    switch (signal.type) {
      case 'stir':
      case 'onset':
        if (saying) yield 'still';
        saying = undefined;
        if (signal.type === 'onset' && waiting?.occasion.type !== 'asked') giveUp('user_speaking');
        break;
      case 'partial':
      case 'lull':
        if (!waiting) mind?.overhear(scene, signal);
        break;
      case 'drafted':
        settle();
        break;
      case 'quiet':
      case 'pause':
        if (held && !late(held.at)) {
          saying = held;
          yield { say: held };
        }
        held = undefined;
        if (signal.type === 'quiet')
          judge({ type: 'quiet', ms: Math.min(signal.ms, signal.at - scene.resumed), place: { sound: signal.at, date: clock.now() - scene.opened } });
        else if (!waiting) mind?.overhear(scene, signal);
    }
  }

  for await (const news of talk.follow(start, stop)) {
    scene = see(scene, news);
    if (!isEntry(news)) {
      yield* hear(news);
      continue;
    }
    for (const about of owed) {
      owed.delete(about);
      if (talk.entries[about - 1]?.type === 'removed') continue;
      note({ by, type: 'passed', about, reasons: ['turn_passed'] }, () => owed.add(about));
    }
    switch (news.type) {
      case 'said': {
        const turn = scene.turns.at(-1)!;
        if (held?.type === 'advised' && turn.who === 'other' && !turn.small) held = undefined;
        if (!turn.small && waiting?.occasion.type !== 'asked') giveUp('turn_passed');
        if (!decided.has(news.seq))
          judge({ type: 'said', turn, place: turn.place }, newest() > news.seq || late(news.at) || (news.late ?? 0) > stale);
        break;
      }
      case 'asked':
        if (answered(news.seq)) break;
        if (late(news.at)) note({ by, type: 'passed', about: news.seq, reasons: ['turn_passed'] });
        else judge({ type: 'asked', seq: news.seq, place: { date: Date.parse(news.at) - scene.opened } });
        break;
      case 'passed':
        // a hint was asked for, a friend was let in: only the user's voice or a newer suggestion ends it
        if (news.by !== by || news.seq <= known || isWanted(saying) || isSmall(news.about)) break;
        if (saying) yield 'still';
        saying = undefined;
        break;
      case 'advised':
        if (news.by !== by || news.seq <= known) break;
        held = undefined;
        if (scene.speaking === 'user' && news.kind === 'hint') held = news;
        else if (news.kind === 'hint' || (!scene.speaking && newest(false) <= news.about)) {
          saying = news;
          yield { say: news };
        }
        break;
      case 'whispered':
        if (news.seq <= known) break;
        held = undefined;
        if (scene.speaking === 'user') held = news;
        else {
          saying = news;
          yield { say: news };
        }
        break;
      case 'played':
        if (news.state !== 'started') yield { over: news.about };
        break;
      case 'paused':
        giveUp('paused');
        mind?.stop();
        held = undefined;
        saying = undefined;
        yield 'still';
        break;
      case 'removed':
        // nothing of it may be thought of again: what is left is seen anew
        scene = { ...talk.entries.slice(0, news.seq).reduce<Scene>(see, emptyScene), speaking: scene.speaking, unread: scene.unread };
        held = isThere(held) ? held : undefined;
        if (saying && !isThere(saying)) {
          saying = undefined;
          yield 'still';
        }
        thinkAnew();
        break;
      case 'ended':
        mind?.stop();
        yield 'still';
        return;
    }
  }
}
