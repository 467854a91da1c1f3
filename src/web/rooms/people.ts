import { make } from '../element.ts';
import { t as chat } from '../texts/chat.ts';
import { t } from '../texts/rooms.ts';
import type { Member, RoomState } from './room-state.ts';

const natures: Record<string, string> = { spark: t('spark'), anchor: t('anchor'), thorn: t('thorn'), observer: t('observer') };

/** What an agent is like, in a few words; nothing of one that this page does not know. */
export const natureOf = (id: string): string | undefined => natures[id];

type Row = readonly [id: string, member: Member];

/** Everybody who is there, by what they are. */
export const those = ({ members }: RoomState, role: Member['role']): readonly Row[] =>
  [...members].filter(([, member]) => member.here && member.role === role);

/** Who is in the room, and what the agents are told. */
export interface People {
  readonly box: HTMLDetailsElement;
  show(state: RoomState): void;
}

/** Makes the list of who is there, `me` among them; `order` tells the agents something. */
export function people(me: string, order: (text: string) => void): People {
  const summary = make('summary', {});
  const inside = make('div', { class: 'people' });
  const box = make('details', { class: 'who-is-here', id: 'who-is-here' }, summary, inside);
  let shown = '';

  function muteButton(id: string, { name, muted }: Member): HTMLElement {
    const deed = t(muted ? 'unmute' : 'mute');
    const button = make('button', { type: 'button', 'aria-label': `${deed}: ${name}`, 'data-act': id }, deed);
    button.addEventListener('click', () => order(`/${muted ? 'unmute' : 'mute'} ${id}`));
    return button;
  }

  function agentRow([id, member]: Row): HTMLElement {
    return make(
      'li',
      { class: 'agent' },
      make(
        'div',
        {},
        make('b', {}, member.name),
        member.muted && make('small', { class: 'muted' }, t('muted')),
        make('p', { class: 'hint' }, natureOf(id) ?? ''),
      ),
      muteButton(id, member),
    );
  }

  function allButton(agents: readonly Row[]): HTMLElement {
    const all = agents.every(([, { muted }]) => muted);
    const button = make('button', { type: 'button', id: 'mute-all' }, t(all ? 'unmuteAll' : 'muteAll'));
    button.addEventListener('click', () => order(all ? '/unmute' : '/mute'));
    return button;
  }

  return {
    box,
    show(state) {
      const humans = those(state, 'human');
      const agents = those(state, 'agent');
      const now = JSON.stringify([humans, agents]);
      if (now === shown) return;
      shown = now;
      const act = inside.contains(document.activeElement) && (document.activeElement as HTMLElement).dataset.act;
      summary.replaceChildren(
        [t('here', { count: humans.length }), ...(agents.length > 0 ? [t('hereAgents', { count: agents.length })] : [])].join(', '),
      );
      inside.replaceChildren(
        make('h2', {}, t('people')),
        make('ul', {}, ...humans.map(([id, { name }]) => make('li', { 'data-person': id }, make('b', {}, name), id === me && ` (${chat('you')})`))),
        make('h2', {}, t('agents')),
        agents.length === 0 ? make('p', { class: 'hint' }, t('noAgents')) : make('ul', {}, ...agents.map(agentRow)),
        ...(agents.length > 0 ? [make('div', { class: 'buttons' }, allButton(agents))] : []),
      );
      if (act) inside.querySelector<HTMLElement>(`[data-act="${CSS.escape(act)}"]`)?.focus();
    },
  };
}
