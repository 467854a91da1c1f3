import { interruptions } from './balance.ts';
import { counted, enoughWords, type Finding, heaviest, partnerOf, percent } from './findings.ts';
import { fillerPercentage } from './metrics.ts';
import { monologue } from './moments.ts';
import type { Picture } from './picture.ts';
import { ended, quoted } from './quotes.ts';

/** Fillers over this share of the words, in percent, begin to be heard. */
const audible = 3;
const followable = { from: 100, to: 170 };
const fair = { from: 0.25, to: 0.65 };
const slowReply = 3;

const within = (weight: number, most: number): number => Math.round(Math.min(weight, most));

/** What the user did to the other side's words: questions left open, interruptions, no question back, a goal never named. */
function towardsThem(picture: Picture): (Finding | undefined)[] {
  const { metrics, exchanges, lines, turns } = picture;
  const { they, them, are, were } = partnerOf(picture);
  const open = exchanges.filter((exchange) => exchange.answered === false);
  const last = open.at(-1);
  const left = open.find((exchange) => turns.some((turn) => turn.who === 'user' && turn.lines[0]!.seq > exchange.asked.seq));
  const goal = picture.goal;
  const { user_words, other_words, questions_asked, interruptions_made, median_reply_gap_seconds } = metrics;
  const cut = interruptions_made
    ? interruptions(
        lines.filter((line) => line.who === 'user'),
        lines.filter((line) => line.who === 'other'),
      )[0]
    : undefined;
  return [
    left && {
      kind: 'unanswered',
      weight: within(70 + 5 * open.length, 95),
      text: `Next time, answer before you move on: ${they} asked ${quoted(left.question)} and got no answer.`,
      advice: `Prepare two sentences in answer to ${ended(quoted(left.question))}`,
    },
    last && !left
      ? {
          kind: 'unanswered',
          weight: 42,
          text: `Next time, leave room for the last question: ${quoted(last.question)} was still open when the talk ended.`,
          advice: `Answer this when you next speak: ${ended(quoted(last.question))}`,
        }
      : undefined,
    cut && {
      kind: 'interruptions',
      weight: within(50 + 10 * (interruptions_made ?? 0), 90),
      text: ended(
        `Next time, let ${them} finish: ${interruptions_made === 1 ? 'once' : `${interruptions_made} times`} you began while ${they} ${were} still speaking, as with ${quoted(cut.text)}`,
      ),
      advice: `Count to one in silence when ${they} ${are} done, then speak.`,
    },
    goal && goal.shared === 0 && user_words >= enoughWords
      ? {
          kind: 'goal',
          weight: 41,
          text: `Next time, steer towards what you came for: your goal was ${quoted(goal.text)}, and no line of yours uses its words.`,
          advice: `Before you go in, choose the sentence that will lead you to your goal, ${quoted(goal.text)}.`,
        }
      : undefined,
    questions_asked === 0 && other_words > 0 && user_words >= enoughWords
      ? {
          kind: 'questions',
          weight: 45,
          text: `Next time, ask ${them} something early: not one question in this talk was yours.`,
          advice: 'Go in with two questions that you really want answered.',
        }
      : undefined,
    median_reply_gap_seconds !== null && median_reply_gap_seconds > slowReply
      ? {
          kind: 'reply',
          weight: within(30 + median_reply_gap_seconds, 50),
          text: `Next time, show that you are thinking: your reply usually began ${median_reply_gap_seconds} s after ${they} had stopped.`,
          advice: 'When you need time, say that you are thinking; then silence feels like care.',
        }
      : undefined,
  ];
}

/** How the user spoke: fillers, pace, length, share. */
function ownSpeech({ metrics }: Picture): (Finding | undefined)[] {
  const { fillers, filler_words, user_words, words_per_minute: pace, talk_ratio: share, longest_turn_seconds: longest } = metrics;
  const filled = fillerPercentage(metrics);
  const favourite = Object.entries(filler_words).sort((a, b) => b[1] - a[1])[0]?.[0];
  return [
    fillers !== null && favourite && fillers >= 2 && filled >= audible
      ? {
          kind: 'fillers',
          weight: within(35 + filled * 4, 88),
          text: `Next time, let a silence stand where you would fill it: ${counted(fillers, 'filler')} in ${counted(user_words, 'word')} (${filled} %), “${favourite}” most of all.`,
          advice: `Tell one story aloud, and breathe out each time “${favourite}” wants to come.`,
        }
      : undefined,
    longest !== null && longest > monologue
      ? {
          kind: 'monologue',
          weight: within(40 + (longest - monologue) / 3, 86),
          text: `Next time, hand over sooner: your longest turn took ${longest} s.`,
          advice: 'Cut your longest story to its first sentence and its last one, and let them ask for the rest.',
        }
      : undefined,
    pace !== null && pace > followable.to
      ? {
          kind: 'pace',
          weight: within(40 + (pace - followable.to) / 2, 80),
          text: `Next time, slow down: ${pace} words a minute is hard to follow.`,
          advice: 'Stop after each full sentence for as long as one breath takes.',
        }
      : undefined,
    pace !== null && pace < followable.from
      ? {
          kind: 'pace',
          weight: within(35 + (followable.from - pace) / 2, 60),
          text: `Next time, speak a little faster: ${pace} words a minute makes people wait.`,
          advice: 'Say the main point first; speed comes by itself when you know where you are going.',
        }
      : undefined,
    share !== null && share > fair.to && user_words >= enoughWords
      ? {
          kind: 'share',
          weight: within(40 + (share - fair.to) * 150, 84),
          text: `Next time, leave more room: ${percent(share)} % of the speaking time was yours.`,
          advice: 'End every answer with a question back.',
        }
      : undefined,
    share !== null && share < fair.from
      ? {
          kind: 'share',
          weight: within(40 + (fair.from - share) * 150, 70),
          text: `Next time, take more room: only ${percent(share)} % of the speaking time was yours.`,
          advice: 'Add one example to each answer, so that there is something of you in it.',
        }
      : undefined,
  ];
}

/** Everything that the log proves could be better, weightiest first. */
export const weaknessesOf = (picture: Picture): Finding[] => (picture.attributed ? heaviest([...towardsThem(picture), ...ownSpeech(picture)]) : []);
