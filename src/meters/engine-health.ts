import type { Happening } from '../core/meter.ts';

/** The parts that can be down. */
export const engineParts = ['ears', 'voice', 'brain', 'storage'] as const;

export type EnginePart = (typeof engineParts)[number];

/** Rules stand in for a brain that failed, so nothing tells when it is back: so long it counts as down, in ms. */
const dazed = 60_000;

const isPart = (part: string): part is EnginePart => (engineParts as readonly string[]).includes(part);

/** Knows of every engine whether the last thing heard of it was a failure. */
export function engineHealth(now: () => number) {
  const failed = new Map<EnginePart, number>();
  return {
    note(happening: Happening): void {
      if (happening.type === 'lost' || (happening.type === 'probed' && !happening.works)) failed.set('storage', now());
      if (happening.type === 'probed' && happening.works) failed.delete('storage');
      if (happening.type === 'sounded') failed.delete('voice');
      if (happening.type !== 'kept') return;
      failed.delete('storage');
      for (const entry of happening.entries) {
        if (entry.type === 'failed' && isPart(entry.part)) failed.set(entry.part, now());
        if (entry.type === 'recovered' && isPart(entry.part)) failed.delete(entry.part);
        if (entry.type === 'said' && entry.by === 'ear') failed.delete('ears');
      }
    },
    works(part: EnginePart): boolean {
      const since = failed.get(part);
      return since === undefined || (part === 'brain' && now() - since > dazed);
    },
  };
}
