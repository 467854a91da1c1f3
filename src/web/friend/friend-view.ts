import { ticketFor } from '../../client/friends.ts';
import { connect, type LinkState } from '../../client/link.ts';
import type { ServerMessage } from '../../client/messages.ts';
import type { Session } from '../../client/session.ts';
import { composer } from '../chat/composer.ts';
import { showLine } from '../chat/in-words.ts';
import { make } from '../element.ts';
import type { Frame } from '../frame.ts';
import { t } from '../texts/friend.ts';
import { transcript } from '../transcript.ts';
import { inWords } from '../troubles.ts';

/** Whom a friend is beside: what they are called, and what they want. */
export type Wearer = { readonly name: string; readonly goal: string };

/** What a friend may say at once: an ear bears no more. */
const longest = 280;

/** A running conversation for a friend of its wearer: they read along, and where they may, whisper. */
export function friendView({ main, notice, state }: Frame, session: Session, { name, goal }: Wearer): void {
  const over = new AbortController();
  const may = make('p', { id: 'may' });
  const list = make('ol', { class: 'lines card', id: 'lines', tabindex: '0', 'aria-label': t('said'), 'data-empty': t('nothingYet') });
  const standing = make('p', { class: 'typing-line', id: 'standing', role: 'status' });
  const field = composer({
    draft: `friend.${session.id}`,
    label: t('write', { name }),
    placeholder: t('placeholder'),
    longest,
    send: whisper,
  });
  field.form.hidden = true;
  main.replaceChildren(
    make(
      'div',
      { class: 'chat friend' },
      make('div', { class: 'bar' }, make('h1', {}, t('beside', { name }))),
      make('div', { class: 'about' }, may, make('p', { class: 'hint' }, t('goal', { name, goal }))),
      list,
      standing,
      field.form,
    ),
  );
  const lines = transcript(list, name);
  let waiting: string | undefined;

  function whisper(text: string): void {
    waiting = text;
    notice.clear();
    standing.textContent = t('onItsWay');
    line.say({ type: 'whisper', text });
  }

  function stay(mayWhisper: boolean): void {
    may.textContent = mayWhisper ? t('mayWhisper', { name }) : t('mayRead', { name });
    const first = field.form.hidden;
    field.form.hidden = !mayWhisper;
    if (mayWhisper && first) field.invite();
  }

  /** What was refused can be sent again, unless it goes by itself. */
  function refused({ code, message, retry }: Extract<ServerMessage, { type: 'error' }>): void {
    if (retry) {
      standing.textContent = t('waits');
      return;
    }
    const text = waiting;
    standing.textContent = '';
    const again = text === undefined ? undefined : { label: t('again'), run: () => whisper(text) };
    notice.show(code === 'off_the_record' ? t('off_the_record', { name }) : inWords(code, message), again);
  }

  function end(why: string): void {
    over.abort();
    field.close();
    may.textContent = '';
    standing.textContent = '';
    notice.show(why);
    showLine(state, { is: 'over', code: 1000, why });
  }

  function hear(event: ServerMessage): void {
    switch (event.type) {
      case 'hello':
        if (!event.resumed) lines.clear();
        if (event.finished) end(t('lineOver'));
        else stay(event.role === 'whisper');
        break;
      case 'transcript':
        lines.said(event);
        break;
      case 'partial':
        lines.partial(event.text, event.speaker);
        break;
      case 'suggestion':
        lines.whispered(event);
        if (event.from === undefined || waiting === undefined || !event.text.endsWith(waiting)) break;
        waiting = undefined;
        standing.textContent = t('there', { name });
        break;
      case 'correction':
        lines.corrected(event);
        break;
      case 'removed':
        lines.removed(event.of);
        break;
      case 'status':
        if (event.state === 'paused') notice.show(t('pausedNow', { name }));
        if (event.state === 'resumed') notice.clear(t('pausedNow', { name }));
        break;
      case 'error':
        // how the service is doing is for whoever wears it
        if (event.id !== undefined) refused(event);
        break;
      case 'finished':
        end(t('lineOver'));
    }
  }

  function change(next: LinkState): void {
    if (next.is !== 'over') showLine(state, next);
    else if (next.code === 1000) end(t('lineOver'));
    else if (next.code === 4001) end(t('sentAway', { name }));
    else if (next.code === 4004) end(t('gone'));
    else end(inWords(`closed_${next.code}`, next.why));
  }

  const line = connect(session, { onMessage: hear, onState: change, after: 0, ticket: () => ticketFor(session) }, over.signal);
}
