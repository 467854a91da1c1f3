import type { SealedTalk } from '../client/sealed-talk.ts';
import { troubleInWords } from './chat/in-words.ts';
import { nameCard, rememberedPerson } from './chat/person.ts';
import { rightTo, visit } from './chat/visited.ts';
import { frame } from './frame.ts';
import { type Entrance, entrance } from './share/entrance.ts';
import { fragmentOf } from './share/fragment.ts';
import { lockedCard } from './share/locked-card.ts';
import { shareView } from './share/share-view.ts';
import { t as chat } from './texts/chat.ts';
import { t as common } from './texts/frame.ts';
import { t } from './texts/share.ts';

const page = frame('conversations');
const id = location.pathname.split('/').filter(Boolean).at(-1) ?? '';
const brought = fragmentOf(location.hash);

/** Whoever was invited has a token behind the #, and whoever opened the conversation a right of their own. */
const at = { base: location.origin, key: brought.token ?? rightTo('conversations', id) };

async function show(found: Entrance): Promise<void> {
  if ('locked' in found) {
    if (found.locked === 'keyMissing') visit('conversations', id, t('sealedOne'));
    document.body.dataset.view = 'page';
    return page.main.replaceChildren(lockedCard(id, found.locked));
  }
  const who = rememberedPerson();
  document.body.dataset.view = who ? 'chat' : 'page';
  if (!who) return page.main.replaceChildren(nameCard(t('enterTitle'), found.talkAs ? t('enterSealed') : t('enterText'), () => void show(found)));
  const sealed: SealedTalk | undefined = await found.talkAs?.(who);
  shareView(page, { id, who, at, sealed }, new AbortController().signal);
}

async function enter(): Promise<void> {
  page.notice.clear();
  page.state.textContent = chat('connecting');
  try {
    const found = await entrance(at, id, brought.key);
    page.state.textContent = '';
    await show(found);
  } catch (thrown) {
    page.state.textContent = '';
    const isAway = thrown instanceof Error && 'code' in thrown && thrown.code === 'unreachable';
    const back = { label: chat('back'), run: () => location.assign('/conversations') };
    page.notice.show(troubleInWords(thrown), isAway ? { label: common('tryAgain'), run: () => void enter() } : back);
  }
}

// another link to the same conversation changes only what stands behind the #
addEventListener('hashchange', () => location.reload());
void enter();
