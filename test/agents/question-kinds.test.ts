import { describe, expect, test } from 'vitest';
import { readQuestion } from '../../src/agents/reflexes/question-kinds.ts';

const questions: [question: string, kind: string, slots: Record<string, string>][] = [
  ['tell me a little bit about yourself', 'self', {}],
  ['So, walk me through your background.', 'self', {}],
  ['tell me about a time you failed', 'example', { topic: 'you failed' }],
  ['can you tell me about it time when you solve a hard problem', 'example', { topic: 'you solve a hard problem' }],
  ['and what happens when people disagree with you', 'open', {}],
  ['can you give me an example of a conflict with a colleague', 'example', { topic: 'a conflict with a colleague' }],
  ['have you ever managed a remote team', 'example', { topic: 'a remote team' }],
  ['what is your hourly rate', 'price', { topic: 'the rate' }],
  ['What are your salary expectations?', 'price', { topic: 'the salary' }],
  ['great we were thinking about the launch what would you charge', 'price', { topic: 'the price' }],
  ['can you do any better on the price', 'push', { topic: 'the price' }],
  ['is there any room on the rent', 'push', { topic: 'the rent' }],
  ['what would you say is your greatest weakness', 'weakness', { topic: 'weakness' }],
  ['why did you leave your last job', 'why', { topic: 'your last job' }],
  ['what made you move to Lisbon', 'why', { topic: 'Lisbon' }],
  ['when could you start', 'when', { ask: '"when"' }],
  ['how long is your notice period', 'when', { topic: 'your notice period' }],
  ['do you want coffee or tea', 'choice', { one: 'coffee', two: 'tea' }],
  ['do you prefer remote or on site', 'choice', { one: 'remote', two: 'on site' }],
  ['how do you handle difficult customers', 'how', { topic: 'difficult customers' }],
  ['Do you have any questions for us?', 'questions', {}],
  ['how about you', 'back', {}],
  ['what kind of music do you like', 'like', { topic: 'music' }],
  ['are you familiar with the delivery terms', 'yesno', { topic: 'the delivery terms' }],
  ['what is your experience with large distributed databases', 'open', { topic: 'large distributed databases' }],
  ['where do you see yourself in five years', 'open', { ask: '"where"' }],
  ['how soon could you start', 'when', { ask: '"how soon"' }],
  ['So, how do you think the year went?', 'open', {}],
  ['how did the migration go', 'open', { topic: 'the migration' }],
  ['how are you going to reach the target', 'how', { topic: 'the target' }],
  ['how did you get into sailing', 'how', { topic: 'sailing' }],
  ['are you into sailing', 'like', { topic: 'sailing' }],
  ['And what number are you thinking of?', 'price', {}],
  ['Is there any flexibility on the twelve percent?', 'push', { topic: 'the number' }],
  ['is there any room on the raise', 'push', { topic: 'the raise' }],
  ['What about you, are you looking for something serious or just seeing what happens?', 'choice', {}],
  ["i'd love to what about you are you looking for something serious or just seeing what happens", 'choice', {}],
  ['what do you want to do in two or three years', 'open', {}],
  ['how much were you thinking of', 'price', {}],
  ['how much do you know about boats', 'open', { topic: 'boats' }],
  ['why did your last relationship end', 'why', { topic: 'your last relationship' }],
  ['how would you reduce the cost of our cloud', 'how', {}],
  ['How do you manage a budget of that size?', 'how', {}],
  ['what would you do to cut our costs', 'open', {}],
  ['can you reduce the fees', 'push', { topic: 'the fees' }],
  ["what's your favourite quote", 'like', {}],
  ['what is your quote', 'price', { topic: 'the quote' }],
  ['What are you willing to pay?', 'price', { topic: 'the price' }],
  ['how do you pay attention for so long', 'how', {}],
  ['Could you briefly summarize your research for somebody outside your field?', 'open', { topic: 'your research' }],
  ['can you describe the new process to us', 'open', { topic: 'the new process' }],
  ['are you looking for something serious or just seeing what happens', 'choice', {}],
];

describe('a question is read by its words alone', () => {
  test.each(questions)('"%s" waits for: %s', (question, kind, slots) => {
    const asked = readQuestion(question);
    expect(asked.kind).toBe(kind);
    expect(asked.slots).toMatchObject(slots);
  });

  test('a sum that has no name is a number', () => {
    expect(readQuestion('how much were you thinking of').phrase).toBe('priceBare');
  });

  test('either-or is a choice in the middle of a turn, too, and counting up is none', () => {
    const kinds = questions.filter(([question]) => /serious| or three/.test(question)).map(([question]) => readQuestion(question).phrase);
    expect(kinds).toEqual(['choiceBare', 'choiceBare', 'openBare', 'choiceBare']);
  });
});
