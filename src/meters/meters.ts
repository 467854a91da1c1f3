import type { AdviceKind, Part, Reason } from '../core/entry.ts';
import type { Happening, Meter } from '../core/meter.ts';
import { problems } from '../core/problem.ts';
import { engineHealth, engineParts } from './engine-health.ts';
import { families } from './families.ts';
import { stages, type Turn, turns } from './turns.ts';

/** What is read when somebody asks, from those who have it. */
export type Gauges = {
  readonly uptime: () => number;
  readonly memory: () => { readonly rss: number; readonly heapUsed: number };
  /** How late the event loop is, in ms. */
  readonly lag: () => { readonly p50: number; readonly p99: number; readonly longest: number; readonly stalls: number };
  readonly awake: () => number;
  /** Bytes that clients have not taken yet. */
  readonly unread: () => number;
};

const kinds: Record<AdviceKind, true> = {
  answer: true,
  silence: true,
  monologue: true,
  fillers: true,
  pace: true,
  return: true,
  goal: true,
  hint: true,
};
const reasons: Record<Reason, true> = {
  nothing_to_add: true,
  too_soon: true,
  already_said: true,
  user_speaking: true,
  turn_passed: true,
  opening_line: true,
  own_turn: true,
  unsure_who_spoke: true,
  cadence_off: true,
  model_kept_quiet: true,
  paused: true,
  ended: true,
};
const parts: Record<Part, true> = { microphone: true, ears: true, voice: true, brain: true, storage: true };

const label = (name: string, values: readonly (string | number)[]) => ({ name, values: values.map(String) });
const closes = label('code', [1000, 1001, 1002, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4001, 4004, 4008, 4009, 4010, 4029]);
const toKeep = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 2_500];
const toAdvise = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 750, 1_000, 1_500, 2_500, 5_000, 10_000];

export type MeterParts = { readonly now: () => number; readonly gauges: Gauges };

