import { make } from './element.ts';
import { t } from './texts/coach.ts';
import { t as friend } from './texts/friend.ts';

type Attributes = Readonly<Record<string, string>>;

const button = (id: string, text: string, attributes: Attributes = {}) => make('button', { type: 'button', id, ...attributes }, text);

const card = () =>
  make(
    'article',
    { class: 'whisper', id: 'whisper', 'data-mood': 'quiet' },
    make(
      'p',
      { class: 'kind' },
      make('span', { id: 'whisper-kind' }, t('ready')),
      make('span', { class: 'waves', id: 'waves', hidden: '' }, make('i'), make('i'), make('i'), t('inYourEar')),
    ),
    make('p', { class: 'words', id: 'whisper-words', 'aria-live': 'assertive', 'aria-atomic': 'true' }),
    make('p', { class: 'more', id: 'whisper-more', 'aria-live': 'polite', hidden: '' }),
    make('p', { class: 'reason', id: 'whisper-reason' }),
    make(
      'div',
      { class: 'rating', id: 'rating', hidden: '' },
      button('useful', t('useful'), { 'aria-pressed': 'false' }),
      button('useless', t('useless'), { 'aria-pressed': 'false' }),
      button('silence', t('hush'), { class: 'plain', hidden: '' }),
    ),
    make(
      'details',
      { class: 'why', id: 'why' },
      make('summary', {}, t('whyQuiet')),
      make('ul', { id: 'why-reasons' }, make('li', {}, t('nothingYet'))),
    ),
  );

const script = () =>
  make(
    'div',
    { class: 'script card' },
    make('div', { class: 'heading' }, make('h2', {}, t('whatIsSaid')), button('invite', friend('invite'), { class: 'plain' })),
    make('ul', { class: 'friends', id: 'friends', 'aria-label': friend('friends'), 'aria-live': 'polite', hidden: '' }),
    make('ol', { class: 'lines', id: 'lines', tabindex: '0', 'aria-label': t('transcript'), 'data-empty': t('wordsAppear') }),
    make(
      'details',
      { class: 'typing', id: 'typing' },
      make('summary', {}, t('typeInstead')),
      make(
        'form',
        { id: 'type-form' },
        make(
          'select',
          { id: 'type-who', 'aria-label': t('whoSaidIt') },
          make('option', { value: 'user' }, t('iSaid')),
          make('option', { value: 'other' }, t('theySaid')),
        ),
        make('input', { id: 'type-text', 'aria-label': t('whatWasSaid'), maxlength: '4096', autocomplete: 'off', placeholder: t('typePlaceholder') }),
        make('button', { type: 'submit' }, t('add')),
      ),
    ),
    make('p', { class: 'engines', id: 'engines' }),
  );

const controls = () =>
  make(
    'div',
    { class: 'controls' },
    make('div', { class: 'meter', id: 'meter', role: 'img', 'aria-label': t('level') }, make('i', { class: 'share' })),
    button('hint', t('helpMe'), { class: 'primary large' }),
    button('pause', t('offRecord'), { class: 'large', 'aria-pressed': 'false' }),
    make(
      'div',
      { class: 'lesser' },
      button('screen-only', t('screenOnly'), { 'aria-pressed': 'false' }),
      button('forget', t('forget')),
      button('finish', t('finish')),
    ),
  );

/** The page of a running conversation, still quiet. */
export const liveView = (): HTMLElement =>
  make(
    'section',
    { class: 'live', id: 'live', 'aria-labelledby': 'live-title', hidden: '' },
    make('h1', { id: 'live-title', class: 'unseen', tabindex: '-1' }, t('yours')),
    make(
      'div',
      { class: 'stage' },
      card(),
      make('ul', { class: 'goals', id: 'goals', 'aria-label': t('goals'), 'aria-live': 'polite', hidden: '' }),
      make('dl', { class: 'numbers', id: 'numbers', 'aria-label': t('numbers') }),
    ),
    script(),
    controls(),
  );
