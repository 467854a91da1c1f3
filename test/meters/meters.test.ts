import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Draft, Entry } from '../../src/core/entry.ts';
import type { Happening } from '../../src/core/meter.ts';
import { type Gauges, meters } from '../../src/meters/meters.ts';
import type { Turn } from '../../src/meters/turns.ts';

const gauges: Gauges = {
  uptime: () => 12,
  memory: () => ({ rss: 1, heapUsed: 1 }),
  lag: () => ({ p50: 1, p99: 20, longest: 0, stalls: 0 }),
  awake: () => 3,
  unread: () => 7,
};

/** Meters with a clock that is set by hand. */
function made() {
  const time = { now: 1_000 };
  const over: Turn[] = [];
  const all = meters({ now: () => time.now, gauges });
  all.onTurn((turn) => over.push(turn));
  let seq = 0;
  return {
    all,
    over,
    at(now: number, ...happenings: Happening[]) {
      time.now = now;
      for (const happening of happenings) all.note(happening);
    },
    kept: (draft: Draft, ms = 0, talk = 'id-4711'): Happening => ({
      type: 'kept',
      talk,
      ms,
      entries: [{ ...draft, seq: ++seq, at: '2026-01-01T00:00:00.000Z' } as Entry],
    }),
    value: (name: string) =>
      all
        .text()
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1),
  };
}

const said = (to?: number): Draft => ({ by: 'ear', type: 'said', text: 'why us', via: 'voice', ...(to !== undefined && { from: 0, to }) });
const advised: Draft = { by: 'coach', type: 'advised', text: 'Say why.', kind: 'answer', about: 1, reason: '', evidence: [] };
const passed: Draft = { by: 'coach', type: 'passed', about: 1, reasons: ['too_soon'] };

