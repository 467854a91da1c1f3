import type { Answers } from '../support/vendors/openai-answers.ts';

type Line = { readonly seq: number; readonly speaker: string; readonly text: string };

/** The lines that a prompt shows. */
const linesOf = (messages: readonly { readonly content: string }[]): Line[] =>
  messages.flatMap(({ content }) =>
    [...content.matchAll(/\{"seq":(\d+),"speaker":"([a-z]+)","text":("(?:[^"\\]|\\.)*")/g)].map(([, seq, speaker, text]) => ({
      seq: Number(seq),
      speaker: speaker!,
      text: JSON.parse(text!) as string,
    })),
  );

/** What it has to say about a line, by its words. */
const about: readonly (readonly [RegExp, string])[] = [
  [/salary|money|pay|price|cost|budget/i, 'Name your number first, give one reason, stop.'],
  [/why|reason/i, 'One honest reason, then an example.'],
  [/tell me|describe|example|experience/i, 'One short story: what was wrong, what you did, what came of it.'],
  [/question|anything else/i, 'Ask how they will know you did well.'],
  [/\?|\b(?:what|how|when|who|where|which|(?:do|did|are|can|could|would|will|have) you)\b/i, 'Answer in one sentence, then ask back.'],
];
/** What it has to say when nobody says anything. */
const silence: (typeof about)[number] = [/^The moment: nobody has said anything/m, 'Take your time: one sentence first, then ask back.'];

/** A stand-in for a language model: short advice by a few words, one thought for rooms, and feedback that only quotes. */
export const simulatedModel: Answers = ({ messages, schema }) => {
  const lines = linesOf(messages);
  const last = lines.at(-1);
  if (JSON.stringify(schema ?? null).includes('"ear"')) {
    const found =
      about.find(([words]) => words.test(last?.text ?? '')) ?? [silence].find(([words]) => messages.some(({ content }) => words.test(content)));
    if (!last || !found) return JSON.stringify({ speak: false, ear: '', lines: [], kind: 'answer', screen: null });
    return JSON.stringify({ speak: true, ear: found[1], lines: [last.seq], kind: 'answer', screen: `You were asked: ${last.text}` });
  }
  if (!schema) return 'What is the smallest part of it that could be tried tomorrow?';
  const own = lines.filter(({ speaker }) => speaker === 'user').toSorted((a, b) => b.text.length - a.text.length);
  const quoted = ({ text }: Line) => `“${text.split(' ').slice(0, 8).join(' ')}”`;
  const claim = (line: Line | undefined, text: string) => ({ text, cites: line ? [line.seq] : [] });
  return JSON.stringify({
    stars: own.slice(0, 2).map((line) => claim(line, `You said ${quoted(line)}, and that was clear.`)),
    wish: claim(own[0], 'Next time, leave a pause after your answer.'),
    takeaways: ['Prepare one short story.', 'Decide on your number before you go in.', 'Ask back once in every answer.'].map((text) =>
      claim(own[0], text),
    ),
    bullets: lines.slice(0, 3).map((line) => claim(line, `It was said: ${quoted(line)}.`)),
    moments: own.slice(0, 1).map((line) => ({ seq: line.seq, kind: 'best_answer', quote: line.text, why: 'It was your longest answer.' })),
  });
};
