import { describe, expect, test } from 'vitest';
import { lengths, nobody, phrases, softly, theMoney } from '../../src/agents/reflexes/phrases.ts';
import { longest, wordCount } from '../../src/agents/reflexes/wording.ts';
import type { Entry } from '../../src/core/entry.ts';
import { every } from '../../src/core/views.ts';
import { wordsOf } from '../../src/insight/words.ts';
import { ask, type Briefing, other, quiet, type Step, someone, stage, user } from './stage.ts';

/** What the coach may say of its own: the phrases, and the words that turn "my" into "your" and "their". */
const own = new Set(
  [...Object.values(phrases).flat(), ...lengths, nobody, softly, theMoney, 'your yourself you are their the'].flatMap((text) =>
    wordsOf(text.replaceAll(/\{\w+\}/g, ' ')),
  ),
);

const bare = (word: string) => word.replace(/'s$/, '');

/** Every word that was given to the coach: what was said, and what the user told beforehand. */
function given(entries: readonly Entry[]): Set<string> {
  const texts = entries.flatMap((entry) => {
    if (entry.type === 'said') return [entry.text];
    return entry.type === 'opened' ? [entry.goal, entry.context, entry.participants, entry.user].filter((text) => text !== undefined) : [];
  });
  return new Set(texts.flatMap(wordsOf).map(bare));
}

const talks: [name: string, briefing: Briefing, steps: Step[]][] = [
  [
    'an interview',
    {
      user: 'Alex Müller',
      goal: 'Show that I can lead; ask about my parental leave and the team',
      context: "Interview at Northwind's platform group, salary is open",
      participants: 'Dana',
    },
    [
      user("Hi, I'm Alex."),
      other('Tell me about a time you failed.', 21),
      user('Um, well, um, you know, that was, um, in Lisbon with, um, our old billing system.', 21),
      other("What's your salary expectation, and when could you start?", 21),
      user('That is a good thing to talk about at a later time perhaps.', 21),
      other('We use Kafka and our legacy pipeline breaks every Friday.', 21),
      user('I see what you mean there.', 21),
      other('So it is.', 21),
      other('Do you have any questions for us?', 21),
      quiet(30),
      ask,
      ask,
      ask,
      ask,
      ask,
    ],
  ],
  [
    'a negotiation, gently',
    {
      user: 'Sam',
      goal: 'get the price under 40 thousand, agree on delivery in March',
      context: 'buying a used van from a dealer',
      participants: 'Lee and Kim',
      tone: 'calm and friendly',
    },
    [
      user("hi i'm sam"),
      other('what would you pay for it', 21),
      user('it looks like it was driven a lot by somebody careless', 21),
      other('is there any room on the price from your side', 21),
      user('maybe', 21),
      other('my brother repaired the gearbox and the clutch last winter', 21),
      quiet(10),
      user('all of the tyres are worn and the windscreen has a crack and there is rust below the doors', 70),
      someone('the engine sounds healthy though', 21),
      quiet(20),
      ask,
      ask,
      ask,
    ],
  ],
  [
    'a date',
    { user: 'Jo', goal: 'Be curious', context: 'First date, we met at a concert in Porto' },
    [
      user("hi i'm jo"),
      other('i just started learning pottery and my sister thinks it is hilarious', 21),
      user('i like the concert hall', 21),
      other('what kind of music do you like', 21),
      user('jazz', 21),
      other('and how do you like this wine', 21),
      user('what is your favourite place in Porto', 21),
      quiet(10),
      other('how about you', 21),
      quiet(20),
      ask,
      ask,
      ask,
      ask,
    ],
  ],
];

describe('a suggestion says nothing that nobody told the coach', () => {
  test.each(talks)('%s: every word is from the talk, the goal, the context or the phrases', async (_, briefing, steps) => {
    const { talk, play, leave } = await stage(briefing);
    await play(...steps);
    await leave();
    const known = given(talk.entries);
    const advised = every(talk.entries, 'advised');
    expect(advised.length).toBeGreaterThan(5);
    for (const { text } of advised) {
      expect(wordCount(text), text).toBeLessThanOrEqual(longest);
      expect(
        wordsOf(text).filter((word) => !own.has(word) && !known.has(bare(word))),
        text,
      ).toEqual([]);
    }
  });

  test.each(talks)('%s: every suggestion rests on entries that exist, and says why in a sentence', async (_, briefing, steps) => {
    const { talk, play, leave } = await stage(briefing);
    await play(...steps);
    await leave();
    for (const { seq, evidence, reason } of every(talk.entries, 'advised')) {
      expect(evidence.length).toBeGreaterThan(0);
      for (const witness of evidence) expect(['said', 'opened', 'asked']).toContain(talk.entries[witness - 1]?.type);
      expect(evidence.every((witness) => witness < seq)).toBe(true);
      expect(reason).toMatch(/^[A-Z0-9].+[.]$/);
    }
  });

  test('most of what is said unasked names something of this very talk', async () => {
    const concrete: boolean[] = [];
    for (const [, briefing, steps] of talks) {
      const { talk, play, leave } = await stage(briefing);
      await play(...steps);
      await leave();
      const known = given(talk.entries);
      for (const { text, kind } of every(talk.entries, 'advised')) {
        if (kind !== 'hint') concrete.push(wordsOf(text).some((word) => known.has(bare(word)) && !own.has(word)));
      }
    }
    expect(concrete.filter(Boolean).length / concrete.length).toBeGreaterThan(0.6);
  });
});
