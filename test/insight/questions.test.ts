import { describe, expect, it } from 'vitest';
import { isQuestion, questionKind, questionsIn } from '../../src/insight/questions.ts';

describe('a question', () => {
  it.each([
    ['what do you do', 'open'],
    ["what's your biggest weakness", 'open'],
    ['So, um, what brought you here?', 'open'],
    ['how did the team react', 'open'],
    ['Why?', 'open'],
    ['what about the price', 'open'],
    ['how come', 'open'],
    ['tell me about your last job', 'open'],
    ['okay great walk me through your day', 'open'],
    ['Describe a conflict you solved.', 'open'],
    ['it is good to meet you so tell me about yourself', 'open'],
    ['where are you from', 'closed'],
    ['when can you start', 'closed'],
    ['how much did it cost', 'closed'],
    ['how many people were there', 'closed'],
    ['what time is it', 'closed'],
    ['which one', 'closed'],
    ['do you like it here', 'closed'],
    ['can you hear me', 'closed'],
    ["aren't you cold", 'closed'],
    ['is that your final offer', 'closed'],
    ['did Tom call', 'closed'],
    ['have you been here before', 'closed'],
    ["it is cold isn't it", 'closed'],
    ['You are from Leeds?', 'closed'],
    ['you are twenty nine right', 'closed'],
    ['that is all from me do you have a minute', 'closed'],
    ['we are happy to have you here what made you apply', 'open'],
    ['if you could change one thing what would it be', 'open'],
    ['any questions', 'closed'],
  ] as const)('is heard in «%s» (%s)', (text, kind) => {
    expect(isQuestion(text)).toBe(true);
    expect(questionKind(text)).toBe(kind);
  });

  it.each([
    'what a day',
    'when i was young we moved',
    'what i did was ask',
    'where i live it rains',
    'which is why i left',
    'who knows',
    'do you know what i mean',
    'i asked him what he was doing',
    'it depends on what you are looking for',
    'so nice to have you here today',
    'where there is smoke there is fire',
    'how nice',
    'have a nice day',
    'do it',
    'do that again',
    'that is right',
    "that's right",
    'i know what you mean',
    'tell me about it',
    'you can do it',
    'yes you did',
    'I told them to wait.',
    'will do',
    'okay right',
    '',
  ])('is not heard in «%s»', (text) => {
    expect(isQuestion(text)).toBe(false);
    expect(questionKind(text)).toBeNull();
  });

  it('is found among other sentences, in its own words, and the last one counts for the kind', () => {
    const text = 'I see. What did you sell? We sell tea. Was it hard?';
    expect(questionsIn(text)).toEqual(['What did you sell?', 'Was it hard?']);
    expect(questionKind(text)).toBe('closed');
  });
});
