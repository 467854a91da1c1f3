import type { Told } from '../client/messages.ts';
import { make } from './element.ts';

type Metrics = Told<'metrics'>['metrics'];
type Tile = { label: string; value: string | undefined; unit: string; share?: number; never?: boolean };

const part = (of: number | null, whole: number) => (of === null || whole === 0 ? undefined : Math.round((of / whole) * 100));

function tiles(metrics: Metrics | undefined, ears: string): Tile[] {
  const fillers = metrics ? part(metrics.fillers, metrics.user_words) : undefined;
  const ratio = metrics?.talk_ratio ?? undefined;
  return [
    { label: 'Pace', value: metrics?.words_per_minute?.toFixed(0), unit: 'words a minute' },
    { label: 'Fillers', value: fillers === undefined ? undefined : `${fillers} %`, unit: 'of your words', never: ears === 'browser' },
    {
      label: 'You talk',
      value: ratio === undefined ? undefined : `${Math.round(ratio * 100)} %`,
      unit: 'of the time',
      ...(ratio !== undefined && { share: ratio }),
    },
  ];
}

/** Shows the numbers of the moment; what cannot be known yet, or never with these ears, says so. */
export function showNumbers(list: HTMLDListElement, metrics: Metrics | undefined, ears = ''): void {
  list.replaceChildren(
    ...tiles(metrics, ears).map(({ label, value, unit, share, never }) => {
      const bar = make('i', { class: 'share' });
      if (share !== undefined) bar.style.setProperty('inline-size', `${Math.round(share * 100)}%`);
      return make(
        'div',
        { class: value === undefined ? 'tile unknown' : 'tile' },
        make('dt', {}, label),
        value === undefined
          ? make('dd', {}, make('small', {}, never ? 'not measured' : 'not enough yet'))
          : make('dd', {}, make('b', {}, value), ' ', make('small', {}, unit)),
        share !== undefined && make('dd', { class: 'bar', 'aria-hidden': 'true' }, bar),
      );
    }),
  );
}
