import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

/** Starts Firefox as it is told to, and stands between it and playwright, which asks for something that Debian's does not know yet. */
const [program, ...given] = process.argv.slice(2);
const firefox = spawn(program!, given, { stdio: ['ignore', 'inherit', 'pipe'] });
firefox.once('exit', (code) => process.exit(code ?? 1));

/** Dark or light by command: answered as if it were done, and it stays light. */
const unknown = 'emulation.setMediaFeaturesOverride';

const listening = 'WebDriver BiDi listening on ';
for await (const line of createInterface({ input: firefox.stderr })) {
  process.stderr.write(line.startsWith(listening) ? `${listening}${await relayTo(line.slice(listening.length))}\n` : `${line}\n`);
}

async function relayTo(address: string): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (playwright, { url }) => {
    const browser = new WebSocket(`${address}${url}`);
    const open = once(browser, 'open');
    playwright.on('message', async (data: RawData) => {
      const { id, method } = JSON.parse(String(data)) as { id: number; method: string };
      await open;
      if (method === unknown) playwright.send(JSON.stringify({ type: 'success', id, result: {} }));
      else browser.send(String(data));
    });
    browser.on('message', (data: RawData) => playwright.send(String(data)));
    browser.once('close', () => playwright.close());
    // whoever is gone closes no browser any more
    playwright.once('close', () => firefox.kill());
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
