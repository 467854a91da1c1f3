import { z } from 'zod';
import { said } from '../../core/views.ts';
import { matcher, snippetOf } from '../../insight/search.ts';
import { plainQuestion } from './plain-question.ts';
import { tool } from './tool.ts';

const asked =
  /\b(?:what (?:did|have) (?:i|we|you) (?:say|said|talk|talked|tell|told|write|written|mention|mentioned)(?: you| me)? (?:about|of|on)|(?:recall|remember)(?: what (?:i|we|you) said)?(?: about)?|search(?: for)?|look up)(?= )/i;

/** So many places are shown. */
const most = 5;

/** Searches what was said in this conversation. */
export const recall = tool({
  name: 'recall',
  description:
    'Searches everything said earlier in this conversation for words, and tells the places where they stand. Use it for what you cannot see any more.',
  takes: z.object({ words: z.string().min(1).max(200) }),
  run({ words }, { entries, question }) {
    const match = matcher(words);
    const found = said(entries)
      .filter(({ seq, type, about }) => seq !== question && type === 'said' && about !== question)
      .flatMap((line) => {
        const hit = match(line.text);
        return hit ? [{ who: line.by, when: line.at, text: snippetOf(line.text, hit).snippet, score: hit.score }] : [];
      })
      .reverse()
      .sort((one, other) => other.score - one.score);
    return { words, places: found.length, found: found.slice(0, most).map(({ score: _, ...place }) => place) };
  },
  hears(text) {
    const question = plainQuestion(text);
    const found = asked.exec(question);
    const words = found ? question.slice(found.index + found[0].length).trim() : '';
    return words === '' ? undefined : { words };
  },
  says: ({ words, places, found }) =>
    places === 0
      ? `Nothing was said here about “${words}” before.`
      : [
          places === 1
            ? `“${words}” was said once:`
            : `“${words}” was said in ${places} places${places > found.length ? `, of which ${found.length} are` : ''}:`,
          ...found.map(({ who, when, text }) => `- ${who}, ${when.slice(0, 16).replace('T', ' ')} UTC: ${text}`),
        ].join('\n'),
});
