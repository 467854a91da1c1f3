import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import type { Kind } from '../../src/core/entry.ts';
import { bodies, gateMatrix } from '../support/gate-matrix.ts';
import { modes } from '../support/gate-people.ts';
import { nowhere, stand } from '../support/gate-stand.ts';
import { guarded, key } from '../support/guarded.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Fault, planted } from '../support/planted.ts';
import { figure, tier } from '../support/tier.ts';

/** Routes that say the same to whoever may not as to whoever asks for what there is not. */
const refusedRoutes: [string, Kind][] = [
  ['GET /session/:id', 'coach'],
  ['GET /session/:id/events', 'coach'],
  ['GET /api/sessions/:id', 'desk'],
  ['GET /api/talks/:session_id', 'talk'],
  ['GET /room/:room_id/export', 'room'],
];

/** Hands out secrets of every kind, and tells how long each is and where it is found again: in answers and log lines, in what is kept, or in a file. */
async function secretsOf(composes = compose) {
  const folder = newFolder();
  const secrets: string[] = [];
  const among = (text: string) => [...secrets, key].filter((secret) => text.includes(secret)).length;
  let told = 0;
  let kept = 0;
  {
    await using house = await guarded({ STORE: 'sqlite', DATA_DIR: folder, LOG_LEVEL: 'debug' }, {}, composes);
    const session = await house.open();
    secrets.push(session.token);
    for (const role of ['speaker', 'viewer', 'export']) secrets.push((await house.share(session, role)).token);
    for (const token of secrets.slice(0, 3)) secrets.push(await house.ticket(session.id, token));
    for (const ticket of secrets.slice(4, 6)) await house.knock(session.id, { ticket }).next('hello');
    const log = await (await house.ask('GET', `/session/${session.id}/events`, session.token)).text();
    told = [log, ...house.log].reduce((sum, text) => sum + among(text), 0);
    // files are sealed: whoever keeps the token itself is seen only in what the store gives back
    kept = among(JSON.stringify((await house.house.hub.find(session.id))!.entries));
  }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(names).toContain('aside.db');
  const files = names.filter((file) => {
    const bytes = readFileSync(join(folder, file)).toString('latin1');
    return among(bytes) > 0 || secrets.some((secret) => bytes.includes(Buffer.from(secret, 'base64url').toString('latin1')));
  });
  const short = secrets.filter((secret) => Buffer.from(secret, 'base64url').length < 32).length;
  return { different: new Set(secrets).size, short, told, kept, files };
}