describe('the meters', () => {
  test('O1 a turn is timed from the end of speech to the first sound of advice, stage by stage', () => {
    const { all, at, kept, over, value } = made();
    at(1_600, { type: 'pause', talk: 'id-4711', to: 4_000, late: 600 });
    at(1_900, { type: 'words', talk: 'id-4711', to: 4_000 });
    at(1_904, kept(said(4_000), 3));
    at(1_905, { type: 'decided', talk: 'id-4711', about: 1 });
    at(1_909, kept(advised, 3));
    expect(over).toEqual([]);
    at(2_000, { type: 'sounded', talk: 'id-4711', about: 2 });
    expect(over).toEqual([
      {
        talk: 'id-4711',
        advised: true,
        reached: {
          speech_ended: 1_000,
          pause_noticed: 1_600,
          words_final: 1_900,
          words_kept: 1_904,
          decided: 1_905,
          verdict_kept: 1_909,
          first_sound: 2_000,
        },
      },
    ]);
    const stages = ['pause_noticed', 'words_final', 'words_kept', 'decided', 'verdict_kept', 'first_sound'];
    expect(stages.map((stage) => value(`aside_turn_stage_seconds_sum{stage="${stage}"}`))).toEqual([
      '0.6',
      '0.3',
      '0.004',
      '0.001',
      '0.004',
      '0.091',
    ]);
    expect(value('aside_first_audio_seconds_sum')).toBe('1');
    expect(value('aside_first_audio_seconds_bucket{le="0.75"}')).toBe('0');
    expect(value('aside_first_audio_seconds_bucket{le="1"}')).toBe('1');
    expect(all.text()).not.toMatch(/4711|why us|Say why/);
  });

  test('O1 words that were handed in begin their turn themselves, and a turn without advice is over with its verdict', () => {
    const { at, kept, over, value } = made();
    at(1_010, kept(said(), 4));
    at(1_011, { type: 'decided', talk: 'id-4711', about: 1 });
    at(1_015, kept(passed, 2));
    expect(over).toEqual([
      { talk: 'id-4711', advised: false, reached: { words_final: 1_006, words_kept: 1_010, decided: 1_011, verdict_kept: 1_015 } },
    ]);
    expect(value('aside_silent_total{reason="too_soon"}')).toBe('1');
    expect(value('aside_first_audio_seconds_count')).toBe('0');
  });

  test('O1 what is written in a chat begins no turn', () => {
    const { at, kept, value } = made();
    at(1_000, kept({ by: 'ann', type: 'said', text: 'hello all', via: 'text' }, 3));
    at(1_001, { type: 'decided', talk: 'id-4711', about: 1 });
    expect(value('aside_turn_stage_seconds_count{stage="words_kept"}')).toBe('0');
  });

  test('O1 what a later silence brings about the same words is no part of their turn', () => {
    const { at, kept, over } = made();
    at(1_000, kept(said()));
    at(5_000, kept(advised), { type: 'sounded', talk: 'id-4711', about: 2 });
    expect(over).toEqual([]);
  });

  test('O1 turns that are never finished are forgotten: with their session, after a minute, and when there are too many', () => {
    const { all, at, kept, over } = made();
    at(1_000, kept(said(), 0, 'erased'), { type: 'erased', talk: 'erased' });
    at(2_000, kept(said(), 0, 'ended'), kept({ by: 'user', type: 'ended', why: 'finished' }, 0, 'ended'));
    at(3_000, ...Array.from({ length: 5 }, (_, index): Happening => ({ type: 'pause', talk: 'many', to: index * 1_000, late: 0 })));
    at(70_000, kept(said(), 0, 'new'));
    expect(over.map(({ talk }) => talk)).toEqual(['erased', 'ended', ...Array(5).fill('many')]);
    all.close();
    expect(over.at(-1)?.talk).toBe('new');
  });

  test('O2 an engine is down from its failure until it is heard to work', () => {
    const { at, kept, value } = made();
    const up = () => ['ears', 'voice', 'brain', 'storage'].map((part) => value(`aside_engine_up{part="${part}"}`)).join('');
    const failed = (part: 'ears' | 'voice' | 'brain' | 'microphone') => kept({ by: 'coach', type: 'failed', part, code: 'internal', message: '' });
    expect(up()).toBe('1111');
    at(1_000, failed('ears'), failed('voice'), failed('brain'), failed('microphone'), { type: 'lost', code: 'storage_full' });
    expect(up()).toBe('0000');
    at(2_000, kept(said()), { type: 'sounded', talk: 'id-4711', about: 9 });
    expect(up()).toBe('1101');
    // nobody has asked the model since: that it is well again nobody knows
    at(3_600_000);
    expect(up()).toBe('1101');
    at(3_601_000, { type: 'thought' });
    expect(up()).toBe('1111');
    at(3_602_000, { type: 'degraded', why: 'unproved' });
    expect(up()).toBe('1111');
    at(3_603_000, { type: 'degraded', why: 'late' });
    expect(up()).toBe('1101');
    expect(value('aside_reviews_degraded_total{why="late"}')).toBe('1');
    expect(value('aside_failures_total{part="voice"}')).toBe('1');
    expect(value('aside_commits_failed_total{code="storage_full"}')).toBe('1');
  });

  test('O3 what is counted carries labels from closed lists only', () => {
    const { all, at, kept, value } = made();
    at(1_000, { type: 'refused', code: 'Zaphod' }, { type: 'closed', code: 4_321 }, kept({ ...advised, kind: 'Trillian' } as unknown as Draft));
    expect(value('aside_refusals_total{code="other"}')).toBe('1');
    expect(value('aside_sockets_closed_total{code="other"}')).toBe('1');
    expect(value('aside_suggestions_total{kind="other"}')).toBe('1');
    expect(all.text()).not.toMatch(/Zaphod|4321|Trillian/);
  });

  test('O3 what was thought ahead is counted by what became of it', () => {
    const { at, value } = made();
    const drafted = (how: 'asked' | 'ahead' | 'ready' | 'late' | 'wasted'): Happening => ({ type: 'drafted', talk: 'id-4711', how });
    at(
      1_000,
      drafted('asked'),
      drafted('ahead'),
      drafted('wasted'),
      drafted('asked'),
      drafted('ahead'),
      drafted('ready'),
      drafted('asked'),
      drafted('late'),
    );
    expect(['asked', 'ahead', 'ready', 'late', 'wasted'].map((how) => value(`aside_drafts_total{how="${how}"}`))).toEqual(['3', '2', '1', '1', '1']);
  });

  test('O4 every line is one that Prometheus reads: a help and a type before each family, no family twice, and each in docs/operations.md', () => {
    const { all } = made();
    const lines = all.text().split('\n');
    expect(lines.pop()).toBe('');
    const named = new Set<string>();
    for (const line of lines) {
      expect(line).toMatch(
        /^(# HELP [a-z_]+ [^\n]+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{[a-z]+="[a-z0-9_.+]+"(,le="[0-9.+Inf]+")?\})? [0-9.e+-]+|[a-z_]+_bucket\{le="[^"]+"\} [0-9]+)$/,
      );
      const type = /^# TYPE (\S+)/.exec(line)?.[1];
      if (type) expect(named.has(type)).toBe(false);
      if (type) named.add(type);
      else if (!line.startsWith('#')) expect([...named].some((name) => line.startsWith(name))).toBe(true);
    }
    expect(named.size).toBeGreaterThan(20);
    const manual = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    expect([...named].filter((name) => !manual.includes(`\`${name}`))).toEqual([]);
  });
});
