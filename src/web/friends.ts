import { inviteFriend, sendAway } from '../client/friends.ts';
import type { Told } from '../client/messages.ts';
import type { Session } from '../client/session.ts';
import { invitationDialog } from './chat/invitation.ts';
import { find, make } from './element.ts';
import { friendLink } from './friend/link.ts';
import { language } from './language.ts';
import { type Invited, invitedTo, rememberInvited } from './memory.ts';
import type { Notice } from './notice.ts';
import { t } from './texts/friend.ts';
import { troubleInWords } from './troubles.ts';

/** The friends whom the wearer of a running conversation let in. */
export interface Friends {
  /** Shows those of this conversation from now on. */
  begin(session: Session): void;
  /** Who of them is here, as the service tells. */
  present(people: Told<'present'>['people']): void;
}

const until = new Intl.DateTimeFormat(language, { timeStyle: 'short' });

/** Binds the button that invites a friend, and the list of those who were invited. */
export function friends(notice: Notice): Friends {
  const list = find('friends', HTMLUListElement);
  let session: Session | undefined;
  let invited: readonly Invited[] = [];
  let here: ReadonlySet<string> = new Set();

  function change(next: readonly Invited[]): void {
    invited = next;
    if (session) rememberInvited(session.id, next);
    draw();
  }

  async function end(grant: string): Promise<void> {
    if (session) await sendAway(session, grant);
    change(invited.filter((one) => one.grant !== grant));
  }

  function item({ grant, name, role }: Invited): HTMLLIElement {
    const button = make('button', { type: 'button', class: 'plain danger', 'aria-label': t('endFor', { name }) }, t('end'));
    button.addEventListener('click', async () => {
      button.disabled = true;
      await end(grant).then(
        () => notice.show(t('ended', { name })),
        (thrown) => notice.show(troubleInWords(thrown)),
      );
      button.disabled = false;
    });
    const isHere = here.has(grant);
    const standing = `${t(role === 'whisper' ? 'whispers' : 'reads')} · ${t(isHere ? 'here' : 'away')}`;
    return make('li', { 'data-here': String(isHere) }, make('b', {}, name), make('small', {}, standing), button);
  }

  function draw(): void {
    list.replaceChildren(...invited.map(item));
    list.hidden = invited.length === 0;
  }

  function invite(): void {
    const wearer = session;
    if (!wearer) return;
    const called = make('input', { id: 'invite-name', maxlength: '60', autocomplete: 'off', required: '', placeholder: t('namePlaceholder') });
    invitationDialog({
      title: t('invite'),
      roles: { whisper: t('roleWhisper'), watch: t('roleWatch') },
      fields: [make('label', { for: 'invite-name' }, t('name')), called],
      hint: t('inviteHint'),
      async make(role) {
        const name = called.value.trim();
        const { token, grant, expires_at } = await inviteFriend(wearer, { role: role === 'watch' ? 'watch' : 'whisper', name });
        change([...invited, { grant, name, role }]);
        const told = { name, until: until.format(new Date(expires_at)) };
        return { id: grant, link: friendLink(wearer.id, token), means: role === 'watch' ? t('watchMade', told) : t('whisperMade', told) };
      },
      async takeBack(grant) {
        const name = invited.find((one) => one.grant === grant)?.name ?? '';
        await end(grant);
        return t('ended', { name });
      },
      inWords: troubleInWords,
    });
  }
  find('invite', HTMLButtonElement).addEventListener('click', invite);

  return {
    begin(next) {
      session = next;
      here = new Set();
      change(invitedTo(next.id));
    },
    present(people) {
      here = new Set(people.map(({ grant }) => grant));
      // whoever was let in elsewhere is shown as well: nobody is here unseen
      const others = people.filter(({ grant }) => grant !== '' && !invited.some((one) => one.grant === grant));
      change([...invited, ...others]);
    },
  };
}
