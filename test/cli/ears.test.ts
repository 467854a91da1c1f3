import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, type TestContext, test } from 'vitest';
import { ears } from '../../src/cli/ears.ts';
import { type EarsMachine, thisMachine } from '../../src/cli/ears-machine.ts';
import { findSherpa } from '../../src/engines/local/sherpa.ts';
import { needs } from '../support/needs.ts';
import { toneModel } from '../support/tone-model.ts';

const name = 'tones-2026.tar.bz2';
const stop = new AbortController().signal;
let archive: Buffer | undefined;
let folder = '';
let closing: (() => void)[] = [];

beforeAll(async () => {
  const place = mkdtempSync(join(tmpdir(), 'aside-test-'));
  const model = await toneModel(place);
  rmSync(join(model, 'aside-model.json'));
  try {
    execFileSync('tar', ['-cjf', join(place, name), '-C', join(place, 'models'), 'tones'], { stdio: 'ignore' });
    archive = readFileSync(join(place, name));
  } catch {
    archive = undefined;
  }
  rmSync(place, { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-test-'));
  closing = [];
});
afterEach(() => {
  for (const close of closing) close();
  rmSync(folder, { recursive: true });
});

const story = (title: string, tell: () => Promise<void>) =>
  test(title, async (context: TestContext) => {
    if (!archive) context.skip(needs.tar);
    else await tell();
  });

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of speech models on this machine. */
async function hub(answer: Answer): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
}

/** Answers as the real hub does: parts, a tag and a list of checksums. */
const honest =
  (requests: string[], wrong = false): Answer =>
  (request, response) => {
    if (request.url === '/checksum.txt') {
      const hash = createHash('sha256').update(archive!).digest('hex');
      response.end(`other.tar.bz2\t${'0'.repeat(64)}\n${name}\t${wrong ? '0'.repeat(64) : hash}\n`);
      return;
    }
    requests.push(request.headers.range ?? 'all');
    if (request.headers.range === `bytes=${archive!.length}-`) {
      response.writeHead(416, { 'content-range': `bytes */${archive!.length}` }).end();
      return;
    }
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { etag: '"one"', 'content-length': archive!.length - from });
    response.end(archive!.subarray(from));
  };

/** This machine, whose package managers, terminal and PocketSphinx are made up; tar is real. */
function machine(own: Partial<EarsMachine> = {}) {
  const said: string[] = [];
  const ran: string[] = [];
  const real = thisMachine();
  const made: EarsMachine = {
    ...real,
    print: (text) => void said.push(text),
    run: async (command, args) => {
      ran.push([command, ...args].join(' '));
      return 127;
    },
    quietly: (command, args, until) => (command === 'tar' ? real.quietly : made.run)(command, args, until),
    hasPocketsphinx: async () => false,
    root: true,
    tty: false,
    ...own,
  };
  return { made, ran, said: () => said.join('') };
}

