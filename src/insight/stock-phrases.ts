import { wordsOf } from './words.ts';

/** What recognisers have learnt from films and write where nobody speaks. */
const stock = [
  /^(?:thanks?(?: you)?(?: (?:so|very) much)?(?: all| everyone| guys)? for (?:watching|listening|viewing)(?: (?:this|my|the) video)?)(?: .{0,60})?$/,
  /^(?:(?:and )?(?:please )?(?:don't forget to )?(?:like(?: and|, )?)? ?subscribe(?: to (?:my|our|the|this) channel)?)(?: .{0,60})?$/,
  /^(?:(?:i'll |we'll )?see you (?:in the )?next (?:video|time|episode))$/,
  /^(?:subtitles?|captions?|subtitled|captioned|transcribed|transcription|translated|translation)(?: (?:and \S+ )?by)? .{1,80}$/,
  /^(?:untertitel|untertitelung)(?: .{0,80})?$/,
  /^(?:sous-titres?|sous-titrage)(?: .{0,80})?$/,
  /^(?:subtítulos?) .{0,80}$/,
  /^(?:copyright|©) .{0,60}$/,
  /^(?:vielen dank|danke) (?:fürs|für das) (?:zuschauen|zuhören|zusehen)$/,
  /^(?:merci d'avoir regardé|gracias por ver)(?: .{0,60})?$/,
];

/** What they write as well, and people say all day: it counts only where little speaks for it. */
const everyday = new Set([
  'thank you',
  'thanks',
  'thank you very much',
  'thank you so much',
  'bye',
  'bye bye',
  'you',
  'okay',
  'so',
  'the end',
  'music',
]);

const spoken = (text: string): string => wordsOf(text).join(' ');

/** Whether this is what recognisers write of themselves rather than what people say to each other. */
export const isStockPhrase = (text: string): boolean => stock.some((phrase) => phrase.test(spoken(text)));

/** Whether recognisers write this of themselves, and people say it too. */
export function isEverydayPhrase(text: string): boolean {
  const words = wordsOf(text);
  // the same word over and over
  return everyday.has(words.join(' ')) || (words.length >= 3 && new Set(words).size === 1);
}
