import { idInLink } from '../chat/link-id.ts';
import { make } from '../element.ts';
import { t as chat } from '../texts/chat.ts';
import { t } from '../texts/share.ts';
import type { Locked } from './entrance.ts';
import { fragmentIn, linkTo } from './fragment.ts';

const means: Record<Locked, { title: string; what: string; todo: string }> = {
  keyMissing: { title: t('lockedTitle'), what: t('keyMissing'), todo: t('keyMissingDo') },
  keyWrong: { title: t('keyWrongTitle'), what: t('keyWrong'), todo: t('keyWrongDo') },
  noSealing: { title: t('noSealingTitle'), what: t('noSealing'), todo: t('noSealingDo') },
  notEncrypted: { title: t('notEncryptedTitle'), what: t('notEncrypted'), todo: t('notEncryptedDo') },
};

/** Says why nobody can read here, and takes the whole link where that helps. */
export function lockedCard(id: string, why: Locked): HTMLElement {
  const { title, what, todo } = means[why];
  const about = [make('h1', { id: 'locked', tabindex: '-1' }, title), make('p', {}, what), make('p', {}, todo)];
  const back = make('a', { class: 'button', href: '/conversations' }, chat('back'));
  if (why === 'noSealing' || why === 'notEncrypted')
    return make('section', { class: 'card entry locked', 'data-why': why }, ...about, make('div', { class: 'buttons' }, back));

  const field = make('input', {
    id: 'whole-link',
    maxlength: '600',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: t('wholeLinkPlaceholder'),
    'aria-describedby': 'whole-link-wrong',
  });
  const wrong = make('p', { class: 'refused', id: 'whole-link-wrong', role: 'alert', hidden: '' }, t('wholeLinkWrong'));
  const open = make('button', { type: 'submit', class: 'primary', id: 'unlock' }, t('unlock'));
  const form = make(
    'form',
    { class: 'card entry locked', 'data-why': why },
    ...about,
    make('label', { for: 'whole-link' }, t('wholeLink')),
    field,
    wrong,
    make('div', { class: 'buttons' }, open, back),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const behind = fragmentIn(field.value);
    const isWhole = behind.includes('key=');
    wrong.hidden = isWhole;
    field.setAttribute('aria-invalid', String(!isWhole));
    if (!isWhole) return field.focus();
    // where only what stands behind the # is new, the page notices by itself
    location.assign(linkTo(idInLink(field.value) ?? id) + behind);
  });
  return form;
}
