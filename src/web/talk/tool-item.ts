import { make } from '../element.ts';
import { t } from '../texts/talk.ts';
import type { Use } from './talk-state.ts';

const names: Record<string, string> = { current_time: t('toolCurrentTime'), arithmetic: t('toolCalculate'), recall: t('toolRecall') };

/** A value as people read it: one line a field. */
export function plainly(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return Object.entries(value)
    .map(([name, field]) => `${name.replaceAll('_', ' ')}: ${typeof field === 'object' ? JSON.stringify(field) : String(field)}`)
    .join('\n');
}

/** A tool that the assistant used: with what, and what came of it. */
export function toolItem({ tool, input, output, error }: Use): HTMLElement {
  const isDone = output !== undefined || error !== undefined;
  const state = error !== undefined ? 'failed' : isDone ? 'done' : 'using';
  return make(
    'li',
    { class: 'use', 'data-state': state },
    make(
      'details',
      {},
      make(
        'summary',
        {},
        make('b', {}, names[tool] ?? t('toolOther', { tool })),
        ' ',
        make('small', {}, isDone ? (error ?? plainly(output)) : t('using')),
      ),
      make(
        'dl',
        {},
        make('dt', {}, t('usedFor')),
        make('dd', {}, plainly(input)),
        make('dt', {}, t(error === undefined ? 'cameOut' : 'failed')),
        make('dd', {}, error ?? plainly(output)),
      ),
    ),
  );
}
