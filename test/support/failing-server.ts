import { pino } from 'pino';
import { sentinels } from './sentinels.ts';

/** The whole service of a folder like src with ears that hear a secret and break over it and a push service that breaks over its address, in a process of its own: for tests of what it tells. */
const src = new URL(process.env.SRC ?? '../../src/', import.meta.url);
const { compose } = (await import(new URL('compose.ts', src).href)) as typeof import('../../src/compose.ts');
const { readSettings } = (await import(new URL('config.ts', src).href)) as typeof import('../../src/config.ts');
const { loudDetector } = await import('./listening.ts');
const settings = readSettings(process.env);
let heard = 0;
const house = await compose(settings, {
  detector: loudDetector,
  transcriber: {
    async *transcribe(sound) {
      for await (const _ of sound);
      heard += 1;
      if (heard % 2 === 0) throw new Error(`cannot make words of ${sentinels.sound}`, { cause: { text: sentinels.said } });
      yield { text: `I heard ${sentinels.sound}`, words: [], confidence: 0.9, final: true };
    },
    close: async () => undefined,
  },
  post: async (endpoint, headers, body) => {
    process.stdout.write('a browser was to be told\n');
    throw new Error(`cannot reach ${endpoint}`, { cause: { headers, body } });
  },
});
// more talkative than any setting: what packages say among themselves is heard as well
const server = await house.server(pino({ level: 'trace' }, pino.destination(2)));
// a fault of ours that nobody thought of, with somebody's words in its message
server.post('/forced', (request) => {
  throw new TypeError(`cannot read ${JSON.stringify(request.body)} at ${request.url}`, { cause: request.body });
});
const address = await server.listen({ port: settings.PORT, host: settings.HOST });
process.stdout.write(`listening on ${address}\n`);
process.once('SIGTERM', async () => {
  await server.close();
  await house.close();
  process.exit(0);
});
