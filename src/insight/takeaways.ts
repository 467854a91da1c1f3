import { type Finding, partnerOf } from './findings.ts';
import type { Picture } from './picture.ts';
import { ended, quoted, tellingSentence } from './quotes.ts';
import { sentencesOf } from './words.ts';

const promise =
  /\b(?:i'll|i will|i'm going to) (?:send|call|email|mail|write|share|check|forward|book|ask|prepare|look into|follow up|get back)\b|\b(?:let me|i can) (?:(?:send|call|email|mail|write|forward) you|check|look into|follow up|get back)\b/i;

/** What the user said they would do. */
function promised({ lines }: Picture): string | undefined {
  const line = lines.find(
    (said) => said.who === 'user' && sentencesOf(said.text).some((sentence) => promise.test(sentence) && !said.questions.includes(sentence)),
  );
  return line && ended(`Do what you promised while it is fresh: ${quoted(tellingSentence(line.text, (one) => promise.test(one)))}`);
}

/** What the other side came back to unasked, and the user never took up. */
function leftAside(picture: Picture): string | undefined {
  const { They, them } = partnerOf(picture);
  const topic = picture.topics.find(({ lines, first, users, asked }) => lines >= 2 && first.who === 'other' && !users && !asked);
  return topic && `${They} came back to “${topic.word}” and you never took it up: ask ${them} about it.`;
}

/** Sound advice for when the log gives no better. */
const always = [
  'Say your opening line clearly at the start, so that your voice is known from the first word on.',
  'Sit close to the microphone, and let one person speak at a time: then the numbers can say more.',
  'Go in with one question that you really want answered.',
];

const voiceLost = 'When Aside asks for your opening line again, say it at once: it has lost your voice.';

/** Exactly three things to do: what was promised or left aside, what could be better beside the wish, what to keep. */
export function takeawaysOf(picture: Picture, weaknesses: readonly Finding[], stars: readonly Finding[]): string[] {
  const [wish, ...others] = weaknesses;
  const found = [
    ...(picture.attributed ? [promised(picture)] : []),
    wish?.advice,
    others[0]?.advice,
    ...(picture.attributed ? [leftAside(picture)] : []),
    stars[0]?.advice,
    others[1]?.advice,
    stars[1]?.advice,
    ...(picture.voiceLost ? [voiceLost, ...always.slice(1)] : always),
  ];
  return [...new Set(found.filter((text) => text !== undefined))].slice(0, 3);
}
