import { fixed } from '../fixed.ts';
import { language } from '../language.ts';

/** A sentence of the service in the language of the page, where it is one of its fixed ones; all of them are English there. */
export const said: (sentence: string) => string =
  language === 'de' ? await import('./said-de.ts').then(({ sentences, partner }) => fixed(sentences, partner)) : (sentence) => sentence;
