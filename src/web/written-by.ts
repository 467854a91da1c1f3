import type { Feedback } from '../client/messages.ts';
import { engineInWords } from './words.ts';

/** Who wrote the feedback and how far to trust it, in one sentence. */
export function writtenBy({ engine, degraded, claims_removed: removed = 0 }: Pick<Feedback, 'engine' | 'degraded' | 'claims_removed'>): string {
  const byRules = 'Written by rules from the numbers and from what was said';
  if (degraded) return `${byRules}: the language model was asked, but gave nothing that could be used.`;
  if (engine === 'rules') return `${byRules}, without a language model.`;
  const by = `Written by ${engineInWords(engine)}, and every quote, name and number held against what was said`;
  if (removed === 0) return `${by}.`;
  return `${by}: ${removed === 1 ? 'one claim' : `${removed} claims`} could not be proved and ${removed === 1 ? 'was' : 'were'} taken out.`;
}
