import { pino } from 'pino';
import { type Brought, compose } from '../../src/compose.ts';
import { readSettings } from '../../src/config.ts';
import { scriptedVoice } from '../../src/engines/scripted/voice.ts';
import { loudDetector } from './listening.ts';
import { toneTranscriber } from './tone-words.ts';

/** The whole service with ears that hear counted tones, in a process of its own: for tests that count every word. With HUMS its voice hums, so many pieces a suggestion. */
const settings = readSettings(process.env);
const voice: Brought = process.env.HUMS ? { voice: scriptedVoice({ pieces: Number(process.env.HUMS) }) } : {};
const house = await compose(settings, { transcriber: { ...toneTranscriber, close: async () => undefined }, detector: loudDetector, ...voice });
const server = await house.server(pino({ level: settings.LOG_LEVEL }, pino.destination(2)));
const address = await server.listen({ port: settings.PORT, host: settings.HOST, backlog: house.budgets.sockets });
process.stdout.write(`listening on ${address}\n`);
process.once('SIGTERM', async () => {
  await server.close();
  await house.close();
  process.exit(0);
});
