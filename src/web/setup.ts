import type { Wanted } from '../client/coach.ts';
import { find } from './element.ts';
import { readAnew } from './language.ts';
import { draftFields, type Fields, keepDraft, rememberedFields, rememberFields } from './memory.ts';
import { t } from './texts/coach.ts';

/** The consent sentence has a number: whoever reads the log later can tell what was agreed to. */
const consentVersion = 2;

const example: Fields = { user_name: t('exampleName'), context: t('exampleContext'), goal: t('exampleGoal') };
const labels: Fields = { user_name: t('missingName'), context: t('missingContext'), goal: t('missingGoal') };
const names = Object.keys(labels) as (keyof Fields)[];

/** Binds the start form; `start` gets what the user wrote, `missing` one sentence when something is not there yet. */
export function setup(start: (wanted: Wanted) => void, missing: (sentence: string) => void): void {
  const form = find('start-form', HTMLFormElement);
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const fill = (fields: Fields) => {
    for (const name of names) field(name).value = String(fields[name] ?? '');
  };
  const written = () => Object.fromEntries(names.map((name) => [name, field(name).value.trim()])) as Fields;

  const remembered = rememberedFields();
  if (remembered) field('remember').checked = true;
  const known = draftFields() ?? remembered;
  if (known) fill(known);
  // another language reads the page anew: what was half written stays
  addEventListener(readAnew, () => keepDraft(written()));

  find('example', HTMLButtonElement).addEventListener('click', () => {
    fill(example);
    find('start', HTMLButtonElement).focus();
  });
  for (const name of names) field(name).addEventListener('input', () => field(name).removeAttribute('aria-invalid'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = written();
    const empty = names.filter((name) => fields[name] === '');
    if (empty[0]) {
      for (const name of empty) field(name).setAttribute('aria-invalid', 'true');
      field(empty[0]).focus();
      return missing(t('missing', { what: empty.map((name) => labels[name]).join(t('and')) }));
    }
    rememberFields(field('remember').checked ? fields : undefined);
    const [people, tone] = [field('people').value.trim(), field('tone').value.trim()];
    start({
      context: fields.context,
      goal: fields.goal,
      userName: fields.user_name,
      ...(people && { people }),
      ...(tone && { tone }),
      consent: { audio: field('keep-sound').checked, parties: 'both of us', version: consentVersion },
      settings: { cadence: Number(field('cadence').value), text_only: !field('aloud').checked },
    });
  });
}
