import type { Kind } from '../../src/core/entry.ts';
import { chatCells } from './gate-chats.ts';
import { commandCells } from './gate-commands.ts';
import { type Deed, type Mode, mayDo, roleAt, states } from './gate-people.ts';
import { shareCells } from './gate-shares.ts';
import { type Compose, type Findings, nowhere, type Standing, stand } from './gate-stand.ts';
import { interview } from './served.ts';

/** Who may use a route: everybody, whoever may open sessions, this machine, whoever may do this with the session, or with a conversation of another kind. */
type Row = 'everybody' | 'opener' | 'machine' | Deed | 'socket' | { readonly kind: Other; readonly deed: Deed };
type Other = Exclude<Kind, 'coach'>;

/** What each route is for; a route that stands not here is a fault. */
const rows: Record<string, Row> = {
  'GET /': 'everybody',
  'GET /health': 'everybody',
  'GET /ready': 'everybody',
  'GET /metrics': 'machine',
  'GET /openapi.json': 'everybody',
  'GET /redoc': 'everybody',
  'GET /redoc/redoc.standalone.js': 'everybody',
  'GET /favicon.ico': 'everybody',
  'GET /client.js': 'everybody',
  'GET /push-worker.js': 'everybody',
  // pages are the same for everybody; what they show is asked for by what they know
  'GET /rooms': 'everybody',
  'GET /conversations': 'everybody',
  'GET /conversation/:id': 'everybody',
  'GET /desk': 'everybody',
  'GET /talk': 'everybody',
  'GET /history': 'everybody',
  'GET /friend/:id': 'everybody',
  'POST /session': 'opener',
  'POST /room/create': 'opener',
  'POST /api/conversations/create': 'opener',
  'GET /api/conversations': 'opener',
  'GET /api/health': 'everybody',
  'POST /api/conversations/:room_id/join': { kind: 'share', deed: 'speak' },
  'GET /api/conversations/:room_id': { kind: 'share', deed: 'read' },
  'POST /api/conversations/:room_id/end': { kind: 'share', deed: 'speak' },
  'POST /api/conversations/:room_id/files': { kind: 'share', deed: 'speak' },
  'GET /api/conversations/:room_id/files/:id': { kind: 'share', deed: 'read' },
  'GET /api/conversations/:room_id/search': { kind: 'share', deed: 'read' },
  'POST /api/conversations/:room_id/invitations': { kind: 'share', deed: 'rule' },
  'DELETE /api/conversations/:room_id/invitations/:invitation': { kind: 'share', deed: 'rule' },
  'GET /api/push-key': 'everybody',
  'POST /api/conversations/:room_id/push': { kind: 'share', deed: 'speak' },
  'DELETE /api/conversations/:room_id': { kind: 'share', deed: 'rule' },
  'GET /api/conversations/:room_id/export': { kind: 'share', deed: 'copy' },
  'POST /room/:room_id/end': { kind: 'room', deed: 'rule' },
  'DELETE /room/:room_id': { kind: 'room', deed: 'rule' },
  'GET /room/:room_id/export': { kind: 'room', deed: 'copy' },
  // who joins is asked at each join_room
  'GET /socket.io/': 'socket',
  'POST /socket.io/': 'socket',
  'GET /ws/:id': 'socket',
  'GET /api/sessions': 'opener',
  'POST /api/sessions': 'opener',
  'GET /api/sessions/:id': { kind: 'desk', deed: 'read' },
  'POST /api/sessions/:id/messages': { kind: 'desk', deed: 'speak' },
  'POST /api/sessions/:id/end': { kind: 'desk', deed: 'rule' },
  'DELETE /api/sessions/:id': { kind: 'desk', deed: 'rule' },
  'GET /api/sessions/:id/export': { kind: 'desk', deed: 'copy' },
  'GET /api/search': 'opener',
  'GET /ws/session/:session_id': 'socket',
  'GET /api/talks/:session_id': { kind: 'talk', deed: 'read' },
  'POST /api/talks/:session_id/end': { kind: 'talk', deed: 'rule' },
  'DELETE /api/talks/:session_id': { kind: 'talk', deed: 'rule' },
  'GET /api/talks/:session_id/export': { kind: 'talk', deed: 'copy' },
  'GET /session/:id': 'read',
  'GET /session/:id/events': 'read',
  'POST /session/import': 'opener',
  'GET /session/:id/export': 'copy',
  'GET /session/:id/recordings': 'copy',
  'GET /session/:id/recording': 'copy',
  'GET /session/:id/recording/:number': 'copy',
  'GET /session/:id/transcript.md': 'read',
  'POST /session/:id/ticket': 'watch',
  'POST /session/:id/finish': 'rule',
  'POST /session/:id/corrections': 'rule',
  'POST /session/:id/tokens': 'rule',
  'DELETE /session/:id/tokens/:grant': 'rule',
  'DELETE /session/:id': 'rule',
};
/** Files that are the same for everybody. */
const files = /^GET \/socket\.io\/[\w.]+\.js$|^GET \/assets\/[\w-]+\.(js|css|svg)$|^GET \/docs(\/.*)?$/;
const at = '2026-01-01T00:00:00.000Z';
/** A session with a recording in it, so that there is something to take along. */
const elsewhere = {
  format: 'aside.session',
  version: 1,
  session_id: 'elsewhere',
  exported_at: at,
  entries: [
    { seq: 1, at, by: 'user', type: 'opened', kind: 'coach', title: '' },
    { seq: 2, at, by: 'user', type: 'consented', audio: true },
    { seq: 3, at, by: 'ear', type: 'said', text: 'Hello.', via: 'voice' },
  ],
  sounds: [{ no: 1, at: 0, data: 'AAAA' }],
};
function form(): FormData {
  const fields = new FormData();
  fields.set('file', new Blob(['let me in'], { type: 'text/plain' }), 'in.txt');
  return fields;
}
/** What each route is sent. */
export const bodies: Record<string, object> = {
  'POST /api/conversations/:room_id/files': form(),
  'POST /api/conversations/:room_id/invitations': {},
  'POST /api/conversations/:room_id/push': {},
  'POST /session': interview,
  'POST /room/create': { participant_id: 'ann' },
  'POST /api/sessions': {},
  'POST /api/sessions/:id/messages': { content: 'let me in', sender: 'assistant' },
  'POST /session/import': elsewhere,
  'POST /session/:id/tokens': { role: 'export' },
  'POST /session/:id/corrections': { seq: 3, speaker: 'other' },
};

