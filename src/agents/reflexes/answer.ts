import { contentWords } from '../../insight/words.ts';
import { openQuestion, type Scene } from '../scene.ts';
import type { Turn } from '../turn.ts';
import { type Candidate, quoted } from './candidate.ts';
import { shortPart, untouched } from './goal.ts';
import type { PhraseName } from './phrases.ts';
import { type Asked, readQuestion } from './question-kinds.ts';
import { recentTopics } from './return.ts';
import { worded } from './wording.ts';

/** The slots of a question, filled up with what the talk knows where the question names nothing. */
function slotsOf(scene: Scene, asked: Asked): Asked {
  if (asked.slots.topic !== undefined) return asked;
  const topic = recentTopics(scene)[0]?.text;
  if (asked.kind === 'questions') {
    const part = untouched(scene).find((part) => /^(?:ask|find out|learn|hear)\b/i.test(part.text));
    const fill = part ? shortPart(part).replace(/^(?:ask|find out|learn|hear|know|talk|discuss)\b(?: (?:about|for|whether|if))?\s*/i, '') : topic;
    return !fill ? { ...asked, phrase: 'hintBare' } : { ...asked, slots: { ...asked.slots, topic: fill } };
  }
  if (asked.kind === 'back' && topic !== undefined) return { ...asked, phrase: 'back', slots: { ...asked.slots, topic } };
  return asked;
}

/** The partner has just asked something: the kind of answer that fits, before the user begins. */
export function answering(scene: Scene, turn: Turn): Candidate[] {
  if (turn.who !== 'other') return [];
  const open = openQuestion(scene);
  if (!open?.asked.question || open.since.some((later) => later.who !== 'other')) return [];
  if (scene.given.some((given) => given.kind === 'answer' && given.evidence.includes(open.asked.seq))) return [];
  if (open.asked.sure !== open.asked.text) return [unsure(scene, open.asked, turn)].filter((candidate) => candidate !== undefined);
  const { phrase, slots } = slotsOf(scene, readQuestion(open.asked.question));
  // "yes or no first" without a word of what it is about helps nobody
  const text = phrase === 'yesnoBare' ? undefined : worded(scene, phrase, slots);
  if (text === undefined) return [];
  const reason = `They asked ${quoted(open.asked.question)}, and it is your turn to answer.`;
  return [{ kind: 'answer', text, reason, evidence: evidenceOf(open.asked, turn), about: turn.seq, weight: 100 }];
}

const evidenceOf = (asked: Turn, turn: Turn): number[] => (asked.seq === turn.seq ? [turn.seq] : [asked.seq, turn.seq]);

/** A question the recogniser heard badly is answered by its kind only, as far as that is clear; its words are not repeated. */
function unsure(scene: Scene, asked: Turn, turn: Turn): Candidate | undefined {
  const clear = readQuestion(asked.sure);
  const { phrase, slots } = wordless.has(clear.kind) ? slotsOf(scene, clear) : bare(readQuestion(asked.question ?? ''));
  const text = phrase && worded(scene, phrase, slots);
  const reason = 'They asked something, though not every word of it was clear.';
  return text === undefined ? undefined : { kind: 'answer', text, reason, evidence: evidenceOf(asked, turn), about: turn.seq, weight: 80 };
}

/** Kinds of question that are answered without a word of the question itself. */
const wordless: ReadonlySet<Asked['kind']> = new Set(['self', 'questions', 'weakness', 'strength']);

/** What can be said about a question without its words. */
function bare({ phrase, slots: { ask } }: Asked): { phrase?: PhraseName; slots: Asked['slots'] } {
  const name = `${phrase.replace(/Bare$/, '')}Bare`;
  const fits =
    name === 'whyBare' || name === 'howBare' || name === 'whenBare' || name === 'exampleBare' || name === 'openBare' || name === 'priceBare';
  return fits ? { phrase: name, slots: ask ? { ask } : {} } : { slots: {} };
}

const number =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|free|nothing|k)\b/;
const date =
  /\b(?:today|tonight|tomorrow|now|immediately|soon|week|weeks|day|days|month|months|year|years|hour|hours|minutes|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|fall|winter|morning|evening|noon|notice|always|never)\b/;
const cause = /\b(?:because|since|so|as|due|reason|reasons|wanted|want|needed|need|love|like|enjoy|hope|for|to)\b/;
const refusal =
  /\b(?:rather not|prefer not|can(?:'t|not) (?:say|tell|share)|not (?:able|allowed) to|no comment|come back to that|don't know|not sure)\b/;

/** The user has replied, but not with what was asked for: only where the words alone can show it. */
export function evaded(scene: Scene, turn: Turn): Candidate[] {
  const open = openQuestion(scene);
  if (turn.who !== 'user' || open?.since.length !== 1 || open.since[0] !== turn) return [];
  const missing = leftOpen(scene);
  const text = missing && worded(scene, missing.phrase, missing.slots);
  if (!missing || text === undefined) return [];
  return [{ kind: 'answer', text, reason: missing.reason, evidence: [missing.asked.seq, turn.seq], about: turn.seq, weight: 70 }];
}

/** What the partner's last question still waits for although the user has replied. */
export function leftOpen(scene: Scene): { asked: Turn; phrase: PhraseName; slots: Asked['slots']; reason: string } | undefined {
  const open = openQuestion(scene);
  const replies = open?.since.filter((later) => later.who === 'user' && !later.small) ?? [];
  if (!open?.asked.question || open.asked.sure !== open.asked.text || open.since.length > 4) return undefined;
  if (replies.some((reply) => reply.question !== undefined) || replies.reduce((sum, reply) => sum + reply.words.length, 0) < 6) return undefined;
  const text = replies.flatMap((reply) => reply.words).join(' ');
  if (refusal.test(text)) return undefined;
  const { kind, phrase, slots } = readQuestion(open.asked.question);
  const missing = missingFrom(kind, slots, text, new Set(contentWords(text)));
  if (missing === undefined) return undefined;
  const bare = phrase.endsWith('Bare') && missing !== 'evadedChoice';
  const reason = `They asked ${quoted(open.asked.question)}; your reply does not hold what they asked for.`;
  return { asked: open.asked, phrase: bare ? `${missing}Bare` : missing, slots, reason };
}

function missingFrom(
  kind: Asked['kind'],
  slots: Asked['slots'],
  reply: string,
  stems: ReadonlySet<string>,
): 'evadedPrice' | 'evadedWhen' | 'evadedWhy' | 'evadedChoice' | undefined {
  switch (kind) {
    case 'price':
      return number.test(reply) ? undefined : 'evadedPrice';
    case 'when':
      return date.test(reply) || number.test(reply) ? undefined : 'evadedWhen';
    case 'why':
      return cause.test(reply) || sharesWords(slots.topic, stems) ? undefined : 'evadedWhy';
    case 'choice':
      return slots.one === undefined ||
        /\b(?:both|either|neither|depends|mix|between|first|second|former|latter)\b/.test(reply) ||
        sharesWords(slots.one, stems) ||
        sharesWords(slots.two, stems)
        ? undefined
        : 'evadedChoice';
    default:
      return undefined;
  }
}

const sharesWords = (text: string | undefined, stems: ReadonlySet<string>): boolean => contentWords(text ?? '').some((stem) => stems.has(stem));
