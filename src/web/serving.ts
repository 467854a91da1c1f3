import type { Told } from '../client/messages.ts';
import { t } from './texts/coach.ts';
import { engineInWords } from './words.ts';

const parts = ['ears', 'voice', 'brain'] as const;
type Part = (typeof parts)[number];
type Engines = Record<Part, string>;

const isPart = (part: string | undefined): part is Part => parts.some((known) => known === part);

/** Says in plain words who hears, whispers and thinks at the moment: the best, or whoever stands in for it. */
export function serving(line: HTMLElement) {
  let best: Engines = { ears: '', voice: '', brain: '' };
  let now = best;
  const show = (engines: Engines) => {
    now = engines;
    line.textContent = t('engines', { ears: engineInWords(now.ears), voice: engineInWords(now.voice), brain: engineInWords(now.brain) });
  };
  return {
    greet({ engines, serving }: Told<'hello'>): void {
      best = engines;
      show({ ears: serving?.ears ?? best.ears, voice: serving?.voice ?? best.voice, brain: serving?.brain ?? best.brain });
    },
    failed({ part, serving }: Told<'error'>): void {
      if (isPart(part) && serving !== undefined) show({ ...now, [part]: serving });
    },
    recovered({ part, state, serving }: Told<'status'>): void {
      if (state === 'recovered' && isPart(part) && serving !== undefined) show({ ...now, [part]: best[part] });
    },
    clear(): void {
      line.textContent = '';
    },
  };
}