describe('T19 the authorisation matrix', { timeout: tier({ quick: 300_000, long: 3_600_000 }) }, () => {
  test('everybody at every route, every command and every socket: in comes only who may, and who may not learns nothing', async () => {
    const found = await gateMatrix(compose, modes);
    figure('T19', 'cells: routes, commands and sockets × 11 states × 3 modes', found.cells, { least: 4_000 });
    expect(found.rowless).toEqual([]);
    expect(found.in).toEqual([]);
    expect(found.out).toEqual([]);
    expect(found.differ).toEqual([]);
    figure('T19', 'unexpected 2xx', found.in.length, { most: 0 });
    figure('T19', 'refusals that tell unknown from forbidden', found.differ.length, { most: 0 });
  });

  test('every secret is 256 bits, and none of them is kept, in any file, in the log or in an address', async () => {
    const { different, short, told, kept, files } = await secretsOf();
    expect({ different, short, told, kept }).toEqual({ different: 7, short: 0, told: 0, kept: 0 });
    figure('T19', 'files with a secret in them', files.length, { most: 0 });
  });

  test('planted: short tokens that are kept as they are, are caught', async () => {
    const file = 'src/compose.ts';
    const copy = planted(
      { file, was: 'const newToken = () => randomBytes(32)', is: 'const newToken = () => randomBytes(15)' },
      {
        file,
        was: "const digest = (token: string) => createHash('sha256').update(token).digest('hex');",
        is: 'const digest = (token: string) => token;',
      },
    );
    const { compose: composes } = (await import(/* @vite-ignore */ new URL(file, copy).href)) as { compose: typeof compose };
    const { short, kept } = await secretsOf(composes);
    expect([short, kept]).toEqual([7, 4]);
  });

  test('how long a refusal takes is told: an id that there is, and one that there is not', async () => {
    await using here = await stand(compose, 'keys', bodies);
    // of the quicker ones: what else the machine does only adds to the others
    const typical = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 4)]!;
    const differences: number[] = [];
    for (const [route, kind] of refusedRoutes) {
      const place = await here.session(kind);
      const known: number[] = [];
      const unknown: number[] = [];
      const timed = async (id: string, times: number[]) => {
        const begun = performance.now();
        const { status } = await here.ask(route, { ...place, id, share: id }, place.tokens['owner of another']);
        times.push(performance.now() - begun);
        expect(status).toBe(404);
      };
      // in turn, so that a machine that is busy for a moment is so for both
      for (let round = 0; round < tier({ quick: 100, long: 1_000 }); round += 1) {
        await timed(place.id, known);
        await timed(nowhere, unknown);
      }
      differences.push(Math.abs(typical(known) - typical(unknown)));
    }
    figure('T19', 'by so much a refusal of what there is takes longer or shorter than of what there is not, ms at most', Math.max(...differences), {
      most: 1,
      soft: true,
    });
  });

  const rights = 'src/api/access.ts';
  const faults: [string, Fault][] = [
    ['a route that nobody listed', { file: 'src/api/health.ts', was: 'done();', is: "app.get('/all', () => [...'everything']); done();" }],
    [
      'erasing for whoever may read',
      { file: rights, was: "await admit(id, 'rule', visitor, wanted);", is: "await admit(id, 'read', visitor, wanted);" },
    ],
    ['a viewer who may speak', { file: 'src/api/coach-socket.ts', was: "allows(pass.role, 'speak') ? serve : watch", is: 'serve' }],
    ['roles that nobody checks', { file: rights, was: '!right || !allows(right.role, deed)', is: '!right' }],
    ['ids that are enough', { file: rights, was: 'bareIds ? unnamed', is: 'true ? unnamed' }],
    ['tokens that are never revoked', { file: 'src/core/grants.ts', was: '!revoked.has(grant) && ', is: '' }],
    ['tokens that never run out', { file: 'src/core/grants.ts', was: ' && Math.max(now, latest) < expires', is: '' }],
    ['the token of another session', { file: rights, was: '(one) => same(one.key, asked)', is: '(one) => one.key.length === asked.length' }],
    [
      'a refusal of its own',
      {
        file: rights,
        was: 'if (!talk || !right ||',
        is: "if (right && !allows(right.role, deed)) throw new Problem('forbidden', 'Not you');\n    if (!talk || !right ||",
      },
    ],
  ];
  const shares = 'src/api/share-socket.ts';
  const mayNot = "if (!allows(pass.role, 'speak')) throw new Problem('forbidden', watchOnly);";
  const atSockets: [string, 'chats' | 'shares', string, Fault][] = [
    [
      'a viewer who may write in a room',
      'chats',
      'of a room as viewer: message',
      { file: 'src/api/chat-socket.ts', was: /if \(!allows\(role, 'speak'\)\) .*/, is: '' },
    ],
    [
      'a talk for whoever knows its id',
      'chats',
      'of a talk as nobody: let in',
      { file: rights, was: "new Set<Kind>(['room', 'share'])", is: "new Set<Kind>(['room', 'share', 'talk'])" },
    ],
    [
      'a token that opens the room of others',
      'chats',
      'of a room as owner of another: let in',
      { file: rights, was: '(one) => same(one.key, asked)', is: '(one) => one.key.length === asked.length' },
    ],
    [
      'a viewer who may speak in a room',
      'chats',
      'of a room as viewer: sound',
      { file: 'src/api/chat-microphone.ts', was: "if (!allows(role, 'speak')) return new Problem('forbidden', watchOnly);", is: '' },
    ],
    ['a viewer who may write over Socket.IO', 'shares', 'keys: send_message as viewer', { file: shares, was: mayNot, is: '' }],
    [
      'a place in one conversation that is one in all',
      'shares',
      'keys: send_message to where they are not as speaker',
      {
        file: shares,
        was: 'const place = places.get(id);\n    if (!place) throw',
        is: 'const place = places.get(id) ?? [...places.values()][0];\n    if (!place) throw',
      },
    ],
    [
      'whoever left and is told what is said',
      'shares',
      'keys: told after they left as viewer',
      { file: shares, was: 'place.teller.exclude(socket, place.guest.id);\n    // whoever is sent away', is: '// whoever is sent away' },
    ],
  ];
  test.each(tier({ quick: [atSockets[0]!, atSockets[4]!], long: atSockets }))('planted: %s is caught at its socket', async (_, part, cell, fault) => {
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    const found = await gateMatrix(copy.compose, ['keys'], [part]);
    expect(found.in.map((one) => one.replace('keys: /ws/ ', ''))).toContain(cell);
  });

  test.each(tier({ quick: faults.slice(0, 2), long: faults }))('planted: %s is caught', async (_, fault) => {
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    const found = await gateMatrix(copy.compose, ['keys'], ['routes', 'commands']);
    expect(found.in.length + found.differ.length + found.rowless.length).toBeGreaterThan(0);
  });
});
