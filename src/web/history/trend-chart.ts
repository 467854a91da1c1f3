import { make } from '../element.ts';
import { language, number, percent } from '../language.ts';
import { draw } from '../svg.ts';
import { t } from '../texts/history.ts';
import { type Point, type Subject, subjects, type Trend, trendOf } from './trends.ts';

type Talk = Parameters<typeof trendOf>[1][number];

const names: Record<Subject, string> = { fillers: t('fillers'), ratio: t('ratio'), pace: t('pace'), questions: t('questions') };
const meanings: Record<Subject, string> = {
  fillers: t('fillersMean'),
  ratio: t('ratioMeans'),
  pace: t('paceMeans'),
  questions: t('questionsMean'),
};
const written: Record<Subject, (value: number) => string> = {
  fillers: (value) => `${number(value * 100, 1)} %`,
  ratio: percent,
  pace: (value) => number(value),
  questions: (value) => number(value, 1),
};

const [wide, high, left, bottom] = [320, 150, 44, 22];

/** A round number above this one. */
function ceiling(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((times) => times * step).find((top) => top >= value)!;
}

const dayOf = (began: number, long = false): string =>
  new Date(began).toLocaleDateString(language, long ? { day: 'numeric', month: 'long', year: 'numeric' } : { day: 'numeric', month: 'numeric' });

/** One conversation in words: its value with the range in which the truth may lie. */
function pointInWords(subject: Subject, point: Point): string {
  if (point.is !== 'told') return point.is === 'too little' ? t('tooLittle') : t('unmeasured');
  const say = written[subject];
  const { value, low, high } = point.measured;
  return t('valueRange', { value: say(value), low: say(low), high: say(high) });
}

/** What the trend says in one sentence, and no more than its numbers carry. */
export function verdictOf({ points, sinceLast, sinceFirst }: Trend): string {
  const told = points.filter((point) => point.is === 'told').length;
  if (told === 0) return points.some((point) => point.is === 'too little') ? t('allTooLittle') : t('allUnmeasured');
  if (told === 1) return t('onlyOne');
  if (sinceLast === 'same' && sinceFirst === 'same') return t('sameAsEver');
  const last = { higher: t('higherThanLast'), lower: t('lowerThanLast'), same: t('sameAsLast') }[sinceLast!];
  const first = sinceFirst && { higher: t('higherThanFirst'), lower: t('lowerThanFirst'), same: t('sameAsFirst') }[sinceFirst];
  return [last, first].filter(Boolean).join(' ');
}

function chart(subject: Subject, { points }: Trend): SVGSVGElement {
  const tops = points.flatMap((point) => (point.is === 'told' ? [point.measured.high] : []));
  const top = subject === 'ratio' ? 1 : ceiling(Math.max(0.01, ...tops));
  const y = (value: number) => (high - bottom) * (1 - value / top) + 8;
  const x = (index: number) => left + (wide - left - 10) * ((index + 0.5) / points.length);
  const marks = points.map((point, index) => {
    const place = x(index);
    const title = draw('title', {}, `${dayOf(point.began, true)}: ${pointInWords(subject, point)}`);
    if (point.is !== 'told') return draw('g', { class: 'untold' }, title, draw('circle', { cx: place, cy: y(0) - 6, r: 4 }));
    const { value, low, high: above } = point.measured;
    return draw(
      'g',
      { class: 'told' },
      title,
      draw('line', { class: 'range', x1: place, x2: place, y1: y(above), y2: y(low) }),
      draw('circle', { cx: place, cy: y(value), r: 5 }),
    );
  });
  const say = written[subject];
  const scale = [0, top / 2, top].flatMap((value) => [
    draw('line', { class: 'grid', x1: left, x2: wide - 6, y1: y(value), y2: y(value) }),
    draw('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, say(value)),
  ]);
  const days = [...new Set([0, points.length - 1])].map((index) =>
    draw('text', { x: x(index), y: high + 10, 'text-anchor': 'middle' }, dayOf(points[index]!.began)),
  );
  return draw('svg', { viewBox: `0 0 ${wide} ${high + 14}`, role: 'img', 'aria-label': `${names[subject]}` }, ...scale, ...days, ...marks);
}

function trendCard(subject: Subject, talks: readonly Talk[]): HTMLElement {
  const trend = trendOf(subject, talks);
  const rows = trend.points.map((point) =>
    make('tr', {}, make('th', { scope: 'row' }, dayOf(point.began, true)), make('td', {}, pointInWords(subject, point))),
  );
  const card = make(
    'article',
    { class: 'card trend' },
    make('h3', {}, names[subject]),
    make('p', { class: 'hint' }, meanings[subject]),
    trend.points.some(({ is }) => is === 'told') && chart(subject, trend),
    make('p', { class: 'trend-verdict' }, verdictOf(trend)),
    make('details', {}, make('summary', {}, t('asTable')), make('table', {}, make('tbody', {}, ...rows))),
  );
  card.dataset.subject = subject;
  return card;
}

/** What talking was like over these conversations, as pictures that show how far each number can be trusted. */
export const trendsView = (talks: readonly Talk[]): HTMLElement[] => subjects.map((subject) => trendCard(subject, talks));
