import { make } from '../element.ts';
import { t } from '../texts/chat.ts';
import { copyLink } from './copy-link.ts';

/** A link that was made for somebody: by what name it is taken back, and what it is good for. */
export type Invitation = { readonly id: string; readonly link: string; readonly means: string };

export type InvitationParts = {
  readonly title: string;
  /** What they may do, by the name of the role. */
  readonly roles: Readonly<Record<string, string>>;
  /** What else is asked: labels and their fields. */
  readonly fields: readonly HTMLElement[];
  readonly hint: string;
  make(role: string): Promise<Invitation>;
  /** Takes it back, and answers with what is true from now on. */
  takeBack(id: string): Promise<string>;
  inWords(thrown: unknown): string;
};

/** Asks what somebody may do, and makes a link of their own. */
export function invitationDialog({ title, roles, fields, hint, make: makeOne, takeBack, inWords }: InvitationParts): void {
  const role = make('select', { id: 'invite-role' }, ...Object.entries(roles).map(([value, name]) => make('option', { value }, name)));
  const go = make('button', { type: 'submit', class: 'primary', id: 'invite-go' }, t('inviteGo'));
  const close = make('button', { type: 'button' }, t('close'));
  const result = make('div', { class: 'invitation', 'aria-live': 'polite' });
  const form = make(
    'form',
    { class: 'entry' },
    make('h2', { id: 'invite-title' }, title),
    make('label', { for: 'invite-role' }, t('inviteRole')),
    role,
    ...fields,
    make('p', { class: 'hint' }, hint),
    result,
    make('div', { class: 'buttons' }, close, go),
  );
  const dialog = make('dialog', { 'aria-labelledby': 'invite-title', id: 'invite-dialog' }, form);

  function show({ id, link, means }: Invitation): void {
    const shown = make('input', { id: 'invite-link', readonly: '', 'aria-label': t('inviteLink'), value: link });
    const back = make('button', { type: 'button', class: 'plain', id: 'uninvite' }, t('uninvite'));
    back.addEventListener('click', async () => {
      back.disabled = true;
      result.replaceChildren(make('p', {}, await takeBack(id).catch(inWords)));
    });
    const buttons = make(
      'div',
      { class: 'buttons' },
      copyLink(() => link),
      back,
    );
    result.replaceChildren(make('p', {}, means), shown, buttons);
    go.textContent = t('inviteMore');
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    go.disabled = true;
    await makeOne(role.value).then(show, (thrown) => result.replaceChildren(make('p', { class: 'refused', role: 'alert' }, inWords(thrown))));
    go.disabled = false;
  });
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove(), { once: true });
  document.body.append(dialog);
  dialog.showModal();
}
