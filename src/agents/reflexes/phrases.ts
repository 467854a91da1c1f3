/**
 * Everything the coach can say by itself; `{…}` is filled with words from the talk, the goal or the context.
 * Of each list the first that was not said yet is taken, so the order is from best to spare.
 */
export const phrases = {
  self: ['About yourself: today, one proof from before, what you want next.', 'Three sentences about yourself: now, before, next.'],
  example: ['{topic}: situation, action, result – one example.', 'One example of {topic}: what was wrong, what you did, what changed.'],
  exampleBare: ['They want an example: situation, action, result – just one.', 'One example: where it was, what you did, what changed.'],
  price: ['They asked about {topic}: one number, one reason, then stop.', '{topic}: say one number, give one reason, then pause.'],
  priceBare: ['They asked for a number: one number, one reason, then stop.', 'Say one number, give one reason, then pause.'],
  push: ['Before you move on {topic}, ask what they give in return.', '{topic}: offer nothing yet, ask what matters most to them.'],
  when: ['{topic}: give one date you can keep.', 'One date for {topic}, and what it depends on.'],
  whenBare: ['They asked {ask}: give one date or number you can keep.', '{ask}: name the date first, then explain.'],
  why: ['Why {topic}: one honest reason, then one short example.', '{topic}: your strongest reason first, and only that one.'],
  whyBare: ['They asked why: one honest reason, then one short example.', 'Why: your strongest reason first, and only that one.'],
  choice: ['{one} or {two}: choose first, then say why.', 'Begin with "{one}" or "{two}", then one reason.'],
  choiceBare: ['Choose first, then say why.', 'Pick one of the two, then one reason.'],
  weakness: ['{topic}: name one real one, then what you do about it.', 'One {topic} that is true, and what you changed.'],
  strength: ['{topic}: name one, then the story that proves it.', 'One {topic} is enough, with one example.'],
  questions: ['Yes: ask {them} about {topic}.', 'Ask {them}: what matters most about {topic}?'],
  back: ['Your turn on {topic}: one short story, then ask further.', '{topic}: answer for yourself in two sentences.'],
  backBare: ['They ask you back: one short story about yourself.', 'Answer for yourself in two sentences, then ask further.'],
  like: ['{topic}: one thing you love, then ask it back.', 'A small true story about {topic}, then ask it back.'],
  likeBare: ['One thing you love and why, then ask it back.', 'One small true story, then ask it back.'],
  how: ['{topic}: your first step, the next step, the result.', 'How you do {topic}: one real case, step by step.'],
  howBare: ['They asked how: first step, next step, result.', 'How: one real case, step by step.'],
  yesno: ['{topic}: yes or no first, then one reason.', 'Start with yes or no on {topic}, then explain.'],
  yesnoBare: ['Yes or no first, then one reason.', 'Start with yes or no, then explain.'],
  open: ['{topic}: your answer in one sentence, then one detail.', 'One sentence on {topic}, then one example.'],
  openBare: ['{clause}: one sentence, then one detail.', '{clause}: the short answer first, then one example.'],

  evadedPrice: ['They still have no number for {topic}: name one.', '{topic} is still without a number.'],
  evadedPriceBare: ['They still have no number: name one.', 'The number they asked for is still missing.'],
  evadedWhen: ['They still have no date for {topic}.', '{topic} is still without a date.'],
  evadedWhenBare: ['They asked {ask} and still have no date.', '{ask} is still open: name a date.'],
  evadedWhy: ['They still do not know why {topic}: one reason.', 'The reason for {topic} is still missing.'],
  evadedWhyBare: ['They still do not know why: give one reason.', 'The reason they asked for is still missing.'],
  evadedChoice: ['{one} or {two} is still open: choose one.', 'They still wait: {one} or {two}?'],

  silenceAsked: ['Their question is open: begin with one sentence on {topic}.', 'Say "let me think about {topic}", then answer.'],
  silenceAskedBare: ['Their question is still open: begin with one sentence.', 'Say that you need a moment, then answer in one sentence.'],
  silenceTheirs: ['Ask {them} one question about {topic}.', 'Say one sentence about {topic}, then ask on.'],
  silenceTheirsBare: ['Say back what you understood, then ask {them} one question.', 'Ask {them} what they mean by that.'],
  silenceWaiting: ['Let {them} think: you asked about {topic}.', 'You asked about {topic}: keep waiting.'],
  silenceMine: ['Hand over: ask {them} one question about {topic}.', 'Ask {them} what they think about {topic}.'],
  silenceUnknown: ['Ask one question about {topic}.', 'One question about {topic} ends the silence.'],

  monologue: [
    '{length} from you: ask {them} about {topic}.',
    'Hand over: ask {them} about {topic}.',
    'Your turn is long: end with a question on {topic}.',
  ],
  monologueBare: ['{length} from you: hand over with a question.', 'Hand over: ask {them} what they think.'],

  fillers: [
    'You keep saying "{filler}": a silent breath does it.',
    '"{filler}" again: end the sentence, then breathe.',
    'Leave out "{filler}": pause instead.',
  ],

  pace: [
    'Slower: let {topic} land before the next thought.',
    'Take a breath, then {topic} again in short sentences.',
    'You are fast: one thought, one breath, then {topic}.',
  ],
  paceBare: ['Slower: one thought, one breath.', 'You are fast: shorter sentences, a breath between.'],

  return: ['Come back to what they said about {topic}.', 'Ask {them} one more question about {topic}.', 'Ask {them} about {topic}.'],

  goal: ['From your goal, still untouched: {part}.', 'This may be the moment: {part}.', 'Your goal waits: {part}.'],

  hintTopic: ['Ask {them} more about {topic}.', 'Say one sentence about {topic}, then ask.', 'Ask {them} how it goes on with {topic}.'],
  hintGoal: ['Next: {part}.', 'Still to do: {part}.', 'Lead over to your goal: {part}.'],
  hintContext: ['Ask {them} what matters most about {topic}.', 'Tell {them} one thing you know about {topic}.', 'Begin with {topic}.'],
  hintBare: [
    'Ask {them} what matters most here.',
    'Say in your own words what you heard, then ask.',
    'Ask {them} what should happen next.',
    'Ask for an example.',
  ],
} as const satisfies Record<string, readonly string[]>;

export type PhraseName = keyof typeof phrases;

/** How long somebody has talked, as it is said. */
export const lengths = ['a minute', 'two minutes', 'three minutes', 'four minutes', 'five minutes', 'many minutes'] as const;

/** What stands for money that nobody called by a name. */
export const theMoney = 'the price';

/** What stands for the other side when nobody knows its name. */
export const nobody = 'them';

/** How advice begins for users who asked for a gentle tone. */
export const softly = 'No rush –';
