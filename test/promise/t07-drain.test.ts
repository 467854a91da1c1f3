import { describe, expect, test } from 'vitest';
import { childServer } from '../support/child-server.ts';
import { crashTruth } from '../support/crash-truth.ts';
import { freePort } from '../support/free-port.ts';
import { logOf } from '../support/history.ts';
import { newFolder } from '../support/new-folder.ts';
import { pullClient } from '../support/pull-client.ts';
import { recordingClient } from '../support/recording-client.ts';
import { figure, isLong, tier } from '../support/tier.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const sessions = 95;
const frozen = 5;

describe('T7 drain and rolling restart', () => {
  test(`told to stop with ${sessions + frozen} sessions, ${frozen} of them frozen, it leaves in time and loses nothing`, {
    timeout: 120_000,
  }, async () => {
    const own = { PORT: String(await freePort()), DATA_DIR: newFolder(), VOICE: 'none' };
    const server = await childServer(own);
    const talkers = await Promise.all(Array.from({ length: sessions }, () => recordingClient(server.base)));
    // a client that reads nothing and answers nothing, as a phone in a pocket
    const stuck = await Promise.all(
      Array.from({ length: frozen }, async () => {
        const { session, close } = await recordingClient(server.base);
        close();
        const client = pullClient(`${server.base.replace('http', 'ws')}/ws/${session.id}`);
        await client.next('hello');
        client.pause();
        return client;
      }),
    );
    for (const [index, { link }] of talkers.entries()) link.say({ type: 'said', text: `before ${index}`, speaker: 'other' });
    const since = performance.now();
    const left = server.end('SIGTERM');
    for (const [index, { link }] of talkers.entries()) link.say({ type: 'said', text: `while it leaves ${index}`, speaker: 'other' });
    expect(await left).toEqual([0, null]);
    const gone = performance.now() - since;
    const codes = talkers.map((talker) => talker.codes[0]);

    const greeted = talkers.map(({ until }) => until(({ type }) => type === 'hello'));
    const next = await childServer(own);
    const up = performance.now();
    await Promise.all(greeted);
    const back = performance.now() - up;
    let lost = 0;
    for (const [index, { link, session, close, until }] of talkers.entries()) {
      if (!link.delivered) await until(() => link.delivered);
      close();
      const said = (await logOf(next.base, session.id)).flatMap((entry) => (entry.type === 'said' ? [entry.text] : []));
      lost += [`before ${index}`, `while it leaves ${index}`].filter((text) => said.filter((each) => each === text).length !== 1).length;
    }
    for (const client of stuck) client.terminate();
    expect(server.complained() + next.complained()).toBe('');
    await next.end();
    figure('T7', 'sessions, frozen ones among them', sessions + frozen);
    figure('T7', 'words lost or doubled', lost, { most: 0 });
    figure('T7', 'closed with another code than 1012', codes.filter((code) => code !== 1012).length, { most: 0 });
    figure('T7', 'gone after, ms', Math.round(gone), { most: 10_000 });
    figure('T7', 'all back after the port is up, ms', Math.round(back), { most: 5_000, soft: true });
  });

  test(`stopped politely again and again in the middle of talk (seed ${seed})`, { timeout: isLong ? 600_000 : 120_000 }, async () => {
    const { lost, doubled, reordered, changed, unheard, complaints } = await crashTruth({
      kills: tier({ quick: 8, long: 80 }),
      seed,
      signal: 'SIGTERM',
    });
    expect(complaints).toBe('');
    figure('T7', 'spoken words lost, doubled, out of order or changed', lost + doubled + reordered + changed, { most: 0 });
    figure('T7', 'sound never acknowledged', unheard, { most: 0 });
  });
});
