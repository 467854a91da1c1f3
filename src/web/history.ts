import { finish, type Session, stateOf } from '../client/session.ts';
import { make } from './element.ts';
import { feedbackPage } from './feedback-page.ts';
import { frame } from './frame.ts';
import { held } from './held.ts';
import { historyView } from './history/history-view.ts';
import { rememberedKey } from './memory.ts';
import { t as feedbackText } from './texts/feedback.ts';
import { t as common } from './texts/frame.ts';
import { t } from './texts/history.ts';
import { troubleInWords } from './troubles.ts';

const { main, notice, state } = frame('history');
const list = historyView({ notice, state });
const feedback = feedbackPage({
  notice,
  onwards: make('a', { class: 'button', id: 'all', href: '#' }, t('all')),
  soundGoes: () => '',
  erased() {
    location.hash = '';
    notice.show(feedbackText('erased'));
  },
});
main.append(list.element, feedback.element);

/** The conversation of that id: by the key that this browser holds, else by that of the service. */
function sessionOf(id: string): Session | undefined {
  const known = held().find((one) => one.id === id);
  const token = rememberedKey();
  return known ?? (token === undefined ? undefined : { base: location.origin, id, token, socket: '', greeting: '' });
}

let turn = 0;

/** Shows the conversation in the address, or all of them. */
async function show(): Promise<void> {
  turn += 1;
  const mine = turn;
  const id = decodeURIComponent(location.hash.slice(1));
  const session = id === '' ? undefined : sessionOf(id);
  feedback.element.hidden = true;
  list.element.hidden = id !== '';
  if (id === '') return list.refresh();
  scrollTo(0, 0);
  if (!session) return notice.show(t('notHeld'));
  state.textContent = common('working');
  try {
    // to ask a running one for its feedback would end it
    const isOver = (await stateOf(session)).state === 'finished';
    const found = isOver ? await finish(session) : undefined;
    if (mine !== turn) return;
    if (found) feedback.show(session, found);
    else notice.show(t('running'));
  } catch (thrown) {
    if (mine === turn) notice.show(troubleInWords(thrown), { label: common('tryAgain'), run: () => void show() });
  } finally {
    if (mine === turn) state.textContent = '';
  }
}

addEventListener('hashchange', () => {
  notice.clear();
  void show();
});
void show();
