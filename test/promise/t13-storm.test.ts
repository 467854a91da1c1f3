import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { childServer } from '../support/child-server.ts';
import { planted } from '../support/planted.ts';
import { connect, crowd, evenly, outcome, quantile, start } from '../support/storm.ts';
import { figure, tier } from '../support/tier.ts';

const starts = 500;
const reconnects = tier({ quick: 2_000, long: 20_000 });
const most = 700;

const environment = { VOICE: 'none', BUDGETS: `awake=${most},sockets=${most + 100}` };

/** Fills a service to its cap and half as much again; how many came in, and what became of the others. */
async function overfill(base: string, room: number, already = 0) {
  const to = outcome();
  let opened = 0;
  const wanted = Math.ceil(room * 1.5) - already;
  await crowd(wanted, 50, async () => {
    const id = await start(base, to);
    if (id === undefined) return;
    opened += 1;
    await connect(base, id, to);
  });
  return { to, wanted, opened };
}

describe('T13 storm and admission', () => {
  test('five hundred starts in two seconds, everybody back at once four times, and half as many again as there is room for', async () => {
    await using server = await childServer(environment);
    const { base } = server;
    const come = async (to: ReturnType<typeof outcome>) => {
      const began = performance.now();
      const id = await start(base, to);
      return id === undefined ? undefined : { id, socket: await connect(base, id, to, began) };
    };

    // a fifth of the pace, and each when its time has come, as in the storm: whatever holds up the machine for a moment counts for as many in both
    const calm = outcome();
    await evenly(160, 3_200, async () => void (await come(calm))?.socket?.terminate());
    const warm = { ...calm, ms: calm.ms.slice(10) };

    const storm = outcome();
    const there: { id: string; socket: WebSocket | undefined }[] = [];
    await evenly(starts, 2_000, async () => {
      const one = await come(storm);
      if (one) there.push(one);
    });
    figure('T13', 'starts in 2 s', starts);
    figure('T13', 'starts let in', storm.ms.length, { least: starts });

    const again = outcome();
    for (const { socket } of there) socket?.terminate();
    const last: (WebSocket | undefined)[] = [];
    await crowd(reconnects, there.length, async (index) => {
      const socket = await connect(base, there[index % there.length]!.id, again);
      if (index < reconnects - there.length) socket?.terminate();
      else last.push(socket);
    });
    figure('T13', 'reconnects', reconnects);
    figure('T13', 'reconnects let in', again.ms.length, { least: reconnects });

    const good = last.find((socket) => socket?.readyState === 1)!;
    const health = (await (await fetch(`${base}/health`)).json()) as { awake: number };
    const { to, wanted, opened } = await overfill(base, most, health.awake);
    figure('T13', 'came over the cap of sessions', wanted - opened, { least: most / 2 });
    figure('T13', 'let in up to the cap', opened + health.awake, { most, least: most });
    figure('T13', 'told to come back', to.back, { least: wanted - opened });

    const crowded = outcome();
    const sockets: (WebSocket | undefined)[] = [];
    const viewer = (await (
      await fetch(`${base}/session/${there[0]!.id}/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"role":"viewer"}',
      })
    ).json()) as { token: string };
    await crowd(most / 2, 50, async () => {
      sockets.push(await connect(base, there[0]!.id, crowded, performance.now(), { authorization: `Bearer ${viewer.token}` }));
    });
    figure('T13', 'viewers of one session beside who speaks', crowded.ms.length, { most: 7, least: 7 });

    const told = new Promise((resolve) => good.once('message', resolve));
    good.send('{"type":"ping"}');
    await told;
    const astray = [calm, storm, again, to, crowded].flatMap((each) => each.astray);
    expect(astray).toEqual([]);
    figure('T13', 'left without a word when to come back', astray.length, { most: 0 });
    figure('T13', 'first event when calm, ms p99', quantile(warm.ms, 0.99));
    figure('T13', 'first event in the storm, ms p99', quantile(storm.ms, 0.99), { most: 2 * quantile(warm.ms, 0.99), soft: true });
    const [code, signal] = await server.end();
    figure('T13', 'crashes', code === 0 && signal === null ? 0 : 1, { most: 0 });
    expect(server.complained()).toBe('');
  });

  test.each([
    ['a house without a cap', { file: 'src/core/hub.ts', was: 'if (settled.size < room) return;', is: 'return;' }],
    ['a refusal without a time', { file: 'src/api/app.ts', was: 'if (wait !== undefined) reply', is: 'if (wait === 0) reply' }],
  ])('planted: %s is caught', async (_, fault) => {
    const cwd = fileURLToPath(planted(fault));
    await using server = await childServer({ VOICE: 'none', STORE: 'memory', BUDGETS: 'awake=20' }, { cwd });
    const { to, opened } = await overfill(server.base, 20);
    expect(opened > 20 || to.astray.length > 0).toBe(true);
  });
});
