import { make } from '../element.ts';
import { t } from '../texts/feedback.ts';
import { said } from '../texts/said.ts';
import { lineOf } from '../transcript.ts';
import { clockTime } from '../words.ts';
import { type Change, correctionForm } from './correcting.ts';
import type { Stretch, Timeline } from './timeline.ts';

/** A moment worth another look, with the way to its line. */
export function momentItem({ seq, begins, quote, why }: Timeline['moments'][number], canHear: boolean, look: (seq: number) => void): HTMLLIElement {
  const button = make('button', { type: 'button', class: 'plain' }, `${canHear ? '▶ ' : ''}${clockTime(begins)}`);
  button.setAttribute('aria-label', t(canHear ? 'hearMoment' : 'seeMoment', { time: clockTime(begins) }));
  button.addEventListener('click', () => look(seq));
  return make('li', {}, make('q', {}, quote), make('span', {}, said(why)), button);
}

/** Every line, with a way to hear it where its sound was kept, and one to correct it. */
export function wordItems(
  stretches: readonly Stretch[],
  sureOf: (timestamp: string) => number | null,
  hear: ((seq: number) => void) | undefined,
  save: (seq: number, change: Change) => Promise<void>,
): HTMLLIElement[] {
  if (stretches.length === 0) return [make('li', { class: 'line none' }, t('nothingSaid'))];
  return stretches.map((one) => {
    const line = lineOf({ ...one, from: one.begins, probability: sureOf(one.timestamp) }, 0);
    line.id = `line-${one.seq}`;
    line.tabIndex = -1;
    if (one.speaker === 'coach') return line;
    const close = () => {
      form?.remove();
      form = undefined;
      open.hidden = false;
      open.focus();
    };
    let form: HTMLFormElement | undefined;
    const open = make('button', { type: 'button', class: 'plain correct' }, t('correctLine'));
    open.addEventListener('click', () => {
      form = correctionForm(one, (change) => save(one.seq, change), close);
      open.hidden = true;
      line.append(form);
      form.querySelector('textarea')!.focus();
    });
    if (hear && one.from !== null) {
      const play = make('button', { type: 'button', class: 'plain hear', 'aria-label': t('hearMoment', { time: clockTime(one.begins) }) }, '▶');
      play.addEventListener('click', () => hear(one.seq));
      line.append(play);
    }
    line.append(open);
    return line;
  });
}
