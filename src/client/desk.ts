import type { DeskMessage, DeskNews, DeskSession, Found } from '../wire/desk.ts';
import { ask } from './ask.ts';
import { type LineState, socketAddress, steadyLine } from './steady-line.ts';
import { browser } from './surroundings.ts';

export type { DeskMessage, DeskNews, DeskSession, Found };

/** Where the desk is, and the key where it asks for one. */
export type DeskAt = { readonly base: string; readonly key?: string | undefined };

const query = (values: Readonly<Record<string, string | number | undefined>>): string => {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) asked.set(name, String(value));
  return asked.size === 0 ? '' : `?${asked}`;
};
const sessionPath = (id: string) => `/api/sessions/${encodeURIComponent(id)}`;

/** The newest sessions, or those before one of them. */
export const deskSessions = ({ base, key }: DeskAt, page: { limit?: number; before?: string | undefined } = {}): Promise<readonly DeskSession[]> =>
  ask(base, `/api/sessions${query(page)}`, { key });

/** Opens a session; it is called by the first message that is written in it. */
export const openDeskSession = ({ base, key }: DeskAt): Promise<DeskSession> => ask(base, '/api/sessions', { method: 'POST', key, body: {} });

/** The last messages of a session, or those before one of them. */
export const deskSession = ({ base, key }: DeskAt, id: string, page: { limit?: number; before?: number | undefined } = {}): Promise<DeskSession> =>
  ask(base, `${sessionPath(id)}${query(page)}`, { key });

/** Writes a message; it is kept when this resolves. */
export const writeAtDesk = ({ base, key }: DeskAt, id: string, content: string): Promise<DeskMessage> =>
  ask(base, `${sessionPath(id)}/messages`, { method: 'POST', key, body: { content, sender: 'user' } });

/** Finds what was said, in everything that whoever asks may read. */
export const searchAll = ({ base, key }: DeskAt, words: string): Promise<Found> => ask(base, `/api/search${query({ q: words })}`, { key });

export type DeskOptions = DeskAt & {
  session: string;
  onNews(news: DeskNews): void;
  onState(state: LineState): void;
  around?: typeof browser;
};

/** Follows a session from now on, with answers as they form; what came before, and during a break, is read by `deskSession`. */
export function followDesk({ base, key, session, onNews, onState, around = browser }: DeskOptions, stop: AbortSignal): { drop(): void } {
  const line = steadyLine(
    {
      address: () => socketAddress(base, `/ws/${encodeURIComponent(session)}`, { tokens: 1 }),
      onOpen() {
        if (key !== undefined) line.send(JSON.stringify({ type: 'auth', token: key }));
        onState({ is: 'open' });
      },
      onText: (text) => onNews(JSON.parse(text) as DeskNews),
      onState,
      around,
    },
    stop,
  );
  return { drop: line.drop };
}
