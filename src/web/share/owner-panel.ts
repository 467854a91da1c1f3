import { endConversation, type ShareAt } from '../../client/share.ts';
import { eraseConversation } from '../../client/share-owner.ts';
import { troubleInWords } from '../chat/in-words.ts';
import { unvisit } from '../chat/visited.ts';
import { make } from '../element.ts';
import type { Notice } from '../notice.ts';
import { sure } from '../sure.ts';
import { t } from '../texts/share.ts';

/** What only whoever opened a conversation does with it: invite, end, erase. */
export interface OwnerPanel {
  readonly box: HTMLElement;
  /** Nobody is invited to what is over, and it ends once. */
  over(): void;
}

/** Makes the panel of whoever opened a conversation, by the right that this browser remembers. */
export function ownerPanel(id: string, at: ShareAt, notice: Notice, invite: () => void): OwnerPanel {
  const inviting = make('button', { type: 'button', id: 'invite' }, t('invite'));
  const end = make('button', { type: 'button', class: 'danger', id: 'end' }, t('end'));
  const erase = make('button', { type: 'button', class: 'danger', id: 'erase' }, t('erase'));
  inviting.addEventListener('click', invite);
  end.addEventListener('click', async () => {
    if (!(await sure({ ask: t('endTitle'), means: t('endText'), no: t('endKeep'), yes: t('endGo') }))) return;
    await endConversation(at, id).catch((thrown) => notice.show(troubleInWords(thrown)));
  });
  erase.addEventListener('click', async () => {
    if (!(await sure({ ask: t('eraseTitle'), means: t('eraseText'), no: t('endKeep'), yes: t('eraseGo') }))) return;
    erase.disabled = true;
    try {
      await eraseConversation(at, id);
      unvisit('conversations', id);
      location.assign('/conversations');
    } catch (thrown) {
      erase.disabled = false;
      notice.show(troubleInWords(thrown));
    }
  });
  const buttons = make('div', { class: 'buttons' }, inviting, end, erase);
  const box = make(
    'details',
    { class: 'who-is-here', id: 'owner' },
    make('summary', {}, t('owner')),
    make('div', { class: 'people' }, make('p', { class: 'hint' }, t('ownerHint')), buttons),
  );
  box.open = matchMedia('(min-width: 56.01rem)').matches;
  return {
    box,
    over() {
      inviting.hidden = true;
      end.hidden = true;
    },
  };
}
