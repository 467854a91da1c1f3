import type { Feedback } from '../../client/messages.ts';
import { make } from '../element.ts';
import { t } from '../texts/feedback.ts';
import { speakerInWords } from '../words.ts';

type Line = Feedback['transcript'][number];

/** What is to be changed of a line. */
export type Change = { readonly text?: string; readonly speaker?: 'user' | 'other' | 'unknown' };

const speakers = ['user', 'other', 'unknown'] as const;

/** The form in which the owner says who it was and what was said; `save` writes it down, `close` puts the line back. */
export function correctionForm(line: Line, save: (change: Change) => Promise<void>, close: () => void): HTMLFormElement {
  const who = make(
    'select',
    { 'aria-label': t('whoWasIt') },
    ...speakers.map((one) => make('option', { value: one, ...(one === line.speaker && { selected: '' }) }, speakerInWords(one))),
  );
  const words = make('textarea', { 'aria-label': t('whatWasSaid'), maxlength: '4096', rows: '3', required: '' }, line.text);
  const cancel = make('button', { type: 'button' }, t('asItWas'));
  const submit = make('button', { type: 'submit', class: 'primary' }, t('saveLine'));
  const form = make('form', { class: 'correction' }, who, words, make('div', { class: 'buttons' }, cancel, submit));
  cancel.addEventListener('click', close);
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = words.value.trim();
    const change: Change = {
      ...(text !== '' && text !== line.text && { text }),
      ...(who.value !== line.speaker && { speaker: who.value as (typeof speakers)[number] }),
    };
    if (Object.keys(change).length === 0) return close();
    submit.disabled = true;
    submit.textContent = t('recounting');
    try {
      await save(change);
    } finally {
      submit.disabled = false;
      submit.textContent = t('saveLine');
    }
  });
  return form;
}
