import { tell } from '../../src/api/coach.ts';
import type { Entry } from '../../src/core/entry.ts';
import { isPaused } from '../../src/core/views.ts';
import type { Outcome } from './protocol-play.ts';
import type { Page } from './simulated-page.ts';

/** So long a client keeps sound that the service does not take, in ms. */
const kept = 600_000;

type Place = { readonly seq: number };

/** Where every word stands in the log, and what is wrong with that. */
function wordsOf(log: readonly Entry[], faults: string[]): Map<number, Place> {
  const places = new Map<number, Place>();
  for (const entry of log) {
    if (entry.type !== 'said' || entry.by !== 'ear') continue;
    for (const text of entry.text.split(' ')) {
      const word = Number(text.slice(1));
      if (places.has(word)) faults.push(`${text} is twice in the log`);
      places.set(word, entry);
    }
  }
  return places;
}

/** The sound of one page: every word once and in order, or in a gap that the log tells of. */
function checkWords({ words, recorded, over }: Page, log: readonly Entry[], places: Map<number, Place>, alone: boolean, faults: string[]): void {
  const inOrder = [...places.keys()].filter((word) => words.some((each) => each.word === word));
  for (const [index, word] of inOrder.entries())
    if (index > 0 && word < inOrder[index - 1]!) faults.push(`w${word} comes after w${inOrder[index - 1]}`);
  const lasting = (recorded.at(-1) ?? 0) - kept;
  const offTheRecord = log.some(({ type }) => type === 'paused');
  const gaps = log.filter((entry) => entry.type === 'failed' && entry.code === 'sound_lost');
  for (const { word, at, excused } of words) {
    // a page that was sent away may have kept what it could not bring; one that came later may have come off the record
    if (places.has(word) || excused || (!alone && (over !== undefined || offTheRecord))) continue;
    if (at >= lasting) faults.push(`w${word} is lost`);
    else if (gaps.length === 0) faults.push(`w${word} is lost, and the log does not say so`);
  }
  if (!alone) return;
  if (gaps.length > 0 && !recorded.some((at) => at < lasting)) faults.push('a gap is told that there is not');
  for (const entry of log) {
    if (entry.type !== 'heard') continue;
    for (const { word, no, at, excused } of words) {
      if (no > entry.chunk || excused || at < lasting) continue;
      if ((places.get(word)?.seq ?? Number.POSITIVE_INFINITY) > entry.seq) faults.push(`piece ${no} was heard before w${word} was saved`);
    }
  }
}

const isWish = (type: Entry['type']): boolean => type === 'paused' || type === 'resumed';

/** The commands of one page: done once and in order, or refused in a sentence. */
function checkCommands(
  { commands, refused, putOff, records, offTheRecord, paused, given, over }: Page,
  log: readonly Entry[],
  faults: string[],
): void {
  const done = log.flatMap(({ ref }) => (ref !== undefined && commands.has(ref) ? [ref] : []));
  if (new Set(done).size !== done.length) faults.push('a command was done twice');
  // off the record by the wish of another device, a line is refused, or done later when nobody knows of the refusal any more
  const isOff = log.some(({ type, ref }) => type === 'paused' && !records.has(ref ?? ''));
  const lines = new Set(isOff ? log.flatMap(({ type, ref }) => (type === 'said' ? [ref] : [])) : []);
  const calm = [...commands].filter((id) => !putOff.has(id) && !offTheRecord.has(id) && !records.has(id) && !lines.has(id));
  const inOrder = done.filter((id) => calm.includes(id));
  if (inOrder.join() !== calm.filter((id) => done.includes(id)).join()) faults.push('commands were done in another order');
  for (const id of done) if (refused.has(id)) faults.push('a command was refused and done');
  if (over !== undefined) return;
  // a wish that was overtaken need not be kept, but the last one must; another device may have had another wish since
  const ownLast = [...records].at(-1);
  const others = log.slice(log.findIndex(({ ref }) => ref === ownLast) + 1).some(({ type, ref }) => isWish(type) && !records.has(ref ?? ''));
  const isOvertaken = done.includes(ownLast ?? '') && others;
  if (records.size > 0 && !isOvertaken && isPaused(log) !== paused)
    faults.push('the last wish to be on or off the record was not the one that was kept');
  if (commands.size < given) faults.push(`${given - commands.size} commands were never sent`);
  for (const id of commands)
    if (!done.includes(id) && !refused.has(id) && !records.has(id)) faults.push(`command ${id} was neither done nor refused`);
}

/** What one page was shown: the log of the store that told it, once, in order and as it is. */
function checkShown({ shown, over, link }: Page, log: readonly Entry[], faults: string[]): void {
  const all = log.flatMap((entry) => {
    const message = tell(entry);
    return message && message.type !== 'ack' && 'seq' in message ? [message] : [];
  });
  const last = over === undefined ? log.length : (shown.at(-1)?.seq ?? 0);
  const wanted = all.filter(({ seq }) => seq! <= last);
  if (over === undefined && link.seq > log.length) faults.push('more was shown than is kept');
  if (shown.length !== wanted.length) faults.push(`${shown.length} messages were shown, not ${wanted.length}`);
  for (const [index, message] of wanted.entries())
    if (JSON.stringify(message) !== JSON.stringify(shown[index])) {
      faults.push(`shown was ${JSON.stringify(shown[index])}, kept is ${JSON.stringify(message)}`);
      return;
    }
}

/** Everything that is wrong with how a program ended; nothing, as it should be. */
export function faultsOf({ log, earlier, pages, faults }: Outcome): string[] {
  const found = [...faults];
  for (const [index, { seq }] of log.entries()) if (seq !== index + 1) found.push(`entry ${index + 1} has the number ${seq}`);
  const places = wordsOf(log, found);
  const alone = pages.length === 1;
  const hints = pages.reduce((sum, page) => sum + page.hints, 0);
  if (log.filter(({ type }) => type === 'asked').length > hints) found.push('a hint was asked for twice');
  for (const page of pages) {
    checkWords(page, log, places, alone, found);
    checkCommands(page, log, found);
    // whoever was sent away before there was another store was never told of it
    checkShown(page, (page.over !== undefined && earlier.get(page.epoch)) || log, found);
  }
  return found;
}
