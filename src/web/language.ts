import { attempt } from './memory.ts';

/** The languages that the pages speak, by their own names. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;

const key = 'aside.language';
const isKnown = (name: string | null | undefined): name is Language => name === 'en' || name === 'de';

/** What was chosen on a page of this device, else the first that the browser asks for and the pages speak. */
function chosen(): Language {
  const own = attempt(() => globalThis.localStorage?.getItem(key));
  if (isKnown(own)) return own;
  const asked = globalThis.document === undefined ? [] : navigator.languages;
  return asked.map((tag) => tag.slice(0, 2)).find(isKnown) ?? 'en';
}

/** The language that this page speaks. */
export const language: Language = chosen();

/** The event before a page is read anew in another language: whoever has half-written words keeps them. */
export const readAnew = 'aside:readanew';

/** Speaks another language from now on: the page is read anew in it. */
export function speak(other: Language): void {
  attempt(() => localStorage.setItem(key, other));
  dispatchEvent(new Event(readAnew));
  location.reload();
}

/** A number as this language writes it. */
export const number = (value: number, digits = 0): string =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A share of one as per cent. */
export const percent = (share: number): string => `${number(share * 100)} %`;
