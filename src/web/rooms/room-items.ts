import { bubble, noteLine } from '../chat/bubble.ts';
import { t } from '../texts/rooms.ts';
import type { Deed, RoomItem, RoomState } from './room-state.ts';

const deeds = { mute: 'didMute', unmute: 'didUnmute', stop: 'didStop' } as const;

function deedInWords({ name, order: { deed, whom = t('theAgents') } }: Deed): string {
  return deed === 'agents' ? t('didAgents', { name }) : t(deeds[deed], { name, whom: whom.replace(/^@/, '') });
}

/** One thing that happened in a room, as an element. */
export function roomItem(item: RoomItem, again: (key: string) => void): HTMLElement {
  switch (item.kind) {
    case 'said': {
      const about = item.side === 'agent' ? t('isAgent') : item.side === 'observer' ? t('isObserver') : undefined;
      return bubble(item, { about, again: () => again(item.key) });
    }
    case 'note':
      return noteLine(item);
    case 'deed':
      return noteLine({ text: deedInWords(item) });
    case 'came':
    case 'went':
      return noteLine({ text: t(item.kind, { name: item.name }) });
  }
}

/** Whom somebody may name, and what they may order. */
export function vocabularyOf({ members, me }: RoomState, natureOf: (id: string) => string | undefined) {
  const names = [...members].flatMap(([id, { name, role, here }]) => {
    if (!here || id === me) return [];
    // people are called by their name as far as it is one word
    return [role === 'agent' ? { insert: `@${id}`, about: natureOf(id) ?? t('isAgent') } : { insert: `@${name.split(/\s/)[0]}`, about: t('people') }];
  });
  const agents = [...members].flatMap(([id, { role, here }]) => (role === 'agent' && here ? [id] : []));
  const orders =
    agents.length === 0
      ? []
      : [
          { insert: '/mute', about: t('orderMute') },
          { insert: '/unmute', about: t('orderUnmute') },
          { insert: '/stop', about: t('orderStop') },
          { insert: '/agents', about: t('orderAgents') },
        ];
  return { names, orders };
}
