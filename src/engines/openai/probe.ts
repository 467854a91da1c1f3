import type { OpenAI } from 'openai';
import { z } from 'zod';
import type { Clock } from '../../core/ports.ts';
import { baseUrl } from '../base-url.ts';
import { vendorLine } from '../vendor-line.ts';
import { refusesSchemas } from './chat.ts';
import { type Address, isOpenAi, openAiClient, whoIs } from './client.ts';
import { openAiProblem } from './faults.ts';

/** For what a server is configured: the names of its models, by what they are for. */
export type Wanted = {
  readonly model?: string;
  readonly ears?: string;
  readonly voice?: string;
  readonly realtime?: string;
  readonly tools?: boolean;
};

/** What was found out; what is missing here nobody knows, because it was not wanted or the server did not say it in time. */
export type Found = {
  /** Sentences for the greeting. */
  readonly notes: readonly string[];
  schema?: boolean;
  tools?: boolean;
  /** Whether the model calls the tool that it is told to call. */
  toolChoice?: boolean;
  speech?: boolean;
  transcription?: boolean;
  realtime?: boolean;
};

export type ProbeOptions = Address & {
  readonly wanted: Wanted;
  readonly clock: Clock;
  /** How long the start may wait for it, in ms. */
  readonly patience?: number;
};

type Look = (client: OpenAI, found: Found, stop: AbortSignal) => Promise<string[]>;

/** A model that shuts down within so many ms is worth a word. */
const soon = 90 * 86_400_000;

const modelList = z.array(z.object({ id: z.string().max(300), shutdown_date: z.string().max(40).nullish() })).max(10_000);

/** Asks a server once what it has of what is configured. Never fails, and never takes longer than it may. */
export async function probeOpenAi({ wanted, clock, patience = 2_000, ...options }: ProbeOptions): Promise<Found> {
  const who = whoIs(options);
  const over = new AbortController();
  const found: Found = { notes: [] };
  let late = false;
  clock.sleep(patience, over.signal).then(
    () => {
      late = true;
      over.abort();
    },
    () => undefined,
  );
  const looks = isOpenAi(options) ? [models(wanted, clock.now(), who)] : looksAt(options, wanted, clock.now(), who, patience);
  const client = await openAiClient(options, patience);
  const notes = await Promise.all(looks.map((look) => look(client, found, over.signal).catch(() => [])));
  over.abort();
  if (late) notes.push([`${who} did not answer within ${patience / 1_000} s, so Aside starts without knowing all that it can do.`]);
  return { ...found, notes: [...new Set(notes.flat())] };
}

/** Where OpenAI itself has everything, others may not. */
function looksAt(address: Address, wanted: Wanted, now: number, who: string, patience: number): Look[] {
  const looks = [models(wanted, now, who)];
  if (wanted.model) looks.push(schema(wanted.model, who));
  if (wanted.model && wanted.tools) looks.push(tools(wanted.model, who));
  if (wanted.voice) looks.push(path('/audio/speech', 'speech', `${who} has no voice (audio/speech), so another one speaks.`));
  if (wanted.ears) looks.push(path('/audio/transcriptions', 'transcription', `${who} has no ears (audio/transcriptions), so others listen.`));
  if (wanted.realtime) looks.push(realtime(address, wanted.realtime, who, patience));
  return looks;
}

/** Whether the models are there, and how long they will be. */
const models =
  ({ model, ears, voice, realtime }: Wanted, now: number, who: string): Look =>
  async (client, _found, stop) => {
    let known: z.infer<typeof modelList>;
    try {
      known = modelList.parse((await client.models.list({ signal: stop })).data);
    } catch (error) {
      // a server may live without a list; one that cannot be reached or refuses the key is worth a word
      const silent = stop.aborted || error instanceof z.ZodError || [404, 405, 501].includes((error as { status?: number }).status ?? 0);
      return silent ? [] : [openAiProblem(error, { who, model: 'its models', code: 'brain_failed' }).message];
    }
    const names = [model, ears, voice, realtime].filter((name) => name !== undefined);
    return [...new Set(names)].flatMap((name) => {
      // Ollama leaves the tag away that everything has
      const entry = known.find(({ id }) => id === name || id === `${name}:latest`);
      if (!entry) return [`${who} does not have the model ${name}. ${instead(known)}`];
      const ends = Date.parse(entry.shutdown_date ?? '');
      return ends - now < soon ? [`${who} shuts the model ${name} down on ${entry.shutdown_date}. Choose another one before.`] : [];
    });
  };

