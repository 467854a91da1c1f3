import type { Entry } from './entry.ts';
import type { Clock, Opened, Store } from './ports.ts';
import { Problem } from './problem.ts';

/** How many days after a conversation's end its words and its sound are kept. */
export type Keeping = { readonly transcripts: number; readonly sound: number };

/** When a conversation was over, or last heard of (ms), and whether somebody ended it. */
export type Life = { readonly over: number; readonly ended: boolean };

const hour = 3_600_000;

/** A conversation that nobody ended is over when nothing happened in it for so long. */
const abandoned = 4 * hour;

/** What has been kept long enough. */
export function due({ over, ended }: Life, now: number, { transcripts, sound }: Keeping): 'everything' | 'sound' | 'nothing' {
  const passed = (days: number) => now - over >= Math.max(days * 24 * hour, ended ? 0 : abandoned);
  if (passed(transcripts)) return 'everything';
  return passed(sound) ? 'sound' : 'nothing';
}

type Parts = { readonly store: Store; readonly erase: (id: string) => Promise<void>; readonly clock: Clock; readonly keeping: Keeping };

/** Takes away, now and every hour, what has been kept long enough. */
export async function keepNoLonger(parts: Parts, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    // a store in trouble says so to whoever reads or writes; the next hour tries again
    await sweepKept(parts).catch(() => undefined);
    await parts.clock.sleep(hour, stop).catch(() => undefined);
  }
}

/** Takes away what has been kept long enough by now. */
export async function sweepKept({ store, erase, clock, keeping }: Parts): Promise<void> {
  const now = clock.now();
  for await (const opened of store.list()) {
    if (!opened.hasSound && now - Date.parse(opened.at) < keeping.transcripts * 24 * hour) continue;
    const life = await lifeOf(opened, store);
    const verdict = due(life, now, keeping);
    if (verdict === 'everything') await erase(opened.id);
    // the process may have died between the word that takes the consent back and the deed
    else if (opened.hasSound && (verdict === 'sound' || life.withdrawn)) await store.dropSounds(opened.id);
  }
}

async function lifeOf({ id, at }: Opened, store: Store): Promise<Life & { withdrawn: boolean }> {
  let withdrawn = false;
  let last: Pick<Entry, 'at' | 'type'> = { at, type: 'opened' };
  try {
    reading: for await (const page of store.read(id))
      for (const entry of page) {
        last = entry;
        if (entry.type === 'consented') withdrawn = !entry.audio;
        // what is noted after the end, as a rating, does not make it younger
        if (entry.type === 'ended') break reading;
      }
  } catch (error) {
    // what rotted must go in its time too; as far as it reads, it is dated
    if (!(error instanceof Problem && error.code === 'storage_damaged')) throw error;
  }
  return { over: Date.parse(last.at), ended: last.type === 'ended', withdrawn };
}
