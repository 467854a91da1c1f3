import { describe, expect, test } from 'vitest';
import { csvOf, jsonOf, markdownOf, srtOf } from '../../src/web/feedback/exports.ts';
import { partsOf, timelineOf } from '../../src/web/feedback/timeline.ts';
import { feedback, labels, line } from '../support/sample-feedback.ts';

const talk = [
  { ...line(3, 'user', 'um, hello', 1_000, 3_500), fillers: ['um'] },
  line(4, 'coach', 'Ask about the team.', null, null, 5),
  line(5, 'other', '=SUM(A1) --> "why", she\nasked', 4_000, 6_250),
];

describe('a conversation laid out in time', () => {
  test('what was heard stands where its sound was, what was not by when it was written down', () => {
    const { length, stretches, moments } = timelineOf(feedback(talk));
    expect(stretches.map(({ begins, ends }) => [begins, ends])).toEqual([
      [1_000, 3_500],
      // the first line was written down at its end, 3.5 s after the beginning; this one two seconds later
      [5_500, 5_500],
      [4_000, 6_250],
    ]);
    expect(length).toBe(6_250);
    expect(moments.map(({ begins }) => begins)).toEqual([1_000]);
    expect(timelineOf(feedback([], { moments: [] }))).toEqual({ length: 0, stretches: [], moments: [] });
  });

  test('the parts of a talk tell share and pace where enough was said, and nothing where it was not', () => {
    const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');
    const long = [
      line(2, 'user', words(60), 0, 30_000),
      line(3, 'other', words(30), 30_000, 60_000),
      line(4, 'user', words(10), 60_000, 65_000),
      line(5, 'other', words(10), 118_000, 120_000),
    ];
    expect(partsOf(timelineOf({ transcript: long, moments: [] }), 2)).toEqual([
      { from: 0, to: 60_000, share: 0.5, pace: 120 },
      { from: 60_000, to: 120_000, share: undefined, pace: undefined },
    ]);
    // typed words have no pace
    expect(partsOf(timelineOf({ transcript: [line(2, 'user', 'hello', null, null)], moments: [] }))).toEqual([]);
  });
});

describe('a feedback as files', () => {
  test('subtitles: numbered, in the order in which they sounded, and an arrow in what was said is none of the format', () => {
    expect(srtOf(feedback(talk), labels)).toBe(
      [
        '1\n00:00:01,000 --> 00:00:03,500\nYou: um, hello\n',
        '2\n00:00:04,000 --> 00:00:06,250\nThem: =SUM(A1) → "why", she asked\n',
        '3\n00:00:05,500 --> 00:00:08,500\nAside: Ask about the team.\n',
      ].join('\n'),
    );
  });

  test('a table: no cell is a formula, and commas, quotes and lines stay within theirs', () => {
    const rows = csvOf(feedback(talk)).split('\r\n');
    expect(rows[0]).toBe('seq,from_seconds,to_seconds,timestamp,speaker,text,fillers');
    expect(rows[1]).toBe('3,1,3.5,2026-01-01T10:00:03.000Z,user,"um, hello",1');
    expect(rows[3]).toBe('5,4,6.25,2026-01-01T10:00:05.000Z,other,"\'=SUM(A1) --> ""why"", she asked",0');
    for (const start of ['=', '+', '-', '@']) {
      const cell = csvOf(feedback([line(2, 'user', `${start}cmd`, 0, 1)]))
        .split('\r\n')[1]!
        .split(',')[5]!;
      expect(cell).toBe(`'${start}cmd`);
    }
  });

  test('Markdown: everything is in it, and nobody’s words become markup, a link or a picture', () => {
    const hostile = '# <script>x</script> ![a](http://b.example) [c](d) *e* `f`\n- g';
    const text = markdownOf(feedback([line(2, 'other', hostile, 0, 1_000)]), labels);
    for (const part of [
      '# How it went',
      '## The numbers',
      '- Pace: not measured',
      '## Worth another look',
      '- (0:01) um, hello It began well.',
      '1. One.',
    ])
      expect(text).toContain(part);
    expect(text).toContain('You said 2 \\*things\\*.');
    const said = text.split('\n').find((one) => one.startsWith('**Them**'))!;
    expect(said.slice('**Them** (0:00) '.length).match(/(?<!\\)[<>[\]*`#!()]/g)).toBeNull();
  });

  test('JSON is the whole feedback', () => {
    expect(JSON.parse(jsonOf(feedback(talk)))).toEqual(feedback(talk));
  });
});
