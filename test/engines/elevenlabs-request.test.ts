import { execFileSync } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { elevenLabsRequest } from '../../src/engines/elevenlabs/request.ts';

const never = new AbortController().signal;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that notes which keys and bodies it was sent, and what then came of its requests. */
async function answering(answer: RequestListener) {
  const got: { url: string; key: unknown; body: string }[] = [];
  const gone: Promise<void>[] = [];
  const server = createServer(async (request, response) => {
    gone.push(new Promise((resolve) => response.once('close', resolve)));
    const body = (await request.toArray()).join('');
    got.push({ url: request.url ?? '', key: request.headers['xi-api-key'], body });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { got, gone, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const asking = (url: string, patience = 20_000) => elevenLabsRequest({ key: 'xi-test', url, patience, most: 100 });
const something = { body: '{"text":"Hello."}', headers: { 'content-type': 'application/json' } };

describe('a request to ElevenLabs', { timeout: 60_000 }, () => {
  test('goes to its path with the key, and the answer comes as it is', async () => {
    const vendor = await answering((_, response) => response.writeHead(200, { 'character-cost': '6' }).end('a line\nhalf a li'));
    const response = await asking(`${vendor.url}/`)('v1/speech?output_format=pcm_16000', something, never);
    expect([response.status, response.headers.get('character-cost'), await response.text()]).toEqual([200, '6', 'a line\nhalf a li']);
    expect(vendor.got).toEqual([{ url: '/v1/speech?output_format=pcm_16000', key: 'xi-test', body: something.body }]);
  });

  test.each([408, 429, 503])('is not made again by itself after %i, whatever the vendor says about that', async (status) => {
    const vendor = await answering((_, response) => response.writeHead(status, { 'retry-after': '1' }).end('{}'));
    const response = await asking(vendor.url)('v1/speech', something, never);
    expect([response.status, vendor.got.length]).toEqual([status, 1]);
  });

  test('is given up where no answer begins in time', async () => {
    const vendor = await answering(() => undefined);
    await expect(asking(vendor.url, 50)('v1/speech', something, never)).rejects.toBe('timeout');
    await Promise.all(vendor.gone);
  });

  test('is given up where nobody wants it any more: before its answer begins, and in the middle of it', async () => {
    const stop = new AbortController();
    const hanging = await answering(() => stop.abort());
    await expect(asking(hanging.url)('v1/speech', something, stop.signal)).rejects.toThrow();
    const later = new AbortController();
    const half = await answering((_, response) => void response.writeHead(200).write('half'));
    const response = await asking(half.url)('v1/speech', something, later.signal);
    later.abort();
    await expect(response.text()).rejects.toThrow();
    await Promise.all([...hanging.gone, ...half.gone]);
    expect([hanging.gone.length, half.gone.length]).toEqual([1, 1]);
  });

  test('takes neither the key nor what was said to where a server points, and reads no endless answer', async () => {
    const other = await answering((_, response) => response.end());
    const pointing = await answering((_, response) => response.writeHead(307, { location: `${other.url}/v1/speech` }).end());
    await expect(asking(pointing.url)('v1/speech', something, never)).rejects.toThrow();
    expect(other.got).toEqual([]);
    const endless = await answering((_, response) => response.end('x'.repeat(101)));
    await expect((await asking(endless.url)('v1/speech', something, never)).text()).rejects.toThrow('does not end');
  });

  test('loads only what a request needs of the vendor’s package', () => {
    const told = execFileSync(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { createRequire } from 'node:module';
       await import(${JSON.stringify(new URL('../../src/engines/elevenlabs/request.ts', import.meta.url).href)});
       console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('elevenlabs-js'))));`,
    ]);
    const files = JSON.parse(told.toString()) as string[];
    expect(files.filter((file) => file.endsWith('makePassthroughRequest.js'))).toHaveLength(1);
    expect(files.length).toBeLessThan(30);
  });
});