const rowOf = (route: string): Row | undefined =>
  rows[route.replace(/^HEAD /, 'GET ')] ?? (files.test(route.replace(/^HEAD /, 'GET ')) ? 'everybody' : undefined);

async function routeCells(here: Standing, mode: Mode, found: Findings): Promise<void> {
  const anybody = await here.session();
  for (const route of here.routes) {
    const row = rowOf(route);
    if (row === undefined) found.rowless.push(`${mode}: ${route}`);
    if (row === undefined || row === 'socket' || route.startsWith('OPTIONS')) continue;
    const kind = typeof row === 'object' ? row.kind : undefined;
    let place = row === 'everybody' || row === 'machine' ? anybody : await here.session(kind);
    for (const state of states) {
      const cell = `${mode}: ${route} as ${state}`;
      found.cells += 1;
      const answer = await here.ask(route, place, place.tokens[state]);
      const isIn = answer.status < 400;
      const expected =
        row === 'everybody' ||
        row === 'machine' ||
        (row === 'opener' ? mode === 'open' || state === 'key' : mayDo(roleAt(kind)(state, mode), typeof row === 'object' ? row.deed : row));
      if (isIn && !expected) found.in.push(cell);
      if (!isIn && expected) found.out.push(`${cell}: ${answer.bytes}`);
      if (!isIn && row !== 'opener') {
        const unknown = await here.ask(route, { ...place, id: nowhere, share: nowhere }, place.tokens[state]);
        if (unknown.bytes !== answer.bytes) found.differ.push(cell);
      }
      // whoever came in may have left nothing for the next
      if (isIn && (row === 'rule' || kind === 'share' || (typeof row === 'object' && row.deed === 'rule'))) place = await here.session(kind);
    }
  }
}

const parts = { routes: routeCells, commands: commandCells, chats: chatCells, shares: shareCells };
type Part = keyof typeof parts;

/** Stands everybody at every route, every command and every socket of the house that this composes, or at some of them. */
export async function gateMatrix(
  compose: Compose,
  which: readonly Mode[],
  some: readonly Part[] = ['routes', 'commands', 'chats', 'shares'],
): Promise<Findings> {
  const found: Findings = { cells: 0, in: [], out: [], differ: [], rowless: [] };
  for (const mode of which) {
    await using here = await stand(compose, mode, bodies);
    for (const part of some) await parts[part](here, mode, found);
  }
  return found;
}
