import { beginTalk, type TalkNews, talkOf } from '../../client/talk.ts';
import { bubble, noteLine } from '../chat/bubble.ts';
import { composer } from '../chat/composer.ts';
import { formingItem } from '../chat/forming-item.ts';
import { endInWords, showLine, troubleInWords } from '../chat/in-words.ts';
import { logView } from '../chat/log-view.ts';
import { rememberedPerson } from '../chat/person.ts';
import { askForKey } from '../chat/service-key.ts';
import { labelOf, visit } from '../chat/visited.ts';
import { make } from '../element.ts';
import type { Frame } from '../frame.ts';
import { rememberedKey, rememberKey } from '../memory.ts';
import { t as chat } from '../texts/chat.ts';
import { t as common } from '../texts/frame.ts';
import { t } from '../texts/talk.ts';
import { emptyTalk, isAnswerDue, type Local, type TalkItem, type TalkState, talkAfter } from './talk-state.ts';
import { toolItem } from './tool-item.ts';

type Forming = { readonly kind: 'forming'; readonly key: string; readonly text: string };

const timeInWords = (seconds: number): string =>
  seconds < 90 ? t('seconds', { count: seconds }) : t('minutes', { count: Math.round(seconds / 60) });

/** A talk with the assistant: its words as they come, and every tool that it uses. */
export function talkView({ main, notice, state: header }: Frame, id: string, stop: AbortSignal): void {
  let state: TalkState = emptyTalk;
  let drawing = false;

  function after(news: TalkNews | Local): void {
    state = talkAfter(state, news);
    if (!drawing) requestAnimationFrame(draw);
    drawing = true;
    if (news.type === 'finished' || (news.type === 'error' && news.code === 'session_finished')) void readRecord();
  }

  /** What became of it, once it is over. */
  async function readRecord(): Promise<void> {
    try {
      after({ type: 'record', record: await talkOf(location.origin, id, rememberedKey()) });
    } catch (thrown) {
      notice.show(troubleInWords(thrown), { label: common('tryAgain'), run: () => [notice.clear(), void readRecord()] });
    }
  }

  const say = (text: string) => after({ type: 'saying', id: talk.say(text), content: text });
  const again = (key: string) => {
    const said = state.pending.find((each) => each.key === key);
    if (said) after({ type: 'saying', id: key, content: said.text });
    talk.again(key);
  };

  const log = logView<TalkItem | Forming>({
    label: t('log'),
    empty: make('div', { class: 'empty' }, make('p', {}, t('empty')), make('p', { class: 'hint' }, t('emptyHint'))),
    render(item) {
      if (item.kind === 'forming') return formingItem(t('assistant'), t('answering'), item.text);
      if (item.kind === 'note') return noteLine(item);
      if (item.kind === 'use') return toolItem(item);
      return bubble(item.side === 'agent' ? { ...item, name: t('assistant') } : item, { again: () => again(item.key) });
    },
  });
  const field = composer({ draft: id, label: t('write'), placeholder: t('placeholder'), send: say });
  const title = make('h1', {}, t('talk'));
  const end = make('section', { class: 'card talk-end', hidden: '', id: 'talk-end' });
  const bar = make('div', { class: 'bar' }, make('a', { class: 'button plain', href: '#', 'aria-label': chat('back') }, '←'), title);
  main.replaceChildren(make('div', { class: 'chat talk' }, bar, log.box, end, field.form));
  field.invite();

  function drawEnd(): void {
    const { record } = state;
    field.close();
    header.textContent = chat('over');
    header.dataset.mood = 'lost';
    end.hidden = false;
    end.replaceChildren(
      make('h2', {}, t('over')),
      make('p', {}, record?.summary ?? t('noSummary')),
      make(
        'p',
        { class: 'hint' },
        record?.duration_seconds != null && t('lasted', { time: timeInWords(record.duration_seconds) }),
        record?.summary_by === 'rules' && ` ${t('byRules')}`,
      ),
      make('a', { class: 'button primary', href: '#new' }, t('create')),
    );
  }

  function draw(): void {
    drawing = false;
    if (stop.aborted) return;
    const forming: Forming[] = isAnswerDue(state) ? [{ kind: 'forming', key: 'forming', text: state.forming }] : [];
    log.show([...state.items, ...forming, ...state.pending]);
    const first = state.items.find((item) => item.kind === 'said');
    const label = first?.kind === 'said' ? labelOf(first.text) : '';
    if (label !== '' && label !== title.textContent) {
      title.textContent = label;
      visit('talks', id, label);
    }
    if (state.over) drawEnd();
  }

  const talk = beginTalk(
    {
      base: location.origin,
      id,
      user: rememberedPerson()?.id,
      key: rememberedKey(),
      onNews: after,
      onState(line) {
        if (state.over) return;
        showLine(header, line);
        if (line.is === 'open') {
          visit('talks', id);
          draw();
        }
        // a service with keys says no more than that: whoever has one may begin
        if (line.is === 'over' && line.code === 4001) void showKey();
        else if (line.is === 'over' && line.code === 1000) void readRecord();
        else if (line.is === 'over') notice.show(endInWords(line.code));
      },
    },
    stop,
  );

  async function showKey(): Promise<void> {
    const key = await askForKey(rememberedKey() !== undefined);
    rememberKey(key);
    if (key !== undefined) location.reload();
    else notice.show(chat('keyNeeded'));
  }
}
