import { z } from 'zod';
import { Problem } from '../../core/problem.ts';
import { plainQuestion } from './plain-question.ts';
import { tool } from './tool.ts';

const asked = /\b(?:what(?:['’]s| is)? (?:the )?(?:current |local )?(?:time|date|day)|how late is it|the (?:current |local )?time)\b/i;
const place = / (?:in|at|for) (?:the )?([\p{L}/_ .'-]{2,40})$/iu;
const moment = / (?:right now|now|today|please|currently)$/i;

/** How a place is looked for in names such as America/New_York. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9+/-]/)
    .filter(Boolean)
    .join('_');

/** The time zone of that name, or of the city that it is named after. */
function zoneOf(asked: string): string {
  const wanted = plain(asked);
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  const found = zones.find((zone) => plain(zone) === wanted) ?? zones.find((zone) => plain(zone.split('/').at(-1)!) === wanted);
  if (found) return found;
  // older names and shorthands that only the formatter knows
  try {
    return new Intl.DateTimeFormat('en', { timeZone: asked.trim() }).resolvedOptions().timeZone;
  } catch {
    throw new Problem('invalid', `“${asked.slice(0, 60)}” is no time zone that is known here. Name one such as Europe/Berlin, or its city.`);
  }
}

/** Tells what time it is, here and elsewhere. */
export const currentTime = tool({
  name: 'current_time',
  description: 'Tells the current date and time, in a time zone such as "Europe/Berlin" or a city such as "Tokyo"; null is UTC.',
  takes: z.object({ time_zone: z.string().min(1).max(60).nullable() }),
  run({ time_zone }, { now }) {
    const zone = zoneOf(time_zone ?? 'UTC');
    const moment = new Date(now);
    const words = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'full', timeStyle: 'short' }).format(moment);
    const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
      .formatToParts(moment)
      .find(({ type }) => type === 'timeZoneName')?.value;
    return { time_zone: zone, time: words, utc_offset: offset === 'GMT' ? 'GMT+00:00' : (offset ?? ''), utc: moment.toISOString() };
  },
  hears(text) {
    let question = plainQuestion(text);
    if (!asked.test(question)) return undefined;
    while (moment.test(question)) question = question.replace(moment, '');
    return { time_zone: place.exec(question)?.[1]?.trim() ?? null };
  },
  says: ({ time, time_zone, utc_offset }) => `In ${time_zone} it is ${time} (${utc_offset}).`,
});
