import type { Feedback } from '../client/messages.ts';
import { t } from './texts/feedback.ts';
import { t as spoken } from './texts/spoken.ts';
import { clockTime, engineInWords, timeInWords } from './words.ts';

/** Who wrote the feedback and how far to trust it, in one sentence. */
export function writtenBy({ engine, degraded, claims_removed: count = 0 }: Pick<Feedback, 'engine' | 'degraded' | 'claims_removed'>): string {
  if (degraded) return t('byRulesAfter');
  if (engine === 'rules') return t('byRules');
  const known = engineInWords(engine);
  const by = known === engine ? spoken('by', { name: engine }) : known;
  return count === 0 ? t('byModel', { by }) : t('byModelTaken', { by, count });
}

/** What nobody heard, when and how much, in one sentence; nothing where all of it was heard. */
export function notHeard({ unheard }: Pick<Feedback, 'unheard'>): string {
  const ms = unheard.reduce((sum, { from, to }) => sum + to - from, 0);
  const places = unheard.slice(0, 5).map(({ from }) => clockTime(from));
  return unheard.length === 0
    ? ''
    : t('notHeard', { length: timeInWords(Math.max(1, ms / 1000)), places: `${places.join(', ')}${unheard.length > 5 ? ' …' : ''}` });
}

/** What hearing the kept sound once more has changed of the transcript, in one sentence; nothing where that was not done. */
export function heardAgain({ heard_again: again }: Pick<Feedback, 'heard_again'>): string {
  if (!again) return '';
  const { mended, added, why } = again;
  const done = t('mended', { count: mended, found: added === 0 ? t('foundNone') : t('found', { count: added }) });
  if (why === undefined) return done;
  return mended + added > 0 ? t('notAll', { done, why }) : t('heardLive', { why });
}
