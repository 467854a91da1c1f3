import { language } from './language.ts';
import { t as common } from './texts/frame.ts';
import { has, t } from './texts/troubles.ts';

/** What happens in this browser; whatever else has a code was told by the service, which says it better than we could. */
const isHere = (code: string): boolean => /^(microphone|recogniser|closed)_|^unreachable$|^sound_gone$/.test(code);

/** A code in words: what happened and what to do; `said` is how the service says it in English. */
export function inWords(code: string, said = ''): string {
  if (has(code) && (said === '' || isHere(code) || language !== 'en')) return t(code);
  return said || common('wentWrong');
}

/** Whatever was thrown, as one sentence for people. */
export const troubleInWords = (thrown: unknown): string =>
  thrown instanceof Error && thrown.name === 'Trouble' && 'code' in thrown ? inWords(String(thrown.code), thrown.message) : common('wentWrong');
