import { enterRoom, type Person, type RoomNews } from '../../client/rooms.ts';
import { composer } from '../chat/composer.ts';
import { copyLink } from '../chat/copy-link.ts';
import { formingItem } from '../chat/forming-item.ts';
import { endInWords, showLine, typingInWords } from '../chat/in-words.ts';
import { logView } from '../chat/log-view.ts';
import { labelOf, visit } from '../chat/visited.ts';
import { make } from '../element.ts';
import type { Frame } from '../frame.ts';
import { t as chat } from '../texts/chat.ts';
import { t } from '../texts/rooms.ts';
import { roomHref } from './lobby.ts';
import { natureOf, people, those } from './people.ts';
import { roomItem, vocabularyOf } from './room-items.ts';
import { emptyRoom, type RoomItem, type RoomState, roomAfter, type Saying } from './room-state.ts';

type Forming = { readonly kind: 'forming'; readonly key: string; readonly name: string; readonly text: string };

/** A room, for somebody who is in it. */
export function roomView({ main, notice, state: header }: Frame, id: string, who: Person, stop: AbortSignal): void {
  let state: RoomState = emptyRoom(who.id);
  let drawing = false;

  function after(news: RoomNews | Saying): void {
    state = roomAfter(state, news);
    // a whole history is one picture
    if (!drawing) requestAnimationFrame(draw);
    drawing = true;
  }

  const say = (text: string) => {
    after({ type: 'saying', id: room.say(text), content: text });
  };
  const again = (key: string) => {
    const said = state.pending.find((each) => each.key === key);
    if (said) after({ type: 'saying', id: key, content: said.text });
    room.again(key);
  };

  const crowd = people(who.id, say);
  const hint = make('p', { class: 'hint' }, t('emptyHint'));
  const empty = make('div', { class: 'empty' }, make('p', {}, t('empty')), hint);
  const log = logView<RoomItem | Forming>({
    label: t('log'),
    empty,
    render: (item) => (item.kind === 'forming' ? formingItem(item.name, t('forming'), item.text) : roomItem(item, again)),
  });
  const typing = make('p', { class: 'typing-line', 'aria-live': 'polite' });
  const sumUp = make('button', { type: 'button', id: 'sum-up' }, t('sumUp'));
  const halt = make('button', { type: 'button', id: 'stop-agents', title: t('stopHint'), disabled: '' }, t('stop'));
  sumUp.addEventListener('click', () => say(t('sumUpMessage')));
  halt.addEventListener('click', () => say('/stop'));
  const deeds = make('div', { class: 'deeds', hidden: '' }, sumUp, halt);
  const field = composer({
    draft: id,
    label: t('write'),
    placeholder: t('placeholder'),
    send: say,
    typing: (active) => room.typing(active),
    vocabulary: () => vocabularyOf(state, natureOf),
  });
  const back = make('a', { class: 'button plain', href: '/rooms#', 'aria-label': chat('back') }, '←');
  const title = make('h1', {}, t('room'));
  const bar = make(
    'div',
    { class: 'bar' },
    back,
    title,
    copyLink(() => `${location.origin}${roomHref(id)}`),
  );
  main.replaceChildren(make('div', { class: 'chat' }, bar, crowd.box, log.box, typing, deeds, field.form));
  crowd.box.open = matchMedia('(min-width: 56.01rem)').matches;
  field.invite();

  function draw(): void {
    drawing = false;
    if (stop.aborted) return;
    const forming = [...state.forming].map(
      ([by, text]): Forming => ({ kind: 'forming', key: `forming-${by}`, name: state.members.get(by)?.name ?? by, text }),
    );
    log.show([...state.items, ...forming, ...state.pending]);
    crowd.show(state);
    const writing = [...state.typing].filter((by) => !state.forming.has(by)).map((by) => state.members.get(by)?.name ?? by);
    typing.textContent = typingInWords(writing);
    const agents = those(state, 'agent');
    deeds.hidden = agents.length === 0 || state.over;
    hint.textContent = t(agents.length === 0 ? 'emptyAlone' : 'emptyHint');
    sumUp.disabled = agents.some(([by, { muted }]) => by === 'observer' && muted);
    halt.disabled = !agents.some(([by]) => state.typing.has(by) || state.forming.has(by));
    const first = state.items.find((item) => item.kind === 'said');
    const label = first?.kind === 'said' ? labelOf(first.text) : '';
    if (label !== '' && label !== title.textContent) {
      title.textContent = label;
      visit('rooms', id, label);
    }
    if (state.over) {
      field.close();
      notice.show(t('finished'));
    }
  }

  const room = enterRoom(
    {
      base: location.origin,
      room: id,
      who,
      onNews: after,
      onState(line) {
        showLine(header, line);
        if (line.is === 'open') visit('rooms', id);
        if (line.is === 'over' && !state.over) {
          field.close();
          notice.show(endInWords(line.code), { label: chat('back'), run: () => location.assign('/rooms') });
        }
      },
    },
    stop,
  );
}
