import type { Told } from '../client/messages.ts';
import { make } from './element.ts';
import { number, percent } from './language.ts';
import { t } from './texts/coach.ts';

type Metrics = Told<'metrics'>['metrics'];

/** A number as a bar: how far it has come, and between which marks talking is easy to follow. */
type Gauge = { readonly at: number; readonly good: readonly [from: number, to: number] };
type Tile = { readonly label: string; readonly value: string | undefined; readonly unit: string; readonly gauge?: Gauge; readonly never?: boolean };

/** The fastest pace that the gauge shows, in words a minute. */
const fastest = 240;

function tiles(metrics: Metrics | undefined, ears: string): Tile[] {
  const { talk_ratio: ratio = null, words_per_minute: pace = null, fillers = null, user_words: words = 0 } = metrics ?? {};
  return [
    {
      label: t('pace'),
      value: pace === null ? undefined : number(pace),
      unit: t('paceUnit'),
      ...(pace !== null && { gauge: { at: Math.min(1, pace / fastest), good: [110 / fastest, 160 / fastest] } }),
    },
    {
      label: t('fillers'),
      value: fillers === null || words === 0 ? undefined : percent(fillers / words),
      unit: t('fillersUnit'),
      never: ears === 'browser',
    },
    {
      label: t('youTalk'),
      value: ratio === null ? undefined : percent(ratio),
      unit: t('youTalkUnit'),
      ...(ratio !== null && { gauge: { at: ratio, good: [0.4, 0.6] } }),
    },
  ];
}

function bar({ at, good: [from, to] }: Gauge): HTMLElement {
  const gauge = make('dd', { class: 'gauge', 'aria-hidden': 'true' }, make('i', { class: 'good' }), make('i', { class: 'needle' }));
  gauge.dataset.good = String(at >= from && at <= to);
  for (const [name, value] of Object.entries({ at, from, to })) gauge.style.setProperty(`--${name}`, value.toFixed(3));
  return gauge;
}

/** Shows the numbers of the moment; what cannot be known yet, or never with these ears, says so. */
export function showNumbers(list: HTMLDListElement, metrics: Metrics | undefined, ears = ''): void {
  list.replaceChildren(
    ...tiles(metrics, ears).map(({ label, value, unit, gauge, never }) =>
      make(
        'div',
        { class: value === undefined ? 'tile unknown' : 'tile' },
        make('dt', {}, label),
        value === undefined
          ? make('dd', {}, make('small', {}, never ? t('notMeasured') : t('notEnough')))
          : make('dd', {}, make('b', {}, value), ' ', make('small', {}, unit)),
        gauge && bar(gauge),
      ),
    ),
  );
}
