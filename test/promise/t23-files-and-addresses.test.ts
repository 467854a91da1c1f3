import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { clientMessage, correctionRequest, sessionRequest } from '../../src/wire/coach.ts';
import { deskCommand, deskMessageRequest, deskRequest } from '../../src/wire/desk.ts';
import { roomCommand, roomQuery, roomRequest } from '../../src/wire/rooms.ts';
import { attachFields, createRequest, invitationRequest, joinRequest, shareEvents } from '../../src/wire/share.ts';
import { talkCommand, talkQuery } from '../../src/wire/talk.ts';
import { tokenRequest } from '../../src/wire/tokens.ts';
import { type Asked, askedBy, askedIn, hasStrace, NO_STRACE, tracing } from '../support/calls-to-files.ts';
import { type Door, everyDoor, intoEveryField, LIMITLESS } from '../support/every-field.ts';
import { hasFfmpeg } from '../support/ffmpeg-reference.ts';
import { hostileNames, TRAP } from '../support/hostile-names.ts';
import { needs, titled } from '../support/needs.ts';
import { newFolder } from '../support/new-folder.ts';
import { playlistsFor } from '../support/payloads-of-sound.ts';
import { planted } from '../support/planted.ts';
import { type Place, placesIn } from '../support/route-places.ts';
import { sourceFiles } from '../support/source-files.ts';
import { figure, tier } from '../support/tier.ts';
import { trap } from '../support/trap.ts';

