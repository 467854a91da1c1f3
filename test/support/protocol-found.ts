import type { Deed, Program, Step } from './protocol-program.ts';

/** Deeds in a row: each with how much of it, and for how many ms everything then goes on. */
const program = (...steps: [deed: Deed, much: number, ms: number][]): Program => ({
  seed: 0,
  past: 0,
  steps: steps.map(([deed, much, ms]): Step => ({ deed, much, ms })),
});

/** Programs that once went wrong, as small as they could be made. */
export const found: readonly Program[] = [
  // a wish that was refused and repeated after it was done
  program(['full', 5, 2], ['type', 7, 3], ['drop', 5, 2]),
  // sound before the greeting, on a page whose predecessor had brought everything
  program(['speak', 4, 8], ['quiet', 4, 300], ['reload', 8, 0], ['speak', 1, 0]),
  // sound that came while nothing was taken, and a stop right behind it
  program(['full', 8, 12_000], ['speak', 1, 0], ['quiet', 5, 3], ['drop', 4, 2], ['type', 7, 8]),
  // a rest that lasted as long as the clock was back
  { ...program(['full', 6, 300], ['speak', 1, 0], ['quiet', 3, 0], ['speak', 1, 0], ['jump', 1, 5]), seed: 1 },
  // off the record, refused; on the record, done; off the record once more
  program(['full', 1, 8], ['pause', 2, 12_000], ['space', 7, 0], ['resume', 6, 5], ['drop', 5, 5], ['speak', 1, 0]),
  program(['back', 5, 2], ['holdDown', 3, 2], ['full', 2, 1], ['pause', 3, 1], ['speak', 1, 1], ['space', 1, 3], ['resume', 4, 3], ['crash', 7, 40]),
  // a piece that was still being kept when somebody else was greeted
  program(['agree', 6, 300], ['speak', 1, 0], ['other', 3, 1], ['speak', 1, 0]),
  // pieces that came while the ear came to its end
  program(['die', 4, 1], ['speak', 1, 0], ['quiet', 3, 1_500], ['swap', 5, 2], ['speak', 1, 0]),
  program(['holdUp', 6, 300], ['type', 1, 1], ['swap', 7, 300], ['letUp', 5, 8], ['quiet', 6, 2], ['speak', 1, 0]),
  // a gap that was still being told when somebody else was greeted
  program(['quiet', 5, 8], ['holdUp', 5, 40], ['overflow', 1, 40], ['letUp', 3, 2], ['other', 2, 0], ['speak', 1, 0], ['speak', 1, 0]),
  // pieces of one device that waited for a missing one, taken for those of another
  program(['full', 5, 8], ['speak', 1, 0], ['overflow', 5, 40], ['other', 7, 40], ['speak', 1, 0], ['speak', 1, 0]),
  // a gap behind what was said, while the clock was back
  { ...program(['speak', 1, 0], ['quiet', 2, 5], ['jump', 4, 300], ['overflow', 5, 3]), seed: 1 },
  // a command that empties the bucket because the clock went back
  { ...program(['back', 2, 2], ['speak', 1, 0], ['jump', 2, 40]), seed: 1 },
  // sound of one device was kept behind a hole, when another device came with a recorder of its own
  program(
    ['agree', 4, 5],
    ['type', 7, 1_500],
    ['jump', 7, 0],
    ['quiet', 6, 8],
    ['holdUp', 2, 40],
    ['crash', 7, 300],
    ['other', 6, 8],
    ['speak', 4, 0],
  ),
  // a finish heard what a crash had left, while its device came back
  program(['agree', 6, 3], ['speak', 4, 300], ['crash', 7, 2], ['finish', 8, 0]),
  // sound from before the greeting, of which the oldest was too old, and which the browser then kept by its old numbers and by its new ones
  program(['speak', 1, 0], ['quiet', 4, 300], ['holdUp', 1, 0], ['reload', 5, 0], ['speak', 1, 0], ['overflow', 1, 2], ['reload', 1, 0]),
  // sound from before the greeting, on a page that was loaded again before there was one
  program(['speak', 1, 0], ['quiet', 4, 300], ['away', 1, 0], ['reload', 5, 0], ['speak', 3, 0], ['reload', 1, 0]),
  // the end, while the words of kept sound could not be written down
  { ...program(['agree', 2, 1_500], ['overflow', 3, 1_500], ['quiet', 1, 3], ['full', 2, 1_500]), seed: 9 },
  // an older device came back after a newer one had gone off the record
  { ...program(['pause', 6, 5], ['resume', 6, 40], ['crash', 6, 0], ['other', 1, 2], ['pause', 7, 1_500]), seed: 846_367 },
  // a line that was refused because another device had gone off the record, which nobody knew when it was sent again
  {
    ...program(
      ['pause', 4, 8],
      ['other', 4, 0],
      ['holdDown', 2, 300],
      ['type', 6, 2],
      ['pause', 8, 300],
      ['resume', 5, 8],
      ['type', 5, 1_500],
      ['letUp', 3, 12_000],
    ),
    seed: 1,
  },
  // a device came back with words that were in the log, behind the sound of another one
  {
    ...program(['speak', 7, 300], ['quiet', 3, 1], ['full', 3, 8], ['space', 2, 5], ['other', 1, 0], ['restart', 8, 5], ['quiet', 1, 300]),
    seed: 1,
  },
  // the same, where its recorder had begun anew
  {
    ...program(
      ['jump', 6, 8],
      ['speak', 7, 300],
      ['quiet', 3, 1],
      ['full', 3, 8],
      ['space', 2, 5],
      ['other', 1, 0],
      ['restart', 8, 5],
      ['quiet', 1, 300],
    ),
    seed: 8,
  },
  // another device was greeted while sound of the first was kept behind what its ear was just hearing
  program(
    ['agree', 4, 8],
    ['jump', 8, 1_500],
    ['speak', 6, 1],
    ['full', 4, 1],
    ['speak', 1, 0],
    ['quiet', 2, 12_000],
    ['speak', 3, 0],
    ['type', 5, 3],
    ['other', 8, 2],
    ['speak', 1, 0],
    ['crash', 3, 0],
  ),
];
