import { wordsOf } from './words.ts';

/** What recognisers have learnt from films and write where nobody speaks: how such texts begin, and all of them are short. */
const stock = [
  // thanks for watching
  /^(?:thanks?(?: you)?(?: (?:so|very) much)?(?: all| everyone| guys)? for (?:watching|listening|viewing))(?: .{0,60})?$/,
  /^(?:vielen dank|danke)(?: schön)? (?:fürs|für das|für (?:ihre|eure|die)) (?:zuschauen|zuhören|zusehen|ansehen|aufmerksamkeit)(?: .{0,40})?$/,
  /^(?:merci d'avoir (?:regardé|écouté)|gracias por (?:ver|escuchar)|obrigad[oa] por (?:assistir|ouvir)|bedankt voor het (?:kijken|luisteren))(?: .{0,60})?$/,
  /^(?:grazie per (?:aver|la visione|l'ascolto|l'attenzione)|спасибо за (?:просмотр|внимание))(?: .{0,60})?$/,
  /^(?:ご視聴|ご清聴|(?:谢谢|謝謝|感谢|感謝)(?:观看|觀看|收看|收听|收聽)|시청해).{0,40}$/,
  // subscribe to my channel, see you in the next video
  /^(?:(?:and )?(?:please )?(?:don't forget to )?(?:like(?: and)? )?subscribe)(?: .{0,60})?$/,
  /^(?:abonnier(?:t|e|en)|abonnez-vous|suscríbe(?:te|nse)|inscrevam?-se|iscrive(?:tevi|ti)|abonneer|подпишитесь|подписывайтесь)(?: .{0,60})?$/,
  /^(?:チャンネル登録|[请請]不吝|구독).{0,60}$/,
  /^(?:(?:i'll |we'll )?see you (?:in the )?next (?:video|time|episode))(?: .{0,30})?$/,
  /^(?:bis zum nächsten (?:mal|video)|wir sehen uns im nächsten video|à la prochaine vidéo|nos vemos en el próximo (?:video|vídeo|episodio))(?: .{0,30})?$/,
  /^(?:to be continued|fortsetzung folgt|continuará|продолжение следует)$/,
  // who wrote the subtitles, and whose they are
  /^(?:subtitles?|captions?|subtitled|captioned|transcribed|transcription|translated|translation)(?: (?:and \S+ )?by)? .{1,80}$/,
  /^(?:untertitel(?:ung)?|sous-titres?|sous-titrage|(?:редактор )?субтитр(?:ы|ов))(?: .{0,80})?$/,
  /^(?:subtítulos?|legendas?|sottotitol[io]|ondertitel(?:s|ing|ed))(?: .{1,80})$/,
  /^(?:字幕|한글자막|자막).{0,80}$/,
  /^copyright .{0,60}$/,
];

/** A sign of ownership before it, or an address of the web and nothing else: who says one says more than that. */
const written = /^\s*(?:©|(?:https?:\/\/|www\.)\S{1,200}\s*$)/i;

/** What they write as well, and people say all day: it counts only where little speaks for it. */
const everyday = new Set([
  ...[
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
    "i'm sorry",
    'amen',
  ],
  ...['danke', 'danke schön', 'vielen dank', 'tschüss', 'merci', 'merci beaucoup', 'gracias', 'muchas gracias', 'obrigado', 'obrigada', 'grazie'],
  ...['bedankt', 'dank je wel', 'спасибо', 'ありがとうございました', 'ありがとうございます', '谢谢', '谢谢大家', '謝謝大家', '감사합니다'],
]);

/** What they describe instead of writing it down: `[Music]`, `(laughter)`, `*applause*`. */
const described = /[[【][^[\]【】]{0,80}[\]】]|\([^()]{0,80}\)|\{[^{}]{0,80}\}|\*[^*]{1,80}\*/g;
/** Singing stands between notes. */
const sung = /^[-–\s]*[♩♪♫♬🎵🎶]/u;

const spoken = (text: string): string => wordsOf(text).join(' ');

/** Whether this has no word that somebody spoke: nothing but signs, a sound described, or a song. */
export const isWordless = (text: string): boolean => sung.test(text) || wordsOf(text.replaceAll(described, ' ')).length === 0;

/** So long a piece is said again, in words, with so many words before it, so often at least. */
const [longestPiece, before, often] = [8, 2, 4];

/** Of how many words the piece is that comes again and again to the end, as from a recogniser that cannot stop; 0 where there is none. */
export function loopOf(text: string): number {
  const words = wordsOf(text);
  for (let from = 0; from <= before; from += 1)
    for (let piece = 1; piece <= longestPiece && from + piece * often <= words.length; piece += 1)
      if (words.every((word, index) => index < from + piece || word === words[index - piece])) return piece;
  return 0;
}

/** Whether this is what recognisers write of themselves rather than what people say to each other. */
export const isStockPhrase = (text: string): boolean => written.test(text) || stock.some((phrase) => phrase.test(spoken(text)));

/** Whether recognisers write this of themselves, and people say it too. */
export function isEverydayPhrase(text: string): boolean {
  const words = wordsOf(text);
  // the same word over and over
  return everyday.has(words.join(' ')) || (words.length >= 3 && new Set(words).size === 1);
}
