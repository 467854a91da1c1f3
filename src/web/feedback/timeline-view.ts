import { make } from '../element.ts';
import { draw } from '../svg.ts';
import { t } from '../texts/feedback.ts';
import { said } from '../texts/said.ts';
import { clockTime, speakerInWords } from '../words.ts';
import type { Stretch, Timeline } from './timeline.ts';

const lanes = ['user', 'other', 'unknown', 'coach'] as const;
const [row, band, top] = [46, 18, 18];

/** A mark that a finger hits and a keyboard reaches. */
function mark(kind: string, x: number, y: number, shape: SVGElement, words: string, chosen: () => void): SVGGElement {
  const place = draw(
    'g',
    { class: `mark ${kind}`, role: 'button', tabindex: '0', 'aria-label': words },
    draw('title', {}, words),
    draw('circle', { class: 'target', cx: x, cy: y, r: 20 }),
    shape,
  );
  place.addEventListener('click', chosen);
  place.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    chosen();
  });
  return place;
}

const diamond = (x: number, y: number, r: number) => draw('path', { d: `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z` });

/** How far apart the times below stand, in ms: no more than eight of them. */
const stepOf = (length: number): number =>
  [5, 10, 30, 60, 120, 300, 600, 1_800].map((s) => s * 1_000).find((step) => length / step <= 8) ?? 3_600_000;

/** Who spoke when, with fillers, suggestions and moments on it, in so much room or more; `chosen` is told which line somebody wants to see and hear. */
export function timelineView({ length, stretches, moments }: Timeline, room: number, chosen: (seq: number) => void): HTMLElement {
  const used = lanes.filter((lane) => stretches.some(({ speaker }) => speaker === lane));
  const wide = Math.max(680, room, Math.min(8_000, (length / 1_000) * 4));
  const high = top + used.length * row + 20;
  const x = (ms: number) => 10 + (ms / Math.max(1, length)) * (wide - 20);
  const y = (speaker: Stretch['speaker']) => top + used.indexOf(speaker) * row + 14;
  const bars = stretches.flatMap((one) => {
    const say = `${speakerInWords(one.speaker)}, ${clockTime(one.begins)}: ${one.text}`;
    if (one.speaker === 'coach')
      return [
        mark('whisper', x(one.begins), y('coach') + 9, draw('circle', { cx: x(one.begins), cy: y('coach') + 9, r: 6 }), say, () => chosen(one.seq)),
      ];
    const bar = draw(
      'rect',
      { class: `bar ${one.speaker}`, x: x(one.begins), y: y(one.speaker), width: Math.max(2, x(one.ends) - x(one.begins)), height: band, rx: 3 },
      draw('title', {}, say),
    );
    bar.addEventListener('click', () => chosen(one.seq));
    // where in the line a filler stood is not known: they are spread over it
    const fillers = (one.fillers ?? []).map((filler, index, all) => {
      const at = x(one.begins + ((index + 1) / (all.length + 1)) * (one.ends - one.begins));
      return draw('path', { class: 'filler', d: `M${at} ${y('user') + band + 3}l4 7h-8z` }, draw('title', {}, t('fillerHere', { filler })));
    });
    return [bar, ...fillers];
  });
  const flags = moments.map(({ seq, begins, quote, why, kind }) => {
    const line = stretches.find((one) => one.seq === seq);
    const at = { x: x(begins), y: line ? y(line.speaker) - 7 : top };
    return mark(`moment ${kind ?? ''}`, at.x, at.y, diamond(at.x, at.y, 6), `${clockTime(begins)}: ${said(why)} ${quote}`, () => chosen(seq));
  });
  const step = stepOf(length);
  const times = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step).flatMap((ms) => [
    draw('line', { class: 'grid', x1: x(ms), x2: x(ms), y1: top, y2: high - 18 }),
    draw('text', { x: x(ms), y: high - 4, 'text-anchor': ms === 0 ? 'start' : 'middle' }, clockTime(ms)),
  ]);
  const names = used.map((lane) => draw('text', { class: 'lane', x: 10, y: y(lane) - 4 }, speakerInWords(lane)));
  const picture = draw('svg', { viewBox: `0 0 ${wide} ${high}`, role: 'group', 'aria-label': t('timeline') }, ...times, ...bars, ...names, ...flags);
  picture.style.setProperty('--wide', `${wide}px`);
  return make('div', { class: 'timeline', tabindex: '0', role: 'region', 'aria-label': t('timelineScroll') }, picture);
}

/** What the signs of the timeline mean, and that there is more of it than is seen. */
export const legend = ({ moments, stretches }: Timeline, hasMore: boolean): HTMLElement =>
  make(
    'p',
    { class: 'hint legend' },
    ...[
      hasMore && t('swipe'),
      moments.length > 0 && t('signMoment'),
      stretches.some(({ speaker }) => speaker === 'coach') && t('signWhisper'),
      stretches.some(({ fillers }) => fillers) && t('signFiller'),
    ]
      .filter((sign) => sign !== false)
      .map((sign) => make('span', {}, sign)),
  );