const instead = (known: z.infer<typeof modelList>): string => {
  if (known.length === 0) return 'It has none.';
  return known.length <= 8 ? `It has ${known.map(({ id }) => id).join(', ')}.` : `It has ${known.length} others.`;
};

const question = { messages: [{ role: 'user' as const, content: 'Say hello.' }], max_tokens: 8 };
const greeting = { type: 'object', properties: { hello: { type: 'boolean' } }, required: ['hello'], additionalProperties: false };

/** Whether its answers can be held to a shape: then even the first sign of one is a brace. */
const schema =
  (model: string, who: string): Look =>
  async (client, found, stop) => {
    try {
      const format = { type: 'json_schema' as const, json_schema: { name: 'greeting', strict: true, schema: greeting } };
      const { choices } = await client.chat.completions.create({ model, ...question, response_format: format }, { signal: stop });
      const said = choices?.[0]?.message?.content?.trim();
      if (said) found.schema = said.startsWith('{');
    } catch (error) {
      if (refusesSchemas(error)) found.schema = false;
    }
    return found.schema === false ? [`${who} does not hold its answers to a shape, so Aside asks for it in words and checks them.`] : [];
  };

/** Whether the model can call functions, and calls the one that it is told to call. */
const tools =
  (model: string, who: string): Look =>
  async (client, found, stop) => {
    try {
      const greet = { type: 'function' as const, function: { name: 'greet', parameters: greeting } };
      const choice = { type: 'function' as const, function: { name: 'greet' } };
      const { choices } = await client.chat.completions.create(
        { model, ...question, max_tokens: 32, tools: [greet], tool_choice: choice },
        { signal: stop },
      );
      const { tool_calls: calls, content } = choices?.[0]?.message ?? {};
      if (calls?.length) found.tools = found.toolChoice = true;
      else if (content) found.toolChoice = false;
    } catch (error) {
      if ([400, 422, 500, 501].includes((error as { status?: number }).status ?? 0)) found.tools = false;
    }
    return found.tools === false ? [`${who} cannot call tools with ${model}.`] : [];
  };

/** Whether there is anything at a path: asked with nothing, a server complains about the request, not about the path. */
const path =
  (name: string, flag: 'speech' | 'transcription', missing: string): Look =>
  async (client, found, stop) => {
    try {
      await client.post(name, { body: {}, signal: stop });
      found[flag] = true;
    } catch (error) {
      const { status, message = '' } = error as { status?: number; message?: string };
      // it may also be the model of nobody that is not found
      if ((status === 404 && !/model/i.test(message)) || status === 405 || status === 501) found[flag] = false;
      else if (status !== undefined && status !== 401 && status !== 403) found[flag] = true;
    }
    return found[flag] === false ? [missing] : [];
  };

/** Whether it opens a socket for live words. */
const realtime =
  ({ key, url = '' }: Address, model: string, who: string, patience: number): Look =>
  (_client, found, stop) =>
    new Promise((resolve) => {
      const address = `${baseUrl(url).replace(/^http/, 'ws')}/realtime?intent=transcription&model=${encodeURIComponent(model)}`;
      const line = vendorLine({
        address,
        headers: { authorization: `Bearer ${key || 'none'}` },
        patience,
        onOpen: () => {
          found.realtime = true;
          line.close();
        },
        onMessage: () => undefined,
        onEnd: ({ status }) => {
          stop.removeEventListener('abort', line.close);
          if (status !== undefined && status !== 401) found.realtime = false;
          resolve(found.realtime === false ? [`${who} has no live ears (realtime), so an utterance has its words only when it is over.`] : []);
        },
      });
      stop.addEventListener('abort', line.close, { once: true });
    });
