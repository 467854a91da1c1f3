import type { Person } from '../../client/rooms.ts';
import type { SealedTalk } from '../../client/sealed-talk.ts';
import { conversationOf, fileOf, handRound, joinConversation, type ShareAt, type ShareNews } from '../../client/share.ts';
import { searchIn } from '../../client/share-owner.ts';
import { composer } from '../chat/composer.ts';
import { copyLink } from '../chat/copy-link.ts';
import { endInWords, showLine, troubleInWords, typingInWords } from '../chat/in-words.ts';
import { logView } from '../chat/log-view.ts';
import { rightTo, visit } from '../chat/visited.ts';
import { make } from '../element.ts';
import type { Frame } from '../frame.ts';
import { t as chat } from '../texts/chat.ts';
import { t } from '../texts/share.ts';
import { awayOffer } from './away.ts';
import { linkTo } from './fragment.ts';
import { inviteDialog } from './invite-dialog.ts';
import { ownerPanel } from './owner-panel.ts';
import { sealedNote } from './sealed-note.ts';
import { searchDialog } from './search-dialog.ts';
import { type ShareItemParts, shareItem } from './share-items.ts';
import { emptyShare, type Local, type Shared, type ShareItem, type ShareState, shareAfter } from './share-state.ts';

/** Which conversation, as whom, by which right, and where it is encrypted what seals and opens. */
export type ShareViewParts = { readonly id: string; readonly who: Person; readonly at: ShareAt; readonly sealed?: SealedTalk | undefined };

