import { nameCard, rememberedPerson } from './chat/person.ts';
import { rightTo } from './chat/visited.ts';
import { frame } from './frame.ts';
import { shareView } from './share/share-view.ts';
import { t } from './texts/share.ts';

const page = frame('conversations');
const id = location.pathname.split('/').filter(Boolean).at(-1) ?? '';

/** An invitation stands behind the #, where no server sees it; whoever opened the conversation has a right of their own. */
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? rightTo('conversations', id);

function show(): void {
  const who = rememberedPerson();
  document.body.dataset.view = who ? 'chat' : 'page';
  if (who) shareView(page, id, who, { base: location.origin, key: token }, new AbortController().signal);
  else page.main.replaceChildren(nameCard(t('enterTitle'), t('enterText'), show));
}

show();