/** Counts and times everything that the house tells about itself, for whoever runs it: numbers only. */
export function meters({ now, gauges }: MeterParts) {
  const all = families();
  const sinks = new Set<(turn: Turn) => void>();
  const health = engineHealth();
  const waiting = { sound: 0, utterances: 0, entries: 0 };
  let sockets = 0;

  all.gauge('aside_uptime_seconds', 'Since the process began.', gauges.uptime);
  all.gauge('aside_memory_resident_bytes', 'Memory of the whole process.', () => gauges.memory().rss);
  all.gauge('aside_memory_heap_bytes', 'Memory of its JavaScript objects.', () => gauges.memory().heapUsed);
  const lag = label('quantile', [0.5, 0.99]);
  all.gauges('aside_event_loop_lag_seconds', 'How late the event loop was in the last ten seconds.', lag, (quantile) => {
    const { p50, p99 } = gauges.lag();
    return (quantile === '0.5' ? p50 : p99) / 1000;
  });
  all.gauge('aside_event_loop_stalls', 'How often the event loop stood still for a second or more since the start.', () => gauges.lag().stalls);
  all.gauge('aside_event_loop_longest_stall_seconds', 'The longest of these.', () => gauges.lag().longest / 1000);

  all.gauge('aside_sessions_awake', 'Sessions in memory.', gauges.awake);
  const opened = all.counter('aside_sessions_opened_total', 'Sessions that were opened.');
  const finished = all.counter('aside_sessions_finished_total', 'Sessions that were finished.');
  const erased = all.counter('aside_sessions_erased_total', 'Sessions that were erased.');

  all.gauge('aside_sockets_open', 'Sockets that are connected.', () => sockets);
  const closed = all.counter('aside_sockets_closed_total', 'Sockets that are gone, by close code.', closes);
  const refused = all.counter('aside_refusals_total', 'Requests and commands that were refused, by the code of the problem.', {
    name: 'code',
    values: Object.keys(problems),
  });
  const frames = all.counter('aside_frames_in_total', 'Frames that clients sent.');
  const bytes = all.counter('aside_frames_in_bytes_total', 'Bytes in these frames.');

  const kept = all.counter('aside_entries_committed_total', 'Entries that are safe on disk.');
  const lost = all.counter('aside_commits_failed_total', 'Commits that failed, by the code of the problem.', {
    name: 'code',
    values: Object.keys(problems),
  });
  const commit = all.histogram('aside_commit_seconds', 'From handing entries to the store until they are safe.', toKeep);

  all.gauge('aside_waiting_sound_bytes', 'Sound that waits for the ears.', () => waiting.sound);
  all.gauge('aside_waiting_utterances', 'Utterances that wait for the recogniser.', () => waiting.utterances);
  all.gauge('aside_waiting_entries', 'Entries that are on their way to the disk.', () => waiting.entries);
  all.gauge('aside_waiting_unread_bytes', 'Bytes that clients have not taken yet.', gauges.unread);

  all.gauges('aside_engine_up', '1, or 0 while the last thing known of this engine is a failure.', label('part', engineParts), (part) =>
    Number(engineParts.every((each) => each !== part || health.works(each))),
  );
  const failures = all.counter('aside_failures_total', 'Failures that sessions were told of, by part.', label('part', Object.keys(parts)));
  const suggestions = all.counter('aside_suggestions_total', 'Suggestions that were made, by kind.', label('kind', Object.keys(kinds)));
  const silent = all.counter('aside_silent_total', 'Reasons why the coach kept quiet.', label('reason', Object.keys(reasons)));

  const drafts = all.counter(
    'aside_drafts_total',
    'Questions to the model: asked, of these ahead of a turn’s final words; of those ready with their first sound when these came, late, or wasted.',
    label('how', ['asked', 'ahead', 'ready', 'late', 'wasted']),
  );

  const invented = all.counter('aside_inventions_total', 'Stock phrases that a recogniser wrote where nobody spoke, and that were dropped.');
  const degraded = all.counter(
    'aside_reviews_degraded_total',
    'Feedback that the rules wrote because a model took too long, failed, or gave nothing that the log proved.',
    label('why', ['late', 'failed', 'unproved']),
  );

  const stage = all.histogram(
    'aside_turn_stage_seconds',
    'How long after the stage before it a turn reached this one.',
    toAdvise,
    label('stage', stages.slice(1)),
  );
  const firstAudio = all.histogram(
    'aside_first_audio_seconds',
    'From the end of speech (or from words that were handed in) to the first sound of advice.',
    toAdvise,
  );

  const sent = all.counter('aside_spans_sent_total', 'Spans that the collector has taken.');
  const unsent = all.counter('aside_spans_lost_total', 'Spans that nobody took.');

  const open = turns({
    now,
    onStage: (reached, ms, since) => {
      stage(ms, reached);
      if (reached === 'first_sound') firstAudio(since.ms);
    },
    onOver: (turn) => {
      for (const tell of sinks) tell(turn);
    },
  });

  function note(happening: Happening): void {
    switch (happening.type) {
      case 'connected':
        sockets += 1;
        break;
      case 'closed':
        sockets -= 1;
        closed(String(happening.code));
        break;
      case 'frame':
        frames();
        bytes(undefined, happening.bytes);
        break;
      case 'refused':
        refused(happening.code);
        break;
      case 'waiting':
        waiting[happening.what] += happening.by;
        break;
      case 'drafted':
        drafts(happening.how);
        break;
      case 'lost':
        lost(happening.code);
        break;
      case 'invented':
        invented();
        break;
      case 'degraded':
        degraded(happening.why);
        break;
      case 'erased':
        erased();
        break;
      case 'spans':
        sent(undefined, happening.sent);
        unsent(undefined, happening.lost);
        break;
      case 'kept':
        kept(undefined, happening.entries.length);
        commit(happening.ms);
        for (const entry of happening.entries) {
          if (entry.type === 'opened') opened();
          if (entry.type === 'ended') finished();
          if (entry.type === 'advised') suggestions(entry.kind);
          if (entry.type === 'passed') for (const reason of entry.reasons) silent(reason);
          if (entry.type === 'failed') failures(entry.part);
        }
    }
    health.note(happening);
    open.note(happening);
  }

  return {
    note,
    text: all.text,
    works: health.works,
    /** Every turn that is over is told to `tell`, until the returned function is called. */
    onTurn(tell: (turn: Turn) => void): () => void {
      sinks.add(tell);
      return () => sinks.delete(tell);
    },
    close: open.close,
  } satisfies Meter & Record<string, unknown>;
}

export type Meters = ReturnType<typeof meters>;
