import { type Session, stateOf } from '../client/session.ts';
import { make } from './element.ts';
import { frame } from './frame.ts';
import { friendView } from './friend/friend-view.ts';
import { fragmentOf } from './share/fragment.ts';
import { t as chat } from './texts/chat.ts';
import { t as common } from './texts/frame.ts';
import { t } from './texts/friend.ts';
import { troubleInWords } from './troubles.ts';

const page = frame();
const id = location.pathname.split('/').filter(Boolean).at(-1) ?? '';
const { token } = fragmentOf(location.hash);

/** What cannot be entered says why, and nothing else is there. */
function closed(why: string): void {
  page.main.replaceChildren(make('h1', { class: 'unseen' }, 'Aside'));
  page.notice.show(why);
}

async function enter(session: Session): Promise<void> {
  page.notice.clear();
  page.state.textContent = chat('connecting');
  try {
    const { user_name: name, goal } = await stateOf(session);
    document.title = `${t('beside', { name })} · Aside`;
    document.body.dataset.view = 'chat';
    friendView(page, session, { name, goal });
  } catch (thrown) {
    page.state.textContent = '';
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : '';
    closed(code === 'session_not_found' ? t('gone') : troubleInWords(thrown));
    if (code !== 'session_not_found') page.notice.show(troubleInWords(thrown), { label: common('tryAgain'), run: () => void enter(session) });
  }
}

// without its token a link must not try: where an id is enough, it would come in as the wearer and take their place
if (token === undefined) closed(t('cut'));
else void enter({ base: location.origin, id, token, socket: `${location.origin.replace(/^http/, 'ws')}/ws/${id}`, greeting: '' });
// another link to the same place changes only what stands behind the #
addEventListener('hashchange', () => location.reload());
