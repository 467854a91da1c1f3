import { describe, expect, test } from 'vitest';
import { questionAbout, unfinishedLine } from '../../src/agents/prompt.ts';
import type { Draft, Entry } from '../../src/core/entry.ts';
import { redact } from '../../src/core/redaction.ts';

const mark = 'q7x0k2m9z4b8c1d6';
const log = (...drafts: Draft[]): Entry[] =>
  drafts.map((draft, index) => ({ ...draft, seq: index + 1, at: new Date(Date.UTC(2030, 0, 1, 10, 0, index)).toISOString() }));
const opened: Draft = {
  by: 'user',
  type: 'opened',
  kind: 'coach',
  title: 'A talk',
  user: 'Jo',
  goal: 'Get the job',
  tone: 'warm',
  language: 'de',
  context: 'Call me at +49 170 1234567',
};
const line = (who: 'user' | 'other', text: string): Draft => ({ by: 'ear', type: 'said', via: 'text', text, speaker: { who, probability: 0.9 } });
const whole = (text: string) => redact(text, []);

/** What stands between the marks of one block. */
const block = (entries: Entry[], name: string, moment: Parameters<typeof questionAbout>[1] = { type: 'said' }, take = whole) => {
  const text = questionAbout(entries, moment, { mark, redact: take }).prompt.messages[0]!.text;
  return JSON.parse(text.split(`<${name} ${mark}>`)[1]!.split(`</${name} ${mark}>`)[0]!);
};

describe('a model is told', () => {
  test('the briefing, with its language and tone', () => {
    expect(block(log(opened), 'briefing')).toEqual({
      seq: 1,
      user: 'Jo',
      goal: 'Get the job',
      tone: 'warm',
      language: 'de',
      context: 'Call me at +49 170 1234567',
    });
  });

  test('the last lines with who said them, as they were corrected, and the one that is being said', () => {
    const entries = log(opened, line('other', 'what is you rate'), { by: 'ear', type: 'corrected', of: 2, text: 'what is your rate' });
    expect(block(entries, 'said', { type: 'said', unfinished: 'and when' })).toEqual([
      { seq: 2, speaker: 'other', text: 'what is your rate' },
      { seq: unfinishedLine, speaker: 'other', text: 'and when' },
    ]);
    const long = log(opened, ...Array.from({ length: 90 }, (_, index) => line('other', `line ${index}`)));
    expect(block(long, 'said')).toHaveLength(40);
    expect(block(long, 'said').at(-1)).toMatchObject({ seq: 91, text: 'line 89' });
  });

  test('what was advised, and how it was received', () => {
    const advised = (text: string): Draft => ({ by: 'coach', type: 'advised', text, kind: 'answer', about: 2, reason: 'x', evidence: [2] });
    const entries = log(
      opened,
      line('other', 'hello'),
      advised('One.'),
      advised('Two.'),
      advised('Three.'),
      { by: 'user', type: 'rated', about: 3, useful: true },
      { by: 'coach', type: 'hushed', about: 4, heard: 100 },
    );
    expect(block(entries, 'advised').map(({ text, received }: { text: string; received: string }) => `${text} ${received}`)).toEqual([
      'One. useful',
      'Two. cut off, because somebody began to speak',
      'Three. not rated',
    ]);
  });

  test('what the rules noticed', () => {
    const noticed = [{ kind: 'pace', text: 'Slower.', reason: 'You said "so much".', evidence: [2], about: 2, weight: 1 }] as const;
    expect(block(log(opened, line('user', 'so much')), 'noticed', { type: 'said', noticed })).toEqual([
      { kind: 'pace', reason: 'You said "so much".' },
    ]);
  });

  test('no number that it must not know, wherever it stands', () => {
    const entries = log(opened, line('other', 'My mail is jo@example.org and my number is +49 170 1234567'));
    const noticed = [{ kind: 'answer', text: '', reason: 'They asked about +49 170 1234567.', evidence: [2], about: 2, weight: 1 }] as const;
    const { prompt } = questionAbout(
      entries,
      { type: 'said', noticed, unfinished: 'call +49 170 1234567' },
      { mark, redact: (text) => redact(text, ['phones', 'mails']) },
    );
    expect(JSON.stringify(prompt)).not.toMatch(/1234567|example\.org/);
    expect(prompt.messages[0]!.text).toContain(mark);
  });

  test('nothing that was taken off the record', () => {
    const entries = log(opened, { by: 'user', type: 'removed' }, line('other', 'hello'));
    const { citable, prompt } = questionAbout(entries, { type: 'said' }, { mark, redact: whole });
    expect([...citable]).toEqual([3, 1]);
    expect(prompt.messages[0]!.text).not.toContain('"seq":2');
  });
});