/** A shared conversation, for somebody who has joined it. */
export function shareView({ main, notice, state: header }: Frame, { id, who, at, sealed }: ShareViewParts, stop: AbortSignal): void {
  let state: ShareState = emptyShare(who.id);
  let drawing = false;
  let count = 0;
  const over = new AbortController();

  function after(news: ShareNews | Local): void {
    state = shareAfter(state, news);
    if (!drawing) requestAnimationFrame(draw);
    drawing = true;
    if (news.event === 'conversation_state') visit('conversations', id, sealed ? t('sealedOne') : news.data.conversation.title);
    // nobody is let into what is over: it is still there to be read
    if (news.event === 'error' && !state.known) void whole(news.data.message);
  }

  const newKey = () => {
    count += 1;
    return `here-${count}`;
  };

  async function whole(why = ''): Promise<void> {
    try {
      const conversation = await conversationOf(at, id);
      after({ event: 'whole', data: { conversation: sealed ? await sealed.openAll(conversation) : conversation } });
    } catch (thrown) {
      // who is in it already goes on, with what is there
      if (state.known) return notice.show(troubleInWords(thrown));
      field.close();
      over.abort();
      header.textContent = '';
      notice.show(troubleInWords(thrown) || why, { label: chat('back'), run: () => location.assign('/conversations') });
    }
  }

  async function say(text: string, key = newKey()): Promise<void> {
    after({ event: 'saying', data: { id: key, text } });
    await conversation.say(text).then(
      (as) => after({ event: 'kept', data: { id: key, as } }),
      (thrown) => after({ event: 'refused', data: { id: key, why: troubleInWords(thrown) } }),
    );
  }

  async function hand(file: File): Promise<void> {
    const status = make('p', { class: 'hint', role: 'status' }, t('sendingFile', { name: file.name }));
    typing.before(status);
    try {
      await handRound(at, id, who, file, sealed);
    } catch (thrown) {
      notice.show(t('fileFailed', { name: file.name, why: troubleInWords(thrown) }), {
        label: chat('send'),
        run: () => [notice.clear(), void hand(file)],
      });
    } finally {
      status.remove();
    }
  }

  async function fetchFile(item: Shared, button: HTMLButtonElement): Promise<void> {
    if (!item.message) return;
    button.disabled = true;
    button.textContent = t('gettingFile');
    try {
      const address = URL.createObjectURL(await fileOf(at, item.message, sealed));
      make('a', { href: address, download: item.text }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (thrown) {
      notice.show(troubleInWords(thrown));
    } finally {
      button.disabled = false;
      button.textContent = t('getFile');
    }
  }

  async function lead(message: string): Promise<void> {
    if (log.lead(message)) return;
    await whole();
    draw();
    log.lead(message);
  }

  const parts: ShareItemParts = {
    me: who.id,
    nameOf: (by) => (by === who.id ? chat('you') : (state.names.get(by) ?? by)),
    isOver: () => state.over || state.watching,
    again: (key) => void say(state.pending.find((each) => each.key === key)?.text ?? '', key),
    react: (message, emoji, on) => conversation.react(message, emoji, on),
    fetch: (item, button) => void fetchFile(item, button),
  };
  const emptyHint = make('p', { class: 'hint' });
  const log = logView<ShareItem>({
    label: t('log'),
    empty: make('div', { class: 'empty' }, make('p', {}, t('empty')), emptyHint),
    render: (item) => shareItem(item, parts),
    onEarlier: () => void whole(),
  });
  const typing = make('p', { class: 'typing-line', 'aria-live': 'polite' });
  const picker = make('input', { type: 'file', id: 'file', class: 'unseen', tabindex: '-1', 'aria-label': t('file') });
  const pick = make('button', { type: 'button', class: 'pick', 'aria-label': t('file'), title: t('file') }, '+');
  pick.addEventListener('click', () => picker.click());
  picker.addEventListener('change', () => {
    const [file] = picker.files ?? [];
    picker.value = '';
    if (file) void hand(file);
  });
  const field = composer({
    draft: id,
    label: t('write'),
    placeholder: t('placeholder'),
    send: (text) => void say(text),
    typing: (active) => conversation.typing(active),
    tools: [picker, pick],
  });
  const watching = make('p', { class: 'hint watching', id: 'watching', hidden: '' }, t('watching'));
  const right = rightTo('conversations', id);
  const rule = { ...at, key: right };
  const key = sealed?.room.key;
  const invite = () => inviteDialog({ id, at: rule, key, isOpen: !state.invitedOnly });
  const owner = right === undefined ? undefined : ownerPanel(id, rule, notice, invite);
  const find = make('button', { type: 'button', id: 'search' }, t('find'));
  find.addEventListener('click', () => searchDialog((words) => searchIn(at, id, words), lead));
  const title = make('h1', {}, t('untitled'));
  const summary = make('summary', {}, t('here', { count: 0 }));
  const names = make('ul', {});
  const away = make('div', {}, awayOffer(at, id, who.id, notice));
  const crowd = make('details', { class: 'who-is-here', id: 'who-is-here' }, summary, make('div', { class: 'people' }, names, away));
  crowd.open = matchMedia('(min-width: 56.01rem)').matches;
  const byLink = copyLink(() => location.origin + linkTo(id, { key }));
  const inviteOnly = make('button', { type: 'button', class: 'primary', id: 'invite-only', hidden: '' }, t('invite'));
  inviteOnly.addEventListener('click', invite);
  const bar = make(
    'div',
    { class: 'bar' },
    make('a', { class: 'button plain', href: '/conversations', 'aria-label': chat('back') }, '←'),
    title,
    byLink,
    inviteOnly,
  );
  const chatBox = make(
    'div',
    { class: 'chat share' },
    bar,
    make('div', { class: 'side' }, crowd, sealed ? sealedNote() : find, owner?.box),
    log.box,
    typing,
    watching,
    field.form,
  );
  main.replaceChildren(chatBox);
  field.invite();

  /** What there is to do where nobody has said anything yet. */
  function whatNow(): string {
    if (state.watching) return t('emptyWatch');
    if (!state.invitedOnly) return sealed ? t('sealedEmptyHint') : t('emptyHint');
    if (!owner) return t('emptyGuest');
    return sealed ? t('sealedEmptyInvite') : t('emptyInvite');
  }

  function draw(): void {
    drawing = false;
    log.show([...state.items, ...state.pending], state.earlier > 0);
    title.textContent = state.title || t('untitled');
    summary.textContent = t('here', { count: state.people.size });
    names.replaceChildren(
      ...[...state.people].map(([by, name]) => make('li', { 'data-person': by }, make('b', {}, name), by === who.id && ` (${chat('you')})`)),
    );
    typing.textContent = typingInWords([...state.typing.values()]);
    // nobody is in what is over
    crowd.hidden = state.over;
    emptyHint.textContent = state.known ? whatNow() : '';
    // a link that lets nobody in is not worth copying
    byLink.hidden = state.invitedOnly;
    inviteOnly.hidden = !state.invitedOnly || owner === undefined || state.over;
    watching.hidden = !state.watching || state.over;
    away.hidden = state.watching;
    if (state.watching) field.close();
    if (state.over) {
      owner?.over();
      field.close();
      over.abort();
      chatBox.dataset.over = '';
      header.textContent = chat('over');
      header.dataset.mood = 'lost';
      notice.show(t('ended'));
    }
  }

  const conversation = joinConversation(
    {
      ...at,
      room: id,
      who,
      sealed,
      onNews: after,
      onState(line) {
        if (!state.over) showLine(header, line);
        if (line.is === 'over') notice.show(endInWords(line.code));
      },
    },
    AbortSignal.any([stop, over.signal]),
  );
}
