import { clientMessage } from '../../src/wire/coach.ts';
import { type Deed, type Mode, mayDo, roleAt, states } from './gate-people.ts';
import { type Findings, nowhere, type Standing } from './gate-stand.ts';
import type { PullClient } from './pull-client.ts';
import { within } from './within.ts';

/** One of each command, and what it takes to give it; a command that stands not here is a fault. */
const commands: Record<string, { deed: Deed; message: object | Uint8Array }> = {
  sound: { deed: 'speak', message: new Uint8Array(16).fill(7) },
  stop: { deed: 'speak', message: { type: 'stop' } },
  hint: { deed: 'speak', message: { type: 'hint' } },
  said: { deed: 'speak', message: { type: 'said', text: 'let me in' } },
  playback: { deed: 'speak', message: { type: 'playback', reply: 2, state: 'started' } },
  pause: { deed: 'speak', message: { type: 'pause' } },
  resume: { deed: 'speak', message: { type: 'resume' } },
  feedback: { deed: 'speak', message: { type: 'feedback', reply: 2, useful: true } },
  consent: { deed: 'rule', message: { type: 'consent', audio: true } },
  forget: { deed: 'rule', message: { type: 'forget', seconds: 1 } },
  lost: { deed: 'speak', message: { type: 'lost', before: 5, at: 10 } },
  voices: { deed: 'speak', message: { type: 'voices', numbers: [] } },
  whisper: { deed: 'whisper', message: { type: 'whisper', text: 'ask about the team' } },
  ping: { deed: 'watch', message: { type: 'ping' } },
  auth: { deed: 'watch', message: { type: 'auth', token: 'of somebody else' } },
};

/** Knocks at a session; who has nothing to show says nothing of use where they are asked who they are. */
async function knock(here: Standing, id: string, token: string | undefined, isAsked: boolean): Promise<PullClient> {
  const client = here.dial(id, token);
  await within(
    client.opened.catch(() => undefined),
    'a socket that opens or is refused',
  );
  if (isAsked) client.send({ type: 'ping' });
  return client;
}

/** What a socket says to whoever is not let in. */
async function refusal(...who: Parameters<typeof knock>): Promise<string> {
  const client = await knock(...who);
  const { code, reason } = await within(client.closed, 'the close of a socket that nobody lets in');
  return `${code} ${reason} ${JSON.stringify(client.all)}`;
}

/** Everybody at every command of a session's socket. */
export async function commandCells(here: Standing, mode: Mode, found: Findings): Promise<void> {
  const known = clientMessage.options.map((option) => option.shape.type.value as string);
  found.rowless.push(...known.filter((name) => !commands[name]).map((name) => `${mode}: ${name}`));
  for (const [name, { deed, message }] of Object.entries(commands)) {
    const { id, tokens, talk } = await here.session();
    for (const state of states) {
      const cell = `${mode}: ${name} as ${state}`;
      found.cells += 1;
      const role = roleAt('coach')(state, mode);
      const isAsked = tokens[state] === undefined && role === undefined;
      const client = await knock(here, id, tokens[state], isAsked);
      const first = await within(
        client.next().catch(() => undefined),
        `${cell}: a greeting or a refusal`,
      );
      if (first?.type !== 'hello') {
        if (mayDo(role, 'watch')) found.out.push(cell);
        client.terminate();
        const told = await refusal(here, id, tokens[state], isAsked);
        if (told !== (await refusal(here, nowhere, tokens[state], isAsked))) found.differ.push(cell);
        continue;
      }
      if (!mayDo(role, 'watch')) found.in.push(`${cell}: let in`);
      const before = talk.entries.length;
      if (message instanceof Uint8Array) client.bytes(message);
      else client.send(message);
      // what was said is over when this is answered
      client.send({ type: 'ping' });
      await within(client.next('pong'), `${cell}: an answer to a ping`);
      const refused = client.all.filter(({ code }) => code === 'forbidden').length;
      const allowed = mayDo(role, deed);
      if (!allowed && (refused !== 1 || talk.entries.length !== before)) found.in.push(cell);
      if (allowed && refused > 0) found.out.push(cell);
      client.terminate();
      await within(client.closed, `${cell}: the end of a socket that was cut`);
    }
  }
}
