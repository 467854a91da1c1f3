import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { gateMatrix, modes } from '../support/gate-matrix.ts';
import { guarded, key } from '../support/guarded.ts';
import { newFolder } from '../support/new-folder.ts';
import { type Fault, planted } from '../support/planted.ts';
import { figure, tier } from '../support/tier.ts';

describe('T19 the authorisation matrix', () => {
  test('everybody at every route and every command: in comes only who may, and who may not learns nothing', async () => {
    const found = await gateMatrix(compose, modes);
    figure('T19', 'cells: routes and commands × 11 states × 3 modes', found.cells, { least: 600 });
    expect(found.rowless).toEqual([]);
    expect(found.in).toEqual([]);
    expect(found.out).toEqual([]);
    expect(found.differ).toEqual([]);
    figure('T19', 'unexpected 2xx', found.in.length, { most: 0 });
    figure('T19', 'refusals that tell unknown from forbidden', found.differ.length, { most: 0 });
  });

  test('every secret is 256 bits, and none of them is in any file, in the log or in an address', async () => {
    const folder = newFolder();
    const secrets: string[] = [];
    {
      await using house = await guarded({ STORE: 'sqlite', DATA_DIR: folder, LOG_LEVEL: 'debug' });
      const session = await house.open();
      secrets.push(session.token);
      for (const role of ['speaker', 'viewer', 'export']) secrets.push((await house.share(session, role)).token);
      for (const token of secrets.slice(0, 3)) secrets.push(await house.ticket(session.id, token));
      for (const ticket of secrets.slice(4, 6)) await house.knock(session.id, { ticket }).next('hello');
      const log = await (await house.ask('GET', `/session/${session.id}/events`, session.token)).text();
      expect([...secrets, key].filter((secret) => log.includes(secret) || house.log.some((line) => line.includes(secret)))).toEqual([]);
    }
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(new Set(secrets).size).toBe(7);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files).toContain('aside.db');
    const found = files.filter((file) => {
      const bytes = readFileSync(join(folder, file)).toString('latin1');
      return [...secrets, key].some((secret) => bytes.includes(secret) || bytes.includes(Buffer.from(secret, 'base64url').toString('latin1')));
    });
    figure('T19', 'files with a secret in them', found.length, { most: 0 });
  });

  const rights = 'src/api/access.ts';
  const faults: [string, Fault][] = [
    ['a route that nobody listed', { file: 'src/api/health.ts', was: 'done();', is: "app.get('/all', () => [...'everything']); done();" }],
    [
      'erasing for whoever may read',
      { file: rights, was: "await admit(id, 'rule', visitor, wanted);", is: "await admit(id, 'read', visitor, wanted);" },
    ],
    ['a viewer who may speak', { file: 'src/api/coach-socket.ts', was: "allows(pass.role, 'speak') ? serve : watch", is: 'serve' }],
    ['roles that nobody checks', { file: rights, was: 'right && allows(right.role, deed)', is: 'right' }],
    ['ids that are enough', { file: rights, was: 'bareIds ? unnamed', is: 'true ? unnamed' }],
    ['tokens that are never revoked', { file: 'src/core/grants.ts', was: '!revoked.has(grant) && ', is: '' }],
    ['tokens that never run out', { file: 'src/core/grants.ts', was: ' && time < expires', is: '' }],
    ['the token of another session', { file: rights, was: '({ key }) => same(key, asked)', is: '({ key }) => key.length === asked.length' }],
    [
      'a refusal of its own',
      {
        file: rights,
        was: 'return talk && right && allows',
        is: "if (right && !allows(right.role, deed)) throw new Problem('forbidden', 'Not you');\n    return talk && right && allows",
      },
    ],
  ];
  test.each(tier({ quick: faults.slice(0, 2), long: faults }))('planted: %s is caught', async (_, fault) => {
    const copy = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    const found = await gateMatrix(copy.compose, ['keys']);
    expect(found.in.length + found.differ.length + found.rowless.length).toBeGreaterThan(0);
  });
});
