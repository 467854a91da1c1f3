import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands elsewhere: a language model that refuses everything and quotes the key and all words that it was sent, as vendors do, and a collector that takes all spans. */
export async function vendorsThatQuote() {
  let asked = 0;
  let spans = '';
  let urls = '';
  const server = createServer(async (request, response) => {
    let body = '';
    urls += `${request.url}\n`;
    for await (const chunk of request) body += chunk;
    if (request.url?.endsWith('/traces')) {
      spans += body;
      return response.end('{}');
    }
    asked += 1;
    const error = { message: `${request.headers.authorization} may not ask ${body}`, type: 'invalid_request_error', code: 'wrong', param: body };
    return response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How often the model was asked. */
    asked: () => asked,
    /** Every address that was asked for here. */
    urls: () => urls,
    /** Everything that the collector was told. */
    spans: () => spans,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
