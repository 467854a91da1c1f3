import { type PhraseName, theMoney } from './phrases.ts';
import { focusOf, phrasesIn } from './topics.ts';

/** What kind of answer a question waits for. */
type QuestionKind =
  | 'self'
  | 'example'
  | 'questions'
  | 'push'
  | 'price'
  | 'weakness'
  | 'strength'
  | 'choice'
  | 'why'
  | 'when'
  | 'back'
  | 'like'
  | 'how'
  | 'yesno'
  | 'open';

/** A question as the coach reads it: what fits as an answer, which phrases say it, and the words to say it with. */
export type Asked = { readonly kind: QuestionKind; readonly phrase: PhraseName; readonly slots: Readonly<Record<string, string>> };

const money = /\b(price|prices|pricing|cost|costs|charge|fee|fees|rate|rates|salary|budget|quote|pay|compensation|rent|discount|offer|raise|bonus)\b/;

/** "could you describe …": what is asked for stands right behind it. */
const request =
  /\b(?:can|could|would|will) you (?:(?:please|briefly|just|maybe|quickly) )*(?:describe|explain|summari[sz]e|outline|present|show (?:me|us)|give (?:me|us))\b/;

// the first that fits wins: from what is unmistakable to what every question is
const shapes: readonly (readonly [QuestionKind, RegExp])[] = [
  ['self', /\b(?:about yourself|introduce yourself|walk (?:me|us) through your (?:background|resume|résumé|cv|career)|who are you)\b/],
  [
    'questions',
    /\b(?:any|some|your) questions (?:for|about|do)\b|\bhave any questions\b|\bquestions (?:for|to) (?:me|us)\b|\banything you(?:'d| would)? (?:like|want) to ask\b/,
  ],
  [
    'example',
    /\b(?:a time (?:when|where|you|that)|time (?:when|where) (?:you|we|they))\b|\b(?:an|one|any|another) example\b|\bexamples? of\b|\ba situation (?:when|where|in which|you)\b|\bhave you ever (?:had to|dealt|led|managed|faced|failed|missed|worked|solved|handled)\b/,
  ],
  // money that somebody works on is no price
  ['how', /\bhow\b.{0,200}\b(?:reduce|cut|save|control|manage|improve|handle)\b.{0,200}\b(?:cost|costs|budget|budgets|rate|rates|fees)\b/],
  ['open', /\bwhat\b.{0,200}\b(?:reduce|cut|save|control|manage|improve|handle)\b.{0,200}\b(?:costs|budgets|fees)\b/],
  [
    'push',
    /\b(?:better|best|lower|cheaper|less|discount|flexible|flexibility|room|come down|go down|reduce|knock)\b.{0,200}\b(?:price|prices|cost|costs|offer|fee|fees|rate|rates|rent|salary|quote|discount|terms|raise|bonus|percent|number|figure)\b|\b(?:price|cost|offer|fee|rate|rent|salary|quote|raise|bonus|number|figure)\b.{0,200}\b(?:better|best|lower|cheaper|flexible|flexibility|room|come down|go down|reduce)\b/,
  ],
  [
    'price',
    /\bhow much (?:do|does|would|will|is|are|did|was|were|can|could|should|money|for)\b(?! you (?:know|like|care|remember|enjoy|trust)\b)|\b(?:what|which|how)\b.{0,200}\b(?:price|cost|costs|charge|fee|fees|rate|rates|salary|budget|(?:your|a|the) quote|compensation|rent)\b|\bsalary expectations?\b|\bwhat (?:number|figure|amount|sum)\b|\b(?:what|how much)\b.{0,200}\bpay\b(?! (?:attention|for))/,
  ],
  // a wish in the form of a question: nobody wants a yes
  ['open', request],
  ['weakness', /\bweakness(?:es)?\b/],
  ['strength', /\bstrengths?\b/],
  ['back', /\b(?:how|what) about you(?:rself)?\b$|\band you(?:rself)?$/],
  ['choice', /(?<!\S)\S+ or \S+/],
  ['why', /\bwhy\b|\bhow come\b|\bwhat (?:made|makes|brings|brought|attracts|attracted) you\b|\bthe reason\b/],
  [
    'when',
    /\bwhen (?:do|does|did|is|are|was|were|can|could|will|would|should|have|has)\b|^when\b|\bhow (?:long|soon|fast|quickly)\b|\b(?:what|which) (?:date|day|month|time)\b|\bdeadline\b|\bnotice period\b/,
  ],
  ['like', /\b(?:favou?rite|hobby|hobbies|for fun|free time|spare time|like to do|enjoy|do you (?:like|love)|(?:are|were) you into)\b/],
  // how something is or went, and what one thinks of it, has no steps
  ['open', /\bhow (?:do|did|would|will) .*\b(?:go|went|think|feel|see)\b/],
  ['how', /\bhow (?:(?:do|did|would|will|can|could|should|have)\b|are \S+ \w+ing\b)/],
  ['yesno', /^(?:(?:so|and|but|well|okay|ok|great|now|then|also) )*(?:do|does|did|are|is|was|were|can|could|would|will|have|has|should|may)\b/],
];

/** "do you …", "is it …": a question that leaves a choice, not one that only counts things up. */
const inversion =
  /(?:^|(?<!\b(?:what|how|where|when|why|who|which)) )(?:do|does|did|are|is|was|were|would|will|should|shall|can|could|have|has) (?:you|we|they|it|he|she|this|that|there) /i;

const notTheTopic =
  /^(?:weakness(?:es)?|strengths?|examples?|time|situation|favou?rite|free|spare|fun|hobby|hobbies|better|best|lower|higher|expect(?:ed|ing|ation)?|attracts?|attracted|brings?|handle|deal|approach|manage|prefer|consider|think|expect|greatest|biggest|quickly|soon)$/;

/** What a question asks for, by its words alone: recognisers write no question marks. */
export function readQuestion(whole: string): Asked {
  // whatever comes before is no part of the question, and nobody may make the rules slow
  const question = whole.slice(-300);
  const text = question
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/(?<![?!.…\s])[?!.…\s]+$/, '')
    .trim();
  const kind = shapes.find(([, shape]) => shape.test(text))?.[0] ?? 'open';
  const topic =
    (kind === 'example' ? exampleOf(question) : undefined) ?? focusOf(request.test(text) ? objectOf(question) : asking(question), notTheTopic);
  const ask = /\b(why|when|how (?:long|soon|fast|quickly|much|many|often)|how|where|who|which|what)\b/.exec(text)?.[1];
  const clause = clauseOf(text);
  const slots = { ...(topic && { topic }), ...(ask && { ask: `"${ask}"` }), ...(clause && { clause: `"${clause}"` }) };
  const bare = (phrase: 'example' | 'why' | 'when' | 'how' | 'like' | 'yesno' | 'open' | 'back'): Asked => ({
    kind: phrase,
    phrase: topic ? phrase : ask === undefined && phrase === 'open' ? 'yesnoBare' : `${phrase}Bare`,
    slots,
  });
  switch (kind) {
    case 'self':
    case 'questions':
      return { kind, phrase: kind, slots };
    case 'price':
    case 'push': {
      const word = money.exec(text)?.[1];
      if (word === undefined && /\b(?:number|figure|amount|sum|percent|how much)\b/.test(text))
        return kind === 'price' ? { kind, phrase: 'priceBare', slots: {} } : { kind, phrase: kind, slots: { topic: 'the number' } };
      return { kind, phrase: kind, slots: { ...slots, topic: word === undefined || word === 'charge' || word === 'pay' ? theMoney : `the ${word}` } };
    }
    case 'weakness':
      return { kind, phrase: kind, slots: { topic: 'weakness' } };
    case 'strength':
      return { kind, phrase: kind, slots: { topic: 'strength' } };
    case 'choice': {
      const options = optionsOf(question);
      if (options) return { kind, phrase: kind, slots: { ...slots, ...options } };
      return inversion.test(asking(question)) ? { kind, phrase: 'choiceBare', slots: {} } : bare('open');
    }
    default:
      return bare(kind);
  }
}

