import { type ShareEvents, shareEvents } from '../../src/wire/share.ts';
import { type Deed, type Mode, mayDo, roleAt, states } from './gate-people.ts';
import type { Findings, Standing } from './gate-stand.ts';
import { type IoClient, ioClient } from './io-client.ts';
import { within } from './within.ts';

/** One of each event of Socket.IO and what it takes; an event that stands not here is a fault, and does not compile. */
const events: { readonly [Name in keyof ShareEvents]: { readonly deed: Deed; readonly data: (seq: number) => object; readonly isKept?: true } } = {
  join_room: { deed: 'watch', data: () => ({}) },
  send_message: { deed: 'speak', data: () => ({ message: 'let me in' }), isKept: true },
  typing: { deed: 'speak', data: () => ({ is_typing: true }) },
  voice: { deed: 'speak', data: () => ({ audio: Uint8Array.of(7, 7, 7) }) },
  react: { deed: 'speak', data: (seq) => ({ message_id: String(seq), emoji: '👍' }), isKept: true },
  leave_room: { deed: 'watch', data: () => ({}) },
};
const inside = Object.entries(events).filter(([name]) => name !== 'join_room');
const unlisted = Object.keys(shareEvents).filter((name) => !Object.hasOwn(events, name));

/** Connects to Socket.IO, showing this as it does. */
async function connected(here: Standing, shown: Parameters<typeof ioClient>[1] = {}): Promise<IoClient> {
  const client = ioClient(here.base, { transports: ['websocket'], ...shown });
  await within(client.connected, 'a connection over Socket.IO');
  return client;
}

/** Asks for something; the answer, as it was. */
const asked = (client: IoClient, event: string, data: object, cell: string) => within(client.ask(event, data), `${cell}: an answer to ${event}`);

/** Everybody at every event of Socket.IO: before they are in, as they come in, once they are in, and after they left. */
export async function shareCells(here: Standing, mode: Mode, found: Findings): Promise<void> {
  found.rowless.push(...unlisted.map((name) => `${mode}: ${name}`));
  const { id, other, tokens, talk } = await here.session('share');
  const { seq } = await talk.append({ by: 'somebody', type: 'said', text: 'here', via: 'text' });
  const witness = await connected(here);
  await asked(witness, 'join_room', { room_id: id, user_id: 'witness', token: tokens.owner }, `${mode}: the witness`);

  /** Says something in the conversation; whether somebody was told it, when everybody who is in was. */
  const overhears = async (client: IoClient, cell: string) => {
    const words = `not for ${cell}`;
    const heard = (one: IoClient) => one.all.some(({ event, data }) => event === 'new_message' && data.message === words);
    await talk.append({ by: 'somebody', type: 'said', text: words, via: 'text' });
    await within(
      (async () => {
        while (!heard(witness)) await witness.next();
      })(),
      `${cell}: what somebody else is told`,
    );
    // what was on its way came before this answer
    await asked(client, 'everything', {}, cell);
    return heard(client);
  };

  for (const state of states) {
    const [role, token] = [roleAt('share')(state, mode), tokens[state]];
    const user_id = `who is ${state}`;
    const may = mayDo(role, 'watch');
    const client = await connected(here);

    const stands = async (what: string, event: string, data: object, expected: boolean, isKept = false) => {
      const cell = `${mode}: ${what} as ${state}`;
      found.cells += 1;
      const before = talk.entries.filter(({ by }) => by === user_id).length;
      const answer = await asked(client, event, { room_id: id, user_id, ...data }, cell);
      const isIn = answer.success === true;
      const done = talk.entries.filter(({ by }) => by === user_id).length > before;
      if ((isIn || done) && !expected) found.in.push(cell);
      if (expected && (!isIn || (isKept && !done))) found.out.push(`${cell}: ${JSON.stringify(answer)}`);
      return JSON.stringify(answer);
    };
    const tells = async (what: string, expected: boolean) => {
      const cell = `${mode}: ${what} as ${state}`;
      found.cells += 1;
      const told = await overhears(client, cell);
      if (told !== expected) found[told ? 'in' : 'out'].push(cell);
    };

    for (const [name, { data }] of inside) await stands(`${name} from outside`, name, data(seq), false);
    await tells('told from outside', false);
    const shown = token === undefined ? {} : { token };
    const refused = await stands('join_room', 'join_room', shown, may);
    if (!may && refused !== (await stands('join_room of none', 'join_room', { ...shown, room_id: 'A'.repeat(id.length) }, false)))
      found.differ.push(`${mode}: join_room as ${state}`);
    await tells('told', may);
    await stands('send_message as another', 'send_message', { message: 'let me in', user_id: 'another' }, false);
    await stands('send_message to where they are not', 'send_message', { message: 'let me in', room_id: other }, false);
    for (const [name, { deed, data, isKept }] of inside) await stands(name, name, data(seq), may && mayDo(role, deed), isKept);
    await stands('an event that nobody knows', 'everything', {}, false);
    await stands('send_message after they left', 'send_message', { message: 'let me in' }, false);
    await tells('told after they left', false);
    client.close();

    if (token === undefined) continue;
    for (const way of [{ auth: { token } }, { extraHeaders: { authorization: `Bearer ${token}` } }]) {
      const cell = `${mode}: join_room by ${Object.keys(way)} as ${state}`;
      found.cells += 1;
      const client = await connected(here, way);
      const { success } = await asked(client, 'join_room', { room_id: id, user_id }, cell);
      if ((success === true) !== may) found[success === true ? 'in' : 'out'].push(cell);
      client.close();
    }
  }
  witness.close();
}
