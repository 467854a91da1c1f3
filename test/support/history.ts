import type { ServerMessage } from '../../src/client/messages.ts';
import type { Entry } from '../../src/core/entry.ts';

/** What is wrong with what a client was shown, held against what the log keeps; all zero is as it should be. */
export type Verdict = { lost: number; doubled: number; reordered: number; changed: number };

/** A verdict to which others are added. */
export const nothingWrong = (): Verdict => ({ lost: 0, doubled: 0, reordered: 0, changed: 0 });

export function addTo(sum: Verdict, verdict: Verdict): void {
  for (const key of ['lost', 'doubled', 'reordered', 'changed'] as const) sum[key] += verdict[key];
}

/** Checks one client's history: everything it was shown is kept as it was shown, once and in order, and the log has no holes. */
export function checkHistory(seen: readonly ServerMessage[], log: readonly Entry[], told: (entry: Entry) => ServerMessage | undefined): Verdict {
  const verdict: Verdict = { lost: 0, doubled: 0, reordered: 0, changed: 0 };
  for (const [index, entry] of log.entries()) if (entry.seq !== index + 1) verdict.lost += 1;
  let last = 0;
  const before = new Set<number>();
  for (const message of seen) {
    if (!('seq' in message) || message.seq === undefined || message.type === 'hello') continue;
    if (before.has(message.seq)) verdict.doubled += 1;
    else if (message.seq < last) verdict.reordered += 1;
    before.add(message.seq);
    last = Math.max(last, message.seq);
    const entry = log[message.seq - 1];
    if (!entry) verdict.lost += 1;
    else if (JSON.stringify(told(entry)) !== JSON.stringify(message)) verdict.changed += 1;
  }
  return verdict;
}

/** The entries that a client is to be shown; what was heard is told to its line alone. */
export const owedOf = (log: readonly Entry[], told: (entry: Entry) => ServerMessage | undefined): Entry[] =>
  log.filter((entry) => entry.type !== 'heard' && told(entry));

/** How many of the entries that a client was to be shown it never was. */
export function unshown(seen: readonly ServerMessage[], owed: readonly Entry[]): number {
  const shown = new Set(seen.flatMap((message) => ('seq' in message && message.type !== 'hello' ? [message.seq] : [])));
  return owed.filter(({ seq }) => !shown.has(seq)).length;
}

/** How far a list of things that must come once and in order is from that. */
export function checkOrder(got: readonly string[], wanted: readonly string[]): Verdict {
  const places = new Map(wanted.map((each, index) => [each, index]));
  const verdict: Verdict = { lost: 0, doubled: 0, reordered: 0, changed: 0 };
  const found = new Set<string>();
  let last = -1;
  for (const each of got) {
    const place = places.get(each);
    if (place === undefined) verdict.changed += 1;
    else if (found.has(each)) verdict.doubled += 1;
    else if (place < last) verdict.reordered += 1;
    found.add(each);
    last = Math.max(last, place ?? -1);
  }
  verdict.lost = wanted.filter((each) => !found.has(each)).length;
  return verdict;
}

/** The words of the log that came from the microphone, each with how often it was spoken before, so that no two are alike. */
export function spokenWords(log: readonly Entry[]): string[] {
  return numbered(log.flatMap((entry) => (entry.type === 'said' && entry.from !== undefined ? entry.text.split(' ') : [])));
}

/** Makes each of these different from the others, by how often it came before. */
export function numbered(words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return words.map((word) => {
    const count = counts.get(word) ?? 0;
    counts.set(word, count + 1);
    return `${word}.${count}`;
  });
}

/** Every event of a session, page by page. */
export async function logOf(base: string, id: string): Promise<Entry[]> {
  const log: Entry[] = [];
  for (let next: number | null = 0; next !== null; ) {
    const page = (await (await fetch(`${base}/session/${id}/events?after=${next}`)).json()) as { events: Entry[]; next: number | null };
    log.push(...page.events);
    next = page.next;
  }
  return log;
}