describe('npm run ears', () => {
  story('fetches the model with progress, checks it, unpacks it, and start finds it; a second time it has nothing to do', async () => {
    const requests: string[] = [];
    const modelUrl = await hub(honest(requests));
    const { made, said } = machine();
    expect(await ears({ dataDir: folder, modelUrl, machine: made }, stop)).toBe(0);
    expect(said()).toMatch(/100 % of/);
    expect(said()).toContain('Checksum right');
    expect(await findSherpa(folder)).toMatchObject({ name: 'tones-2026' });
    expect(readdirSync(join(folder, 'models'))).toEqual(['tones-2026']);
    expect(await ears({ dataDir: folder, modelUrl, machine: made }, stop)).toBe(0);
    expect(said()).toContain('already here');
    expect(requests).toEqual(['all']);
  });

  story('a connection that is cut goes on where it was', async () => {
    const requests: string[] = [];
    let cut = () => undefined as unknown;
    const modelUrl = await hub((request, response) => {
      if (request.url === '/checksum.txt' || requests.length > 0) {
        honest(requests)(request, response);
        return;
      }
      requests.push('cut');
      response.writeHead(200, { etag: '"one"', 'content-length': archive!.length });
      response.write(archive!.subarray(0, 400));
      cut = () => request.socket.destroy();
    });
    const { made, said } = machine();
    const print = (text: string) => {
      made.print(text);
      if (text.includes('%')) cut();
    };
    expect([await ears({ dataDir: folder, modelUrl, machine: { ...made, print } }, stop), said()]).toEqual([0, expect.stringContaining('is ready')]);
    expect(requests).toEqual(['cut', 'bytes=400-']);
    expect(await findSherpa(folder)).toBeDefined();
  });

  test('a server that answers but cuts every connection is given up after a few attempts, and what came is kept', async () => {
    let attempts = 0;
    const modelUrl = await hub((request, response) => {
      attempts++;
      response.writeHead(200, { 'content-length': 1_000 });
      response.flushHeaders();
      request.socket.end();
    });
    const { made, said } = machine();
    expect(await ears({ dataDir: folder, modelUrl, machine: made }, stop)).toBe(1);
    expect(said()).toContain('goes on from there');
    expect(attempts).toBe(3);
  });

  story('stopped in the middle it says so, and the next run goes on where it was', async () => {
    const requests: string[] = [];
    const control = new AbortController();
    const modelUrl = await hub((request, response) => {
      if (request.url === '/checksum.txt' || requests.length > 0) {
        honest(requests)(request, response);
        return;
      }
      requests.push('stopped');
      response.writeHead(200, { etag: '"one"', 'content-length': archive!.length });
      response.write(archive!.subarray(0, 400));
    });
    const first = machine();
    const print = (text: string) => {
      first.made.print(text);
      if (text.includes('%')) control.abort();
    };
    expect(await ears({ dataDir: folder, modelUrl, machine: { ...first.made, print } }, control.signal)).toBe(130);
    expect(first.said()).toContain('Run npm run ears again');
    expect(await findSherpa(folder)).toBeUndefined();
    const second = machine();
    expect(await ears({ dataDir: folder, modelUrl, machine: second.made }, stop)).toBe(0);
    expect(requests).toEqual(['stopped', 'bytes=400-']);
  });

  story('a file whose checksum is wrong is thrown away with one clear sentence, and start finds nothing', async () => {
    const modelUrl = await hub(honest([], true));
    const { made, said } = machine();
    expect(await ears({ dataDir: folder, modelUrl, machine: made }, stop)).toBe(1);
    expect(said()).toContain('its checksum is wrong, so it was thrown away');
    expect(await findSherpa(folder)).toBeUndefined();
    expect(readdirSync(join(folder, 'models'))).toEqual([]);
  });

  story('a model that could not be unpacked for want of bzip2 is not fetched again once it is there', async () => {
    const requests: string[] = [];
    const modelUrl = await hub(honest(requests));
    const without = machine({ quietly: async () => 2 });
    expect(await ears({ dataDir: folder, modelUrl, machine: without.made }, stop)).toBe(1);
    expect(without.said()).toContain('Install tar and bzip2');
    expect(await findSherpa(folder)).toBeUndefined();
    expect(await ears({ dataDir: folder, modelUrl, machine: machine().made }, stop)).toBe(0);
    expect(requests).toEqual(['all', `bytes=${archive!.length}-`]);
  });

  story('something that is no archive is one clear sentence, and start finds nothing', async () => {
    const modelUrl = await hub((request, response) => (request.url === '/checksum.txt' ? response.writeHead(404).end() : response.end('hello')));
    const { made, said } = machine();
    expect(await ears({ dataDir: folder, modelUrl, machine: made }, stop)).toBe(1);
    expect(said()).toContain('could not be unpacked');
    expect(await findSherpa(folder)).toBeUndefined();
  });

  test('a model that is not there is said with the address and the setting', async () => {
    const modelUrl = await hub((_, response) => response.writeHead(404).end());
    const { made, said } = machine();
    expect(await ears({ dataDir: folder, modelUrl, machine: made }, stop)).toBe(1);
    expect(said()).toContain('answered 404');
    expect(said()).toContain('SPEECH_MODEL_URL');
  });

  test('a hub that cannot be reached means PocketSphinx by apt, as root without sudo', async () => {
    let installed = false;
    const ran: string[] = [];
    const { made, said } = machine({
      run: async (command, args) => {
        ran.push([command, ...args].join(' '));
        installed ||= args.includes('install');
        return 0;
      },
      hasPocketsphinx: async () => installed,
    });
    expect(await ears({ dataDir: folder, modelUrl: await deadAddress(), machine: made }, stop)).toBe(0);
    expect(said()).toContain('does not answer from here');
    expect(said()).toContain('PocketSphinx is ready');
    expect(ran).toEqual(['apt-get --version', 'apt-get install -y --no-install-recommends pocketsphinx pocketsphinx-en-us']);
  });

  test('a fresh container that knows no packages yet asks for the list first; a user who is not root uses sudo', async () => {
    let updated = false;
    let installed = false;
    const ran: string[] = [];
    const { made } = machine({
      root: false,
      tty: true,
      run: async (command, args) => {
        ran.push([command, ...args].join(' '));
        updated ||= args.includes('update');
        installed = updated && args.includes('install');
        return args.includes('install') && !updated ? 100 : 0;
      },
      hasPocketsphinx: async () => installed,
    });
    expect(await ears({ dataDir: folder, modelUrl: await deadAddress(), machine: made }, stop)).toBe(0);
    const install = 'sudo apt-get install -y --no-install-recommends pocketsphinx pocketsphinx-en-us';
    expect(ran).toEqual(['apt-get --version', install, 'sudo apt-get update', install]);
  });

  test('a Mac gets it by brew', async () => {
    let installed = false;
    const ran: string[] = [];
    const { made } = machine({
      run: async (command, args) => {
        ran.push([command, ...args].join(' '));
        installed ||= command === 'brew' && args.includes('install');
        return command === 'brew' ? 0 : 127;
      },
      hasPocketsphinx: async () => installed,
    });
    expect(await ears({ dataDir: folder, modelUrl: await deadAddress(), machine: made }, stop)).toBe(0);
    expect(ran).toEqual(['apt-get --version', 'brew --version', 'brew install cmu-pocketsphinx']);
  });

  test('PocketSphinx that is here already is not installed again', async () => {
    const { made, ran, said } = machine({ hasPocketsphinx: async () => true });
    expect(await ears({ dataDir: folder, modelUrl: await deadAddress(), machine: made }, stop)).toBe(0);
    expect(said()).toContain('PocketSphinx is already here');
    expect(ran).toEqual([]);
  });

  test('neither is one sentence on what to do', async () => {
    const { made, said } = machine();
    expect(await ears({ dataDir: folder, modelUrl: await deadAddress(), machine: made }, stop)).toBe(1);
    expect(said()).toContain('install pocketsphinx and pocketsphinx-en-us');
    expect(said()).toContain('browser’s own recognition');
  });

  test('a hub that accepts and then says nothing is given up, not waited for', async () => {
    const modelUrl = await hub(() => undefined);
    const { made, said } = machine({ patience: 200 });
    expect(await ears({ dataDir: folder, modelUrl, machine: made }, stop)).toBe(1);
    expect(said()).toContain('does not answer from here');
    expect(existsSync(join(folder, 'models', 'tones-2026'))).toBe(false);
  });
});

/** An address where nobody listens. */
async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/${name}`;
}
