import { type DeskSession, deskSessions } from '../../client/desk.ts';
import { moment } from '../chat/bubble.ts';
import { troubleInWords } from '../chat/in-words.ts';
import { withKey } from '../chat/service-key.ts';
import { make } from '../element.ts';
import { t } from '../texts/desk.ts';
import { t as frame } from '../texts/frame.ts';
import { titleInWords } from './title.ts';

/** The sessions of the desk, the newest first. */
export interface SessionList {
  readonly box: HTMLElement;
  /** Marks the one that is open. */
  mark(id: string): void;
  /** Reads the newest anew. */
  refresh(): Promise<void>;
}

const atOnce = 20;

/** Makes the list of sessions; older ones come when they are asked for. */
export function sessionList(): SessionList {
  const list = make('ul', {});
  const status = make('p', { class: 'hint', role: 'status' }, t('loading'));
  const more = make('button', { type: 'button', class: 'plain', id: 'older', hidden: '' }, t('more'));
  const box = make('nav', { class: 'visits', 'aria-label': t('sessions') }, list, status, more);
  let sessions: readonly DeskSession[] = [];
  let current = '';

  function draw(): void {
    status.hidden = sessions.length > 0;
    list.replaceChildren(
      ...sessions.map(({ id, title, created_at }) =>
        make(
          'li',
          {},
          make(
            'a',
            { href: `#${id}`, ...(id === current && { 'aria-current': 'page' }) },
            make('b', {}, titleInWords(title)),
            make('small', {}, moment(created_at)),
          ),
        ),
      ),
    );
  }

  async function read(before?: string): Promise<void> {
    try {
      const page = await withKey((key) => deskSessions({ base: location.origin, key }, { limit: atOnce, before }));
      const known = before === undefined ? [] : sessions;
      sessions = [...known, ...page];
      more.hidden = page.length < atOnce;
      status.textContent = t('none');
      draw();
    } catch (thrown) {
      const again = make('button', { type: 'button' }, frame('tryAgain'));
      again.addEventListener('click', () => void read(before));
      status.hidden = false;
      status.replaceChildren(`${troubleInWords(thrown)} `, again);
    }
  }

  more.addEventListener('click', () => void read(sessions.at(-1)?.id));
  return {
    box,
    mark(id) {
      current = id;
      draw();
    },
    refresh: () => read(),
  };
}