/** Sends one request as it stands, without anybody tidying its path, and says what status came back. */
function statusOf(port: number, method: string, path: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const socket = connect(port, '127.0.0.1', () => socket.write(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`));
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  socket.on('error', reject).on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? Number.NaN)));
  return promise;
}

/** Starts the house that stands there and asks for hostile names at each of these places, and hands them in at each of these doors: what was touched outside its folders, and what was answered as nothing else is. */
async function namesAt(cwd = process.cwd(), which: (place: Place) => boolean = () => true, doors: readonly Door[] = everyDoor) {
  const folder = newFolder();
  for (const name of ['data', 'tmp']) mkdirSync(join(folder, name));
  for (const name of [TRAP, `${TRAP}.ts`]) writeFileSync(join(folder, name), 'nobody may read this');
  const trace = join(folder, 'trace');
  const places = { PATH: process.env.PATH, DATA_DIR: join(folder, 'data'), TMPDIR: join(folder, 'tmp') };
  // nobody is turned away for asking too often: each of these names is to be looked at
  const env = { ...places, PORT: '0', EARS: 'browser', VOICE: 'none', BUDGETS: LIMITLESS };
  const service = spawn('strace', tracing(trace, process.execPath, 'tools/start.mjs', 'serve'), { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  for await (const chunk of service.stdout) {
    said += chunk;
    if (/listening on http:\S+:\d+/.test(said)) break;
  }
  const port = Number(/listening on http:\S+:(\d+)/.exec(said)![1]);
  const base = `http://127.0.0.1:${port}`;
  const [pid] = readFileSync(`/proc/${service.pid}/task/${service.pid}/children`, 'utf8').trim().split(' ').map(Number);
  const names = hostileNames(folder);
  const wrong: string[] = [];
  let requests = 0;
  const all = (await placesIn(base)).filter(which);
  for (const [index, { method, path }] of all.entries()) {
    // in the quick tier every place has other names, and every name its places
    const some = names.filter((_, at) => (at + index) % tier({ quick: 12, long: 1 }) === 0);
    const harmless = await statusOf(port, method, path('nobody-has-this'));
    const statuses = await Promise.all(some.map((name) => statusOf(port, method, path(name))));
    requests += some.length;
    for (const [at, status] of statuses.entries())
      if (!(status >= 400 && status < 500 && status !== 429) && !(status === harmless && status < 400))
        wrong.push(`${method} ${path(some[at]!)}: ${status}`);
  }
  const handed = await intoEveryField(base, tier({ quick: names.filter((_, at) => at % 12 === 0), long: names }), doors);
  process.kill(pid!, 'SIGTERM');
  await once(service, 'exit');
  const asked = await askedIn(trace);
  const own = (path: string) => [join(folder, 'data'), join(folder, 'tmp')].some((place) => path === place || path.startsWith(`${place}/`));
  const outside = asked.filter(
    ({ path, writes, call }) => path.includes(TRAP) || (writes && /^(open|creat|unlink|rename|mk|link|sym|trunc)/.test(call) && !own(path)),
  );
  return {
    names: new Set(names).size,
    places: all.length,
    requests,
    handed,
    // /dev/null and the like are no files
    outside: outside.filter(({ path }) => !path.startsWith('/dev/')),
    wrong: [...wrong, ...handed.wrong],
    kept: asked.some(({ path, writes }) => writes && path.endsWith('aside.db')),
  };
}

// on a busy machine strace is slow; what takes longer than this hangs
describe('T23 names', { timeout: tier({ quick: 480_000, long: 1_200_000 }) }, () => {
  test('files are written by the rooms that keep things only, and no name of theirs comes from a client', () => {
    const writing =
      /\b(?:writeFile|appendFile|createWriteStream|mkdir|mkdtemp|rename|copyFile|symlink|unlink|rm|open|truncate|DatabaseSync)(?:Sync)?\b/;
    const rooms = sourceFiles()
      .filter(({ source }) =>
        [...source.matchAll(/import (?!type)([^;]*?) from 'node:(?:fs|fs\/promises|sqlite)'/g)].some(([, names]) => writing.test(names!)),
      )
      .map(({ name }) =>
        name
          .split('/')
          .slice(0, name.startsWith('engines') ? 2 : 1)
          .join('/'),
      );
    // engines/local writes what a recogniser needs under constant names into a new folder of its own
    expect([...new Set(rooms)].sort()).toEqual(['cli', 'engines/local', 'stores']);
  });

  test.skipIf(!hasStrace)(
    titled(
      hasStrace,
      NO_STRACE,
      '200 hostile names in the address of every route, and in every field and form: nothing fails over one, and no file outside DATA_DIR is touched',
    ),
    async () => {
      const { names, places, requests, handed, outside, wrong, kept } = await namesAt();
      expect(outside).toEqual([]);
      expect(kept).toBe(true);
      expect(wrong.slice(0, 6)).toEqual([]);
      figure('T23', 'hostile names', names, { least: 200 });
      figure('T23', 'places in the addresses of all routes', places, { least: 60 });
      figure('T23', 'requests with hostile names there', requests);
      figure('T23', 'hostile names handed in at every door, field by field', handed.fields);
      figure('T23', 'files outside DATA_DIR touched', outside.length, { most: 0 });
      figure('T23', 'answers that are neither a refusal nor that to any name', wrong.length, { most: 0 });
    },
  );

  test.skipIf(!hasStrace)(
    titled(hasStrace, NO_STRACE, 'planted: a path that is built from a name is caught, in an address and of a file'),
    async () => {
      const files = "process.getBuiltinModule('node:fs')";
      const copy = planted(
        {
          file: 'src/api/pages.ts',
          was: "    if (icon) app.get('/favicon.ico'",
          is: `    app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) => reply.send(${files}.readFileSync([built, 'web/assets', request.params['*']].join('/'))));\n    if (icon) app.get('/favicon.ico'`,
        },
        {
          file: 'src/api/share-file-routes.ts',
          was: 'const attached = talk.entries',
          is: `try { ${files}.readFileSync([process.env.DATA_DIR, 'download', request.params.id].join('/')); } catch {}\nconst attached = talk.entries`,
        },
        {
          file: 'src/api/share-file-routes.ts',
          was: 'const shelved = await files.put',
          is: `try { ${files}.writeFileSync([process.env.DATA_DIR, '..', name].join('/'), bytes); } catch {}\nconst shelved = await files.put`,
        },
      );
      const isPlanted = ({ path }: Place) => /^\/assets\/|\/files\/NAME$/.test(path('NAME'));
      const { outside } = await namesAt(fileURLToPath(copy), isPlanted, ['share']);
      for (const place of ['/assets/', '/download/', '/data/../'])
        expect(
          outside.some(({ path }) => path.includes(place) && path.includes(TRAP)),
          place,
        ).toBe(true);
    },
  );
});

describe('T23 addresses', { timeout: 240_000 }, () => {
  let lure: Awaited<ReturnType<typeof trap>>;
  beforeAll(async () => {
    lure = await trap();
  });
  afterAll(() => lure.server.close());

  test('no field that a client sends is meant to be fetched', () => {
    const coached = [clientMessage, sessionRequest(['slt']), tokenRequest(60), correctionRequest];
    const chats = [roomRequest, roomQuery, roomCommand, deskRequest, deskMessageRequest, deskCommand, talkQuery, talkCommand];
    const shared = [createRequest, joinRequest, attachFields, invitationRequest(60), ...Object.values(shareEvents)];
    const schemas = [...coached, ...chats, ...shared].map((schema) =>
      JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })),
    );
    for (const schema of schemas) expect(schema).not.toMatch(/"format":"(uri|url)|"(\w*_)?(url|uri|href|webhook|callback|link|file|path)"/i);
  });

  test('only the commands of the operator fetch anything', () => {
    const fetching = sourceFiles()
      .filter(({ name }) => !/^(web|client)\//.test(name))
      // of node:net only what looks at an address may be used, never what goes there; types and servers go nowhere
      .map(({ name, source }) => ({
        name,
        source: source.replace(/^import type .*$|^import \{ createServer(?:, type \w+)* \} from 'node:http';$/gm, ''),
      }))
      .filter(({ source }) =>
        /\bfetch\(|from 'node:(http|https|http2|dgram|tls)'|import [^;]*\b(connect|createConnection|Socket|net)\b[^;]* from 'node:net'/.test(source),
      )
      .map(({ name }) => name);
    // vendors and the database are asked at the address that the operator set, and no redirect is followed; whom browsers name, only where it is public
    expect(fetching.sort()).toEqual([
      'cli/download.ts',
      'cli/speech-model.ts',
      'engines/bounded-fetch.ts',
      'engines/web-push/push.ts',
      'stores/postgres-line.ts',
    ]);
    expect(sourceFiles().find(({ name }) => name === 'engines/web-push/push.ts')?.source).toContain('lookup: publicLookup');
    expect(sourceFiles().find(({ name }) => name === 'engines/bounded-fetch.ts')?.source).toContain("redirect: 'error'");
  });

  const run = new URL('../support/ffmpeg-trap-run.ts', import.meta.url);
  const libraries = /^\/(lib|lib64|usr\/lib|usr\/local\/lib|etc|proc|sys|dev)\/|^\/(lib|usr\/lib)/;
  const wrongOf = (asked: readonly Asked[]) =>
    asked.filter(
      ({ program, path, call, writes }) =>
        program.endsWith('ffmpeg') && (!libraries.test(path) || (writes && !path.startsWith('/dev/')) || call === 'connect'),
    );

  test.skipIf(!hasFfmpeg)(
    titled(hasFfmpeg, needs.ffmpeg, 'playlists and movies that ask for an address, sent as sound: nobody goes there'),
    async () => {
      const before = lure.visits();
      const file = join(newFolder(), TRAP);
      writeFileSync(file, new Uint8Array(32_000).fill(7));
      const addresses = [`http://127.0.0.1:${lure.port}/x.ts`, file, `file://${file}`];
      const watched = hasStrace ? await askedBy(run, new URL('../../src/', import.meta.url).href, ...addresses) : undefined;
      if (watched) {
        const { asked } = watched;
        expect(asked.filter(({ program }) => program.endsWith('ffmpeg')).length).toBeGreaterThan(100);
        expect(wrongOf(asked)).toEqual([]);
        figure('T23', 'things opened by ffmpeg besides pipes and libraries', wrongOf(asked).length, { most: 0 });
      }
      figure('T23', 'playlists and movies sent as sound', playlistsFor('').length * addresses.length);
      figure('T23', 'visits to the trap from sound', lure.visits() - before, { most: 0 });
    },
  );

  test.skipIf(!hasFfmpeg || !hasStrace)(
    titled(
      hasFfmpeg && hasStrace,
      `${needs.ffmpeg}; ${NO_STRACE}`,
      'planted: an ffmpeg that guesses what it is given and may open anything is caught',
    ),
    async () => {
      const copy = planted(
        { file: 'src/engines/ffmpeg/process.ts', was: '-protocol_whitelist pipe', is: '-protocol_whitelist file,http,tcp,pipe' },
        { file: 'src/engines/ffmpeg/decoder.ts', was: "'-f mov'", is: "'-safe 0', '-f concat'" },
      );
      const file = join(newFolder(), TRAP);
      writeFileSync(file, new Uint8Array(32_000).fill(7));
      const before = lure.visits();
      const { asked } = await askedBy(run, new URL('src/', copy).href, `http://127.0.0.1:${lure.port}/x.ts`, `file://${file}`);
      expect(lure.visits() - before).toBeGreaterThan(0);
      expect(wrongOf(asked).some(({ path }) => path.endsWith(file))).toBe(true);
    },
  );
});
