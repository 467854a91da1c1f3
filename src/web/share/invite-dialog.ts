import type { ShareAt } from '../../client/share.ts';
import { invite, uninvite } from '../../client/share-owner.ts';
import { troubleInWords } from '../chat/in-words.ts';
import { invitationDialog } from '../chat/invitation.ts';
import { make } from '../element.ts';
import { language } from '../language.ts';
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

/** Asks what somebody may do in a shared conversation and for how long, and makes a link of their own. */
export function inviteDialog({ id, at, key, isOpen }: InviteParts): void {
  const length = make(
    'select',
    { id: 'invite-length' },
    make('option', { value: 'day' }, t('forDay')),
    make('option', { value: 'hour' }, t('forHour')),
    make('option', { value: 'week' }, t('forWeek')),
    make('option', { value: 'month' }, t('forMonth')),
  );
  invitationDialog({
    title: t('inviteTitle'),
    roles: { talk: t('roleTalk'), watch: t('roleWatch') },
    fields: [make('label', { for: 'invite-length' }, t('inviteLength')), length],
    hint: isOpen ? t('inviteOpen') : t('inviteClosed'),
    async make(role) {
      const inviting = { role: role as 'talk' | 'watch', expires_in_seconds: lengths[length.value as keyof typeof lengths] };
      const { invitation, link, expires_at } = await invite(at, id, inviting);
      const times = { until: until.format(new Date(expires_at)) };
      return {
        id: invitation,
        link: link + (key === undefined ? '' : `&key=${key}`),
        means: role === 'watch' ? t('watchMade', times) : t('talkMade', times),
      };
    },
    async takeBack(invitation) {
      await uninvite(at, id, invitation);
      return t(isOpen ? 'uninvitedOpen' : 'uninvited');
    },
    inWords: troubleInWords,
  });
}