/** The part of a turn that asks: without what was said before the question word when nothing marks its border. */
export function asking(question: string): string {
  const starts = [
    ...question.matchAll(
      /\b(?:why|how|when|where|what|which|who|(?:do|does|did|are|is|can|could|would|will|have|has) (?:you|we|they|it|there|your|the|that|this)|tell (?:me|us) about|walk (?:me|us) through)\b/gi,
    ),
  ];
  const start = starts.find((match) => question.length - match.index < 90);
  return start ? question.slice(start.index) : question;
}

/** What a request asks for, without for whom and how. */
const objectOf = (question: string): string => asking(question).replace(/ (?:to|for|from|outside|so that|in (?:a|one|two|three)) .*$/i, '');

/** The question itself where it is short enough to be said back. */
function clauseOf(text: string): string | undefined {
  for (const match of text.matchAll(
    /\b(?:why|(?:what|how|where|who|when|which)(?:'s|'re| (?:do|does|did|is|are|was|were|can|could|would|will|have|has|should)))\b/g,
  )) {
    const clause = text.slice(match.index);
    const words = clause.split(' ').length;
    if (words > 2 && words <= 6) return clause;
  }
  return undefined;
}

/** What the example is to be about, when that is short enough to be said back. */
function exampleOf(question: string): string | undefined {
  const match =
    /\b(?:time (?:when |where |that )?|examples? (?:of|where|when) |situation (?:when |where |in which )?)([\p{L}'’-]+(?: [\p{L}'’-]+){1,4})[?.!]*$/iu.exec(
      question,
    );
  return match?.[1]?.trim();
}

/** The two things a question leaves to choose from. */
function optionsOf(question: string): { one: string; two: string } | undefined {
  const match = /^(.*\S)\s+or\s+(\S.*)$/i.exec(asking(question).replaceAll(/[?!.,;:]/g, ''));
  const rest = (match?.[2] ?? '').replace(/^(?:(?:rather|to|the|a|an|in|is it|are you|do you|would you|more) )+/i, '');
  const one = phrasesIn(match?.[1] ?? '').at(-1);
  const two = rest.split(' ').length <= 2 ? rest : phrasesIn(rest)[0];
  // what one does is no thing to choose, and its verb alone says nothing
  if (/ing$/.test(two ?? '') && two !== rest) return undefined;
  if (!one || !two || /^(?:not|no|so|something|anything|what|whatever)$/i.test(two)) return undefined;
  const short = one.split(' ').slice(-2).join(' ');
  return short.toLowerCase() === two.toLowerCase() ? undefined : { one: short, two };
}
