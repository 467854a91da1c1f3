import { make } from './element.ts';
import { parts, t } from './texts/coach.ts';

type Attributes = Readonly<Record<string, string>>;

const field = (label: string, box: HTMLElement) => [make('label', { for: box.id }, label), box];
const line = (id: string, name: string, attributes: Attributes) => make('input', { id, name, ...attributes });
const lines = (name: string, placeholder: string) => make('textarea', { id: name, name, maxlength: '4000', rows: '2', required: '', placeholder });
const box = (name: string, label: string, attributes: Attributes = {}) =>
  make('label', { class: 'check' }, make('input', { type: 'checkbox', name, ...attributes }), label);

const pitch = () =>
  make(
    'div',
    { class: 'pitch' },
    make('h1', { id: 'setup-title', tabindex: '-1' }, t('pitch')),
    make(
      'ol',
      {},
      make('li', {}, make('span', {}, ...parts('listensTo', { it: make('b', {}, t('listens')) }))),
      make('li', {}, make('span', {}, ...parts('whispersWhen', { it: make('b', {}, t('whispers')) }))),
      make('li', {}, make('span', {}, ...parts('tellsHow', { it: make('b', {}, t('tells')) }))),
    ),
    make('p', { class: 'hint' }, t('bestWith')),
  );

const cadences = { '0': t('cadence0'), '1': t('cadence1'), '2': t('cadence2'), '4': t('cadence4') };

const more = () =>
  make(
    'details',
    { class: 'more' },
    make('summary', {}, t('more')),
    ...field(t('people'), line('people', 'people', { maxlength: '4000', placeholder: t('peoplePlaceholder') })),
    ...field(t('tone'), line('tone', 'tone', { maxlength: '200', placeholder: t('tonePlaceholder') })),
    make(
      'div',
      { class: 'row' },
      make('label', { for: 'cadence' }, t('cadence')),
      make(
        'select',
        { id: 'cadence', name: 'cadence' },
        ...Object.entries(cadences).map(([value, name]) => make('option', { value, ...(value === '2' && { selected: '' }) }, name)),
      ),
    ),
    box('aloud', t('aloud'), { checked: '' }),
  );

/** The start page; `check` is the place for the check of the microphone. */
export const setupView = (check: HTMLElement): HTMLElement =>
  make(
    'section',
    { class: 'setup', id: 'setup', 'aria-labelledby': 'setup-title' },
    pitch(),
    make(
      'form',
      { class: 'card', id: 'start-form', novalidate: '' },
      ...field(
        t('name'),
        line('user-name', 'user_name', { maxlength: '200', autocomplete: 'given-name', required: '', placeholder: t('namePlaceholder') }),
      ),
      ...field(t('context'), lines('context', t('contextPlaceholder'))),
      ...field(t('goal'), lines('goal', t('goalPlaceholder'))),
      make(
        'div',
        { id: 'key-field', hidden: '' },
        ...field(t('key'), make('input', { id: 'key', type: 'password', maxlength: '256', autocomplete: 'off', spellcheck: 'false' })),
      ),
      more(),
      check,
      make(
        'div',
        { class: 'consent' },
        make('p', { id: 'consent' }, ...parts('consent', { notStored: make('b', {}, t('notStored')) })),
        box('keep-sound', t('keepSound'), { id: 'keep-sound' }),
        make('p', { id: 'keep-note', hidden: '' }),
        make('p', { id: 'ears-note', hidden: '' }),
      ),
      box('remember', t('remember')),
      make(
        'div',
        { class: 'buttons' },
        make('button', { type: 'submit', class: 'primary', id: 'start', 'aria-describedby': 'consent' }, t('start')),
        make('button', { type: 'button', class: 'plain', id: 'example' }, t('example')),
      ),
    ),
  );
