import { expect, test } from 'vitest';
import { isInvented } from '../../src/audio/inventions.ts';

/** So many ms of voice, in two pieces. */
const voiced = (ms: number) => ({
  voiced: [
    { from: 1_000, to: 1_000 + ms / 2 },
    { from: 2_000, to: 2_000 + ms / 2 },
  ],
});

test.each([
  ['Thank you for watching!', 0.9, 300],
  ['Thank you for watching!', 0.9, 6_000],
  ['Thanks for watching, and see you next time.', 0.3, 2_000],
  ['Please subscribe to my channel.', null, 400],
  ['Untertitel der Amara.org-Community', 0.8, 250],
  ['Untertitelung des ZDF, 2020', 0.9, 9_000],
  ['Sous-titrage ST’ 501', 0.9, 120],
  ['Subtitles by the community', 0.2, 1_500],
  ['Thank you.', 0.9, 100],
  ['Thank you.', 0.2, 200],
  ['you you you you you you', 0.3, 300],
  ['Thank you.', 0.9, 4_500],
  ['Okay.', null, 3_200],
  ['[Music]', 0.9, 1_000],
  ['♪ La la la ♪', 0.9, 2_000],
  ['*applause* (laughter)', null, 2_000],
  ['...', 0.9, 500],
  ['谢谢观看', 0.9, 300],
  ["I'm going to go. I'm going to go. I'm going to go. I'm going to go. I'm", 0.9, 9_000],
])('“%s”, sure by %s, in %i ms of voice: nobody said that', (text, confidence, ms) => {
  expect(isInvented({ text, confidence, words: [] }, voiced(ms))).toBe(true);
});

test.each([
  ['Thank you.', 0.9, 350],
  ['Thank you.', 0.3, 600],
  ['Thank you.', null, 250],
  ['Thank you.', 0.9, 3_500],
  ['Okay.', 0.9, 2_500],
  ['Hmm.', 0.9, 5_000],
  ['Thank you very much for coming in today.', 0.4, 900],
  ['Thank you for watching!', 0.9, 1_200],
  ['Thanks for listening.', 0.8, 1_000],
  ['Bye.', 0.95, 200],
  ['Okay.', 0.9, 250],
  ['No no no.', 0.6, 500],
  ['No, no, no, no, no.', 0.4, 1_400],
  ['1 1 1 1', 0.9, 1_600],
  ['um um um um', 0.9, 1_800],
  ['(we) said so', 0.9, 700],
  ['谢谢观看', 0.9, 1_000],
  ['Can you see me?', 0.1, 90],
  ['I wrote subtitles by hand for a year.', 0.2, 200],
])('“%s”, sure by %s, in %i ms of voice: somebody may well have said that', (text, confidence, ms) => {
  expect(isInvented({ text, confidence, words: [] }, voiced(ms))).toBe(false);
});

test('who laughs for seconds and then says thank you is heard: the time of the words counts where they have one', () => {
  const said = (from: number) => ({
    text: 'Thank you.',
    confidence: 0.9,
    words: [
      { text: 'Thank', from, to: 5_600, confidence: 0.9 },
      { text: 'you.', from: 5_600, to: 6_000, confidence: 0.9 },
    ],
  });
  const laughing = { voiced: [{ from: 0, to: 6_000 }] };
  expect(isInvented(said(5_200), laughing)).toBe(false);
  expect(isInvented(said(200), laughing)).toBe(true);
});
