import type { ServiceSettings } from '../config.ts';
import type { Budgets } from '../core/budgets.ts';
import type { Kind } from '../core/entry.ts';
import type { Hub } from '../core/hub.ts';
import type { Clock } from '../core/ports.ts';
import { access } from './access.ts';
import { admission } from './admission.ts';
import { doorOf } from './door.ts';
import { ticketBox } from './tickets.ts';

export type GuardParts = {
  settings: ServiceSettings;
  hub: Pick<Hub, 'find' | 'remains'>;
  newToken: () => string;
  digest: (token: string) => string;
  clock: Clock;
  budgets: Budgets;
};

const allKinds: readonly Kind[] = ['coach', 'room', 'desk', 'share', 'talk'];
const listedKinds: readonly Kind[] = ['desk', 'share'];

/** Everything that decides by the settings who comes in: by key, token, ticket, address and origin. */
export function guard({ settings, hub, newToken, digest, clock, budgets }: GuardParts) {
  const { name, keys, bareIds } = doorOf(settings);
  const tickets = ticketBox({ newToken, digest, clock, life: budgets.ticket, most: budgets.tickets });
  const counting = admission(budgets, clock);
  return {
    access: access({ hub, keys, bareIds, digest, tickets, admission: counting, clock }),
    admission: counting,
    proxies: settings.TRUST_PROXY,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    anyName: name !== 'machine',
    // where strangers come in, an id that nobody gave away is what keeps the others' words from them
    searchable: name === 'anybody' ? listedKinds : allKinds,
  };
}
