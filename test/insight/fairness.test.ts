import { describe, expect, it, test } from 'vitest';
import { briefOf } from '../../src/agents/brief.ts';
import { first } from '../../src/core/views.ts';
import { partnerOf } from '../../src/insight/findings.ts';
import { metricsOf } from '../../src/insight/metrics.ts';
import { pictureOf } from '../../src/insight/picture.ts';
import { rulesReview } from '../../src/insight/report.ts';
import { strengthsOf } from '../../src/insight/strengths.ts';
import { logOf, type Row } from './labelled.ts';

const me = (text: string): Row => ({ speaker: 'user', text });
const they = (text: string): Row => ({ speaker: 'other', text });

describe('nobody is told that they gave no answer who gave one and asked back in the same breath', () => {
  test.each([
    ["I'm a teacher, and you?", 0],
    ['I live in Berlin, where do you live?', 0],
    ['i live in berlin where do you live', 0],
    ['yes do you', 0],
    ['Good, how about you?', 0],
    ["It is a long way, isn't it?", 0],
    ['And you?', 1],
    ['Why do you ask?', 1],
    ['um so where do you live', 1],
    ['Well, how about you?', 1],
  ])('“%s” leaves open: %i', (reply, open) => {
    const { questions_unanswered } = metricsOf(logOf({}, [they('What do you do?'), me(reply)]));
    expect(questions_unanswered).toBe(open);
  });
});

describe('nobody is told that they asked nothing who did, though the recogniser wrote no question mark', () => {
  test.each([
    ["of course what's his name", 1],
    ["it is a lot of money don't you think", 1],
    ['i brought the dog is that okay', 1],
    ["i know what's the matter", 0],
    ["that's what's the best about it", 0],
    ['and that is okay', 0],
    ['they said that it is fine', 0],
  ])('“%s”: %i', (text, count) => {
    expect(metricsOf(logOf({}, [me(text)])).questions_asked).toBe(count);
  });
});

describe('the other side is called alike by the coach and by the feedback', () => {
  test.each([
    ['Dana (hiring manager)', 'Dana'],
    ['Mrs. Kowalski', 'Mrs Kowalski'],
    ['Tom Becker', 'Tom'],
    ['my boss, Mr Fischer', 'Mr Fischer'],
    ['Maria', 'Maria'],
    ['the recruiter from Google', 'they'],
    ['a seller at Van World', 'they'],
    ['Lee and Kim', 'they'],
    ['Lee, Kim', 'they'],
    ['', 'they'],
  ])('“%s” is %s', (participants, name) => {
    const entries = logOf({ participants, user: 'Alex' }, []);
    expect(partnerOf({ opened: first(entries, 'opened') }).they).toBe(name);
    expect(briefOf(first(entries, 'opened')!).partner ?? 'they').toBe(name);
  });
});

describe('a promise is something that was promised', () => {
  const long = 'we moved the whole library to another street and it took all of the spring and most of the summer';
  test.each(['I can write Python and Go.', 'Let me ask you something about the team.', 'I will bring more calm to the team than you have now.'])(
    '“%s” is none',
    (text) => {
      expect(rulesReview(logOf({}, [me(long), me(text), they('I see what you mean.')])).takeaways.join()).not.toContain('promised');
    },
  );
  test.each(['I will send you the plan tomorrow.', 'Let me check and get back to you.', 'I can email you the plan.'])('“%s” is one', (text) => {
    expect(rulesReview(logOf({}, [me(long), me(text), they('I see what you mean.')])).takeaways[0]).toContain(text);
  });
});

describe('praise and summary claim no more than the log carries', () => {
  const goal = 'get a raise of 12 percent, mention the Henkel contract, agree on a date for the decision';
  const talk = [they('We will see about that.'), me('There is room for it if we agree on a date when we look at it again.')];

  it('does not say that a goal was put into words when two of its nine words were said', () => {
    expect(rulesReview(logOf({ goal }, talk)).stars.join()).not.toContain('put it into words');
    const named = [they('Go on.'), me('I ask for a raise of 12 percent, because I won the Henkel contract, and for a decision.')];
    expect(rulesReview(logOf({ goal }, named)).stars.join()).toContain('put it into words');
  });

  it('quotes the sentence that came closest to the goal, not the beginning of a long line', () => {
    const line =
      'Sure, let us begin. I grew up by the sea and I learned a lot there about boats and about ropes and weather. I led the data team there.';
    expect(rulesReview(logOf({ goal: 'show that I can lead a team' }, [me(line)])).summary_bullets.join()).toContain('“I led the data team there.”');
  });

  it('does not speak of every question where only the last of a turn was looked at', () => {
    const rows = [
      they('Where did you work? And what did you build there?'),
      me('We built a planner for lorries.'),
      they('Who bought it?'),
      me('Two large dealers bought it.'),
    ];
    const stars = rulesReview(logOf({}, rows)).stars.join();
    expect(stars).not.toContain('No question was left lying');
    expect(stars).toContain('Whenever they asked you something, you replied.');
  });

  it('does not say that somebody was allowed to finish who was interrupted', () => {
    const rows: Row[] = [0, 1, 2, 3].flatMap((turn): Row[] => [
      { ...they('the boats go out at six and come back when it is dark'), from: turn * 20_000, to: turn * 20_000 + 5_000 },
      {
        ...me('then I walk down to the harbour and count them and write the number down'),
        from: turn * 20_000 + (turn === 0 ? 3_000 : 6_000),
        to: turn * 20_000 + 12_000,
      },
    ]);
    const review = rulesReview(logOf({}, rows));
    expect(review.wish).toContain('let them finish');
    const praise = strengthsOf(pictureOf(logOf({}, rows)));
    expect(praise.map(({ kind }) => kind)).toContain('patience');
    expect(praise.map(({ text, advice }) => text + advice).join()).not.toMatch(/finish/);
  });

  it('calls no reply concrete that holds no number where one was asked for', () => {
    const rows = [they('What are you willing to pay?'), me('I was thinking about something lower because of all the work there is to do.')];
    expect(rulesReview(logOf({}, rows)).stars.join()).not.toContain('something to hold on to');
    const named = [they('What are you willing to pay?'), me('I was thinking about nine thousand because of all the work there is to do.')];
    expect(rulesReview(logOf({}, named)).stars.join()).toContain('something to hold on to');
  });

  it('calls no time, year or pleasantry a subject', () => {
    const rows = [
      they('It was a good year and I am fine with the harbour.'),
      me('The harbour is fine, and so is the year, and thank you for your time.'),
      they('We have time for the boats.'),
      me('The boats are in the harbour this time.'),
    ];
    expect(rulesReview(logOf({}, rows)).summary_bullets).toContain('What came up most: harbour and boats.');
  });
});
