import type { SessionRequest } from '../client/messages.ts';
import { find } from './element.ts';
import { type Fields, rememberedFields, rememberFields } from './memory.ts';

/** The consent sentence has a number: whoever reads the log later can tell what was agreed to. */
const consentVersion = 2;

const example: Fields = {
  user_name: 'Alex',
  context: 'A job interview with Dana from Northwind, for a team lead of five engineers',
  goal: 'Show that I lead calmly; ask about the team; talk about salary',
};

const labels: Fields = { user_name: 'your name', context: 'what this conversation is', goal: 'what you want from it' };
const names = Object.keys(labels) as (keyof Fields)[];

/** Binds the start form; `start` gets what the user wrote, `missing` one sentence when something is not there yet. */
export function setup(start: (request: SessionRequest) => void, missing: (sentence: string) => void): void {
  const form = find('start-form', HTMLFormElement);
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const fill = (fields: Fields) => {
    for (const name of names) field(name).value = String(fields[name] ?? '');
  };

  const remembered = rememberedFields();
  if (remembered) {
    fill(remembered);
    field('remember').checked = true;
  }
  find('example', HTMLButtonElement).addEventListener('click', () => {
    fill(example);
    find('start', HTMLButtonElement).focus();
  });
  for (const name of names) field(name).addEventListener('input', () => field(name).removeAttribute('aria-invalid'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(names.map((name) => [name, field(name).value.trim()])) as Fields;
    const empty = names.filter((name) => fields[name] === '');
    if (empty[0]) {
      for (const name of empty) field(name).setAttribute('aria-invalid', 'true');
      field(empty[0]).focus();
      return missing(`Please say ${empty.map((name) => labels[name]).join(' and ')} first: a few words are enough.`);
    }
    rememberFields(field('remember').checked ? fields : undefined);
    start({
      ...fields,
      consent: { audio: field('keep-sound').checked, parties: 'both of us', version: consentVersion },
      settings: { cadence: Number(field('cadence').value), text_only: !field('aloud').checked },
    });
  });
}
