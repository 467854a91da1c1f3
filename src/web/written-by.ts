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

/** What hearing the kept sound once more has changed of the transcript, in one sentence; nothing where that was not done. */
export function heardAgain({ heard_again: again }: Pick<Feedback, 'heard_again'>): string {
  if (!again) return '';
  const lines = (count: number) => (count === 1 ? 'one line was' : `${count} lines were`);
  const done = `The kept sound was heard once more: ${lines(again.mended)} mended, ${again.added === 0 ? 'none' : again.added === 1 ? 'one' : again.added} found that nobody had heard live.`;
  if (again.why === undefined) return done;
  return again.mended + again.added > 0 ? `${done} Not all of it was: ${again.why}` : `The transcript is what was heard live. ${again.why}`;
}
