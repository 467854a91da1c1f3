import { nameCard, rememberedPerson } from './chat/person.ts';
import { frame } from './frame.ts';
import { lobby } from './rooms/lobby.ts';
import { roomView } from './rooms/room-view.ts';
import { t } from './texts/rooms.ts';

const page = frame('rooms');
let leaving = new AbortController();

/** Shows the room in the address, or where rooms are found. */
function show(): void {
  leaving.abort();
  leaving = new AbortController();
  page.notice.clear();
  page.state.textContent = '';
  const id = location.hash.slice(1);
  const who = rememberedPerson();
  document.body.dataset.view = id !== '' && who ? 'chat' : 'page';
  if (id === '') lobby(page);
  else if (who) roomView(page, id, who, leaving.signal);
  else page.main.replaceChildren(nameCard(t('enterTitle'), t('enterText'), show));
}

addEventListener('hashchange', show);
show();
