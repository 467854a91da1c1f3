import type { Feedback } from '../../client/messages.ts';
import { make } from '../element.ts';
import { number, percent } from '../language.ts';
import { draw } from '../svg.ts';
import { t } from '../texts/feedback.ts';
import { clockTime } from '../words.ts';
import { type Part, partsOf, type Timeline } from './timeline.ts';

const [wide, high, left] = [320, 120, 40];

type Chart = { readonly name: string; readonly top: number; readonly good: readonly [number, number]; readonly say: (value: number) => string };

/** One value for each part of the conversation, as columns; what is easy to follow lies within the band. */
function columns(parts: readonly Part[], worth: (part: Part) => number | undefined, { name, top, good, say }: Chart): HTMLElement {
  const y = (value: number) => 8 + (high - 30) * (1 - Math.min(1, value / top));
  const each = (wide - left - 6) / parts.length;
  const bars = parts.map((part, index) => {
    const value = worth(part);
    const words = `${clockTime(part.from)} – ${clockTime(part.to)}: ${value === undefined ? t('tooLittle') : say(value)}`;
    const shape = { x: left + index * each + 2, width: Math.max(2, each - 4) };
    return value === undefined
      ? draw('rect', { class: 'none', ...shape, y: y(0) - 3, height: 3 }, draw('title', {}, words))
      : draw('rect', { class: 'value', ...shape, y: y(value), height: y(0) - y(value), rx: 2 }, draw('title', {}, words));
  });
  const told = parts.flatMap((part) => worth(part) ?? []);
  const range = told.length > 0 ? `${say(Math.min(...told))} – ${say(Math.max(...told))}` : t('tooLittle');
  const scale = [0, top / 2, top].map((value) => draw('text', { x: left - 5, y: y(value) + 4, 'text-anchor': 'end' }, say(value)));
  const times = [
    draw('text', { x: left, y: high - 4 }, clockTime(0)),
    draw('text', { x: wide - 4, y: high - 4, 'text-anchor': 'end' }, clockTime(parts.at(-1)!.to)),
  ];
  const goodBand = draw('rect', { class: 'good', x: left, width: wide - left - 4, y: y(good[1]), height: y(good[0]) - y(good[1]) });
  return make(
    'figure',
    { class: 'chart' },
    make('figcaption', {}, name),
    draw('svg', { viewBox: `0 0 ${wide} ${high}`, role: 'img', 'aria-label': `${name}: ${range}` }, goodBand, ...scale, ...times, ...bars),
  );
}

/** Which fillers, and how often. */
function fillerBars({ fillers, filler_words }: Feedback['metrics']): HTMLElement {
  const sorted = Object.entries(filler_words)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 6);
  const most = Math.max(1, ...sorted.map(([, times]) => times));
  const rows = sorted.map(([word, times]) => {
    const bar = make('i', { 'aria-hidden': 'true' });
    bar.style.setProperty('--share', String(times / most));
    return make('li', {}, make('span', {}, word), bar, make('b', {}, `${number(times)}×`));
  });
  const none = fillers === null ? t('fillersUncounted') : t('noFillers');
  return make(
    'figure',
    { class: 'chart' },
    make('figcaption', {}, t('fillers')),
    rows.length > 0 ? make('ul', { class: 'filler-bars' }, ...rows) : make('p', { class: 'hint' }, none),
  );
}

/** Talk ratio and pace over the conversation, and its fillers. */
export function chartsView({ metrics }: Pick<Feedback, 'metrics'>, timeline: Timeline): HTMLElement[] {
  const parts = partsOf(timeline);
  if (parts.length === 0) return [make('p', { class: 'hint' }, t('noTimes')), fillerBars(metrics)];
  const fastest = Math.max(200, ...parts.map(({ pace = 0 }) => Math.ceil(pace / 50) * 50));
  return [
    columns(parts, ({ share }) => share, { name: t('shareOverTime'), top: 1, good: [0.4, 0.6], say: percent }),
    columns(parts, ({ pace }) => pace, { name: t('paceOverTime'), top: fastest, good: [110, 160], say: (value) => number(value) }),
    fillerBars(metrics),
  ];
}
