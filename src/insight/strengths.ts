import { counted, enoughWords, type Finding, heaviest, partnerOf, percent } from './findings.ts';
import { fillerPercentage } from './metrics.ts';
import { bestAnswer, bestQuestion } from './moments.ts';
import type { Picture } from './picture.ts';
import { questionKind } from './questions.ts';
import { ended, quoted, tellingSentence } from './quotes.ts';
import { callbackOf } from './topics.ts';
import { wordsOf } from './words.ts';

/** Fillers under this share of the words, in percent, are hardly heard. */
const clean = 2.5;
const easyPace = { from: 110, to: 165 };
const evenShare = { from: 0.4, to: 0.6 };

const thanks = /\b(?:thank you|thanks (?:for|so much|a lot)|i appreciate|i'm grateful)\b/i;

/** What was heard: real lines that were good. */
function fromLines(picture: Picture): (Finding | undefined)[] {
  const { they, them } = partnerOf(picture);
  const { lines } = picture;
  const answer = bestAnswer(picture);
  const question = bestQuestion(picture);
  const callback = callbackOf(picture.turns, picture.topics);
  const goal = picture.goal;
  const thanked = lines.find((line) => line.who === 'user' && thanks.test(line.text));
  // two words of a long goal are an accident
  const met = goal?.line && goal.shared * 2 >= goal.of && goal.line.count >= 3 ? goal.sentence : undefined;
  return [
    answer && {
      kind: 'answer',
      weight: 100,
      text: ended(`When ${they} asked ${quoted(answer.exchange.question)} you answered with something to hold on to: ${quoted(answer.sentence)}`),
      advice: ended(`Keep answering as you did here: ${quoted(answer.sentence)}`),
    },
    callback && {
      kind: 'callback',
      weight: 90,
      text: ended(
        `You listened: ${they} brought up “${callback.word}”, and you picked it up with ${quoted(tellingSentence(callback.line.text, (one) => wordsOf(one).includes(callback.word.toLowerCase())))}`,
      ),
      advice: `Keep picking up what people tell you, as you did with “${callback.word}”.`,
    },
    question && {
      kind: 'question',
      weight: 85,
      text: ended(`Your question ${quoted(question.question)} got ${them} talking: ${quoted(question.answer.text)}`),
      advice: `Keep asking questions like ${quoted(question.question)}`.replace(/([^.!?…])”$/, '$1”.'),
    },
    met === undefined
      ? undefined
      : {
          kind: 'goal',
          weight: 70,
          text: ended(`You came for ${quoted(goal?.text ?? '')} and put it into words: ${quoted(met)}`),
          advice: `Put your goal into words again, as you did here: ${ended(quoted(met))}`,
        },
    thanked && {
      kind: 'thanks',
      weight: 30,
      text: ended(`You took the time to say thank you: ${quoted(tellingSentence(thanked.text, (one) => thanks.test(one)))}`),
      advice: `Send ${them} a line of thanks, as you began to: ${ended(quoted(tellingSentence(thanked.text, (one) => thanks.test(one))))}`,
    },
  ];
}

/** What was counted: numbers in their good range. */
function fromNumbers({ metrics, exchanges, lines, hearing }: Picture, they: string, them: string): (Finding | undefined)[] {
  const { fillers, user_words, questions_received, questions_asked, words_per_minute, talk_ratio, median_reply_gap_seconds } = metrics;
  const open = lines.filter((line) => line.who === 'user').flatMap((line) => line.questions.filter((question) => questionKind(question) === 'open'));
  const enough = user_words >= enoughWords;
  // an ear that has caught no filler at all may simply not write them down
  const catchesFillers = hearing.verbatim === true || (fillers ?? 0) > 0;
  return [
    questions_received !== null && exchanges.length >= 2 && exchanges.every((exchange) => exchange.answered === true)
      ? {
          kind: 'answered',
          weight: 80,
          text: `Nobody waited for you in vain. Whenever ${they} asked you something, you replied.`,
          advice: 'Keep replying to what you are asked before you go on.',
        }
      : undefined,
    questions_asked !== null && questions_asked >= 2 && open.length > 0
      ? {
          kind: 'curious',
          weight: 75,
          text: ended(`You were curious: ${counted(questions_asked, 'question')} came from you, such as ${quoted(open[0] ?? '')}`),
          advice: `Keep ${quoted(open[0] ?? '')} among your questions.`,
        }
      : undefined,
    fillers !== null && enough && catchesFillers && fillerPercentage(metrics) <= clean
      ? {
          kind: 'fillers',
          weight: 60,
          text: `You spoke without clutter: ${counted(fillers, 'filler')} in ${counted(user_words, 'word')}.`,
          advice: 'Keep your calm between sentences; it leaves no room for fillers.',
        }
      : undefined,
    talk_ratio !== null && enough && talk_ratio >= evenShare.from && talk_ratio <= evenShare.to
      ? {
          kind: 'share',
          weight: 55,
          text: `You shared the floor: ${percent(talk_ratio)} % of the speaking time was yours.`,
          advice: `Keep giving ${them} as much room as you take.`,
        }
      : undefined,
    words_per_minute !== null && enough && words_per_minute >= easyPace.from && words_per_minute <= easyPace.to
      ? {
          kind: 'pace',
          weight: 50,
          text: `Your pace was easy to follow: ${words_per_minute} words a minute.`,
          advice: 'Keep this pace; it leaves people time to think along.',
        }
      : undefined,
    median_reply_gap_seconds !== null && enough && median_reply_gap_seconds >= 0.2 && median_reply_gap_seconds <= 2
      ? {
          kind: 'patience',
          weight: 45,
          text: `You took your time: your reply usually began ${median_reply_gap_seconds} s after ${they} had stopped.`,
          advice: 'Keep that short pause before you reply; it leaves you time to think.',
        }
      : undefined,
  ];
}

/** Everything good that the log proves, best first; empty when it proves nothing. */
export function strengthsOf(picture: Picture): Finding[] {
  if (!picture.attributed) return [];
  const { they, them } = partnerOf(picture);
  return heaviest([...fromLines(picture), ...fromNumbers(picture, they, them)]);
}
