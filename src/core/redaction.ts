import type { LateListener, Transcriber } from './ports.ts';

/** What can be blanked out before words go to anybody else. */
export const redactable = ['numbers', 'mails', 'cards', 'ibans', 'phones'] as const;
export type Redactable = (typeof redactable)[number];

/**
 * What stands in the middle of an address, and what must follow there: it is looked for from that middle, and its beginning backwards from there.
 * `begins` says where it may begin at all, between these two letters.
 */
type Address = { readonly middle: RegExp; readonly rest: RegExp; readonly name: RegExp; readonly begins: (before: string, first: string) => boolean };

const mail: Address = {
  middle: /@/g,
  rest: /@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/uy,
  name: /[\p{L}\p{N}._%+-]/u,
  begins: () => true,
};
const isInWord = (letter: string): boolean => /\w/iu.test(letter);
const spokenMail: Address = {
  middle: / at(?= )/gi,
  rest: / at [\p{L}\p{N}-]{1,63}(?: ?dot [\p{L}\p{N}-]{1,63}){1,8}/iuy,
  name: /[\p{L}\p{N}._-]/u,
  begins: (before, first) => isInWord(before) !== isInWord(first),
};
/** The longest name before the middle of an address. */
const longestName = 64;

const iban = /\b[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}/gi;
/** Digits with at most one sign between two of them, or the brackets of an area code. */
const digits = /\+?\(?\p{Nd}(?:(?:[ .\-/'’]| ?\(|\) ?)?\p{Nd})*/gu;
const group = /\p{Nd}+/gu;
const digit = /\p{Nd}/gu;
const spokenDigits =
  /\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?:[ ,-]{1,2}(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b){3,}/gi;

const longest = 19;
const shortest = 13;

/** The letter that ends there, which may take two places. */
const letterBefore = (text: string, end: number): string => {
  const low = text.charCodeAt(end - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && text.charCodeAt(end - 2) >= 0xd800 && text.charCodeAt(end - 2) <= 0xdbff;
  return text.slice(Math.max(0, end - (isPair ? 2 : 1)), end);
};

/** Where the name before the middle of an address begins, as far back as it may and not before that; nowhere when there is none. */
function beginOf(text: string, middle: number, least: number, { name, begins }: Address): number | undefined {
  let begin: number | undefined;
  for (let at = middle, count = 0; at > least && count < longestName; count += 1) {
    const letter = letterBefore(text, at);
    if (!name.test(letter)) break;
    at -= letter.length;
    if (begins(letterBefore(text, at), letter)) begin = at;
  }
  return begin;
}

function withoutAddresses(text: string, address: Address): string {
  const { middle, rest } = address;
  let kept = '';
  let done = 0;
  for (const { index } of text.matchAll(middle)) {
    if (index < done) continue;
    const begin = beginOf(text, index, done, address);
    rest.lastIndex = index;
    if (begin === undefined || !rest.test(text)) continue;
    kept += `${text.slice(done, begin)}‹mail›`;
    done = rest.lastIndex;
  }
  return kept + text.slice(done);
}

/** Whether the check digit of a card is right. */
function isCard(number: string): boolean {
  if (number.length < shortest || number.length > longest || !/^[0-9]+$/.test(number)) return false;
  const sum = [...number].toReversed().reduce((total, char, index) => {
    const value = Number(char) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Whether the check digits of a bank account are right. */
function isIban(written: string): boolean {
  const plain = written.replace(/[ -]/g, '').toUpperCase();
  const turned = plain.slice(4) + plain.slice(0, 4);
  let rest = 0;
  for (const char of turned) rest = Number(`${rest}${Number.parseInt(char, 36)}`) % 97;
  return rest === 1;
}

/** An account may be followed by more words: the longest beginning that is one goes. */
function withoutIban(written: string): string {
  for (let length = written.length; length >= 15; length -= 1)
    if (/[A-Z0-9]/i.test(written[length - 1]!) && isIban(written.slice(0, length))) return `‹iban›${written.slice(length)}`;
  return written;
}

/** The cards in a row of digits, wherever in it they stand. */
function withoutCards(run: string): string {
  const groups = [...run.matchAll(group)].map(({ 0: text, index }) => ({ text, from: index, to: index + text.length }));
  let kept = '';
  let at = 0;
  for (let first = 0; first < groups.length; ) {
    let number = '';
    let last = first;
    let found: number | undefined;
    for (; last < groups.length && number.length < longest; last += 1) {
      number += groups[last]!.text;
      if (isCard(number)) found = last;
    }
    if (found === undefined) first += 1;
    else {
      kept += `${run.slice(at, groups[first]!.from)}‹card›`;
      at = groups[found]!.to;
      first = found + 1;
    }
  }
  return kept + run.slice(at);
}

function withoutDigits(text: string, kinds: ReadonlySet<Redactable>): string {
  return text.replace(digits, (run) => {
    const count = run.match(digit)?.length ?? 0;
    const isPhone = count >= 7 && count <= 15 && (/^[+(0]/.test(run) || /[^\p{Nd}.]/u.test(run));
    if (kinds.has('phones') && isPhone) return '‹phone›';
    return kinds.has('numbers') && count >= 4 ? '‹number›' : run;
  });
}

/** The same words without what was asked to be blanked out. Takes time in proportion to the text. */
export function redact(text: string, what: readonly Redactable[]): string {
  const kinds = new Set(what);
  let left = text;
  if (kinds.has('mails')) left = withoutAddresses(withoutAddresses(left, mail), spokenMail);
  if (kinds.has('ibans')) left = left.replace(iban, withoutIban);
  if (kinds.has('cards')) left = left.replace(digits, withoutCards);
  left = withoutDigits(left, kinds);
  return kinds.has('numbers') ? left.replace(spokenDigits, '‹number›') : left;
}

/** Every text in a value, however deep, redacted. */
function redactAll<T>(value: T, what: readonly Redactable[]): T {
  if (typeof value === 'string') return redact(value, what) as T;
  if (Array.isArray(value)) return value.map((item) => redactAll(item, what)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactAll(item, what)])) as T;
}

/** Whoever answers prompts: a language model, here or elsewhere. */
export type Replying<Prompt, Piece> = { reply(prompt: Prompt, stop: AbortSignal): AsyncIterable<Piece> };

/** The same model, to whom nobody's numbers and addresses are told. */
export const redacted = <Prompt, Piece>(model: Replying<Prompt, Piece>, what: readonly Redactable[]): Replying<Prompt, Piece> => ({
  reply: (prompt, stop) => model.reply(redactAll(prompt, what), stop),
});

/** The same listener to whole recordings, to whom they are not told as hints. */
export const redactedListener = (listener: LateListener, what: readonly Redactable[]): LateListener => ({
  listen: (recording, hints, stop) => listener.listen(recording, redactAll(hints, what), stop),
});

/** The same recogniser, to whom they are not told as hints. */
export const redactedHints = (transcriber: Transcriber, what: readonly Redactable[]): Transcriber => ({
  transcribe: (sound, hints, stop) => transcriber.transcribe(sound, redactAll(hints, what), stop),
});
