import type { Claims } from '../../src/core/entry.ts';

/** An answer of a model about the labelled interview, all of which stands there. */
export const honest: Claims = {
  stars: [
    { text: 'You named your reason plainly: “I wanted to learn the business side”', cites: [7] },
    { text: 'When they asked about the hardest week, you told a story: “I moved the baking to a school kitchen.”', cites: [8, 9] },
  ],
  wish: { text: 'Next time, name your own number first instead of asking "What is the range you have in mind?".', cites: [11] },
  takeaways: [
    { text: 'Prepare two stories like that of the flood.', cites: [9] },
    { text: 'Write down three questions of your own.', cites: [14] },
    { text: 'Decide before what you would like to earn.', cites: [10] },
  ],
  bullets: [
    { text: 'You talked about the bakery and why you left it.', cites: [4, 7] },
    { text: 'They offered forty to fifty, and you answered “Then fifty would be fair.”', cites: [12, 13] },
    { text: 'You used 3 fillers in 63 words.', cites: [4] },
  ],
  moments: [{ seq: 9, kind: 'best_answer', quote: 'I moved the baking to a school kitchen', why: 'It shows what you do when things go wrong.' }],
};
