import type { Happening } from '../core/meter.ts';

/** The parts that can be down. */
export const engineParts = ['ears', 'voice', 'brain', 'storage'] as const;

export type EnginePart = (typeof engineParts)[number];

const isPart = (part: string): part is EnginePart => (engineParts as readonly string[]).includes(part);

/** Knows of every engine whether the last thing heard of it was a failure. */
export function engineHealth() {
  const failed = new Set<EnginePart>();
  return {
    note(happening: Happening): void {
      if (happening.type === 'lost' || (happening.type === 'probed' && !happening.works)) failed.add('storage');
      if (happening.type === 'probed' && happening.works) failed.delete('storage');
      if (happening.type === 'thought') failed.delete('brain');
      if (happening.type === 'degraded' && happening.why !== 'unproved') failed.add('brain');
      if (happening.type === 'sounded') failed.delete('voice');
      if (happening.type !== 'kept') return;
      failed.delete('storage');
      for (const entry of happening.entries) {
        if (entry.type === 'failed' && isPart(entry.part)) failed.add(entry.part);
        if (entry.type === 'recovered' && isPart(entry.part)) failed.delete(entry.part);
        if (entry.type === 'said' && entry.by === 'ear') failed.delete('ears');
        if (entry.type === 'reviewed' && entry.review.engine !== 'rules' && !entry.review.degraded) failed.delete('brain');
      }
    },
    /** Until somebody has tried again nobody knows, and what is not known is not well. */
    works: (part: EnginePart): boolean => !failed.has(part),
  };
}
