import type { ShareAt } from '../../client/share.ts';
import { type Invitation, invite, uninvite } from '../../client/share-owner.ts';
import { copyLink } from '../chat/copy-link.ts';
import { troubleInWords } from '../chat/in-words.ts';
import { make } from '../element.ts';
import { language } from '../language.ts';
import { t as chat } from '../texts/chat.ts';
import { t } from '../texts/share.ts';

const hour = 3_600;
const lengths = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour } as const;
const until = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

export type InviteParts = {
  readonly id: string;
  /** By the right of whoever opened the conversation. */
  readonly at: ShareAt;
  /** What opens an encrypted conversation: without it the link would be of no use. */
  readonly key?: string | undefined;
  /** Whether the plain link lets people in as well. */
  readonly isOpen: boolean;
};

/** Asks what somebody may do and for how long, and makes a link of their own. */
export function inviteDialog({ id, at, key, isOpen }: InviteParts): void {
  const role = make(
    'select',
    { id: 'invite-role' },
    make('option', { value: 'talk' }, t('roleTalk')),
    make('option', { value: 'watch' }, t('roleWatch')),
  );
  const length = make(
    'select',
    { id: 'invite-length' },
    make('option', { value: 'day' }, t('forDay')),
    make('option', { value: 'hour' }, t('forHour')),
    make('option', { value: 'week' }, t('forWeek')),
    make('option', { value: 'month' }, t('forMonth')),
  );
  const go = make('button', { type: 'submit', class: 'primary', id: 'invite-go' }, t('inviteGo'));
  const close = make('button', { type: 'button' }, chat('close'));
  const result = make('div', { class: 'invitation', 'aria-live': 'polite' });
  const form = make(
    'form',
    { class: 'entry' },
    make('h2', { id: 'invite-title' }, t('inviteTitle')),
    make('label', { for: 'invite-role' }, t('inviteRole')),
    role,
    make('label', { for: 'invite-length' }, t('inviteLength')),
    length,
    make('p', { class: 'hint' }, isOpen ? t('inviteOpen') : t('inviteClosed')),
    result,
    make('div', { class: 'buttons' }, close, go),
  );
  const dialog = make('dialog', { 'aria-labelledby': 'invite-title', id: 'invite-dialog' }, form);

  function made({ invitation, link, expires_at }: Invitation): void {
    const whole = link + (key === undefined ? '' : `&key=${key}`);
    const shown = make('input', { id: 'invite-link', readonly: '', 'aria-label': t('inviteLink'), value: whole });
    const back = make('button', { type: 'button', class: 'plain', id: 'uninvite' }, t('uninvite'));
    back.addEventListener('click', async () => {
      back.disabled = true;
      const told = await uninvite(at, id, invitation).then(() => t(isOpen ? 'uninvitedOpen' : 'uninvited'), troubleInWords);
      result.replaceChildren(make('p', {}, told));
    });
    result.replaceChildren(
      make('p', {}, t(role.value === 'watch' ? 'watchMade' : 'talkMade', { until: until.format(new Date(expires_at)) })),
      shown,
      make(
        'div',
        { class: 'buttons' },
        copyLink(() => whole),
        back,
      ),
    );
    go.textContent = t('inviteMore');
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    go.disabled = true;
    const inviting = { role: role.value as 'talk' | 'watch', expires_in_seconds: lengths[length.value as keyof typeof lengths] };
    await invite(at, id, inviting).then(made, (thrown) =>
      result.replaceChildren(make('p', { class: 'refused', role: 'alert' }, troubleInWords(thrown))),
    );
    go.disabled = false;
  });
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove(), { once: true });
  document.body.append(dialog);
  dialog.showModal();
}
