import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Piece } from '../../src/core/ports.ts';
import { type ModelOptions, openAiModel } from '../../src/engines/openai/model.ts';
import { VendorProblem } from '../../src/engines/vendor-problem.ts';
import { long, question, said, shape, textOf } from '../contracts/model.ts';
import { figure } from '../support/tier.ts';
import { echoing } from '../support/vendors/echoing.ts';
import { type FaultName, type Phase, phases } from '../support/vendors/faults.ts';
import { type SimulatedOpenAi, simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const live = { first: 3_000, between: 3_000, total: 8_000 };

/** What comes of a fault: the sentence that tells it, whether asking again is of no use, and when it may help. */
type Outcome = { readonly says: RegExp; readonly fatal?: boolean; readonly after?: number };
const outcome = (says: RegExp, more: Omit<Outcome, 'says'> = {}): Outcome => ({ says, ...more });
const always = (each: Outcome | 'answers') => ({ connect: each, first: each, stream: each });

const brokeOff = outcome(/broke off|stopped in the middle/);
const unreached = outcome(/cannot be reached|broke off/);
const busy = outcome(/is asked too often/, { after: 2_000 });
const tooLong = outcome(/more than gpt-6-luna can read/);
const late = outcome(/did not begin to answer in time/);

const outcomes: Record<FaultName, Record<Phase, Outcome | 'answers'>> = {
  'bad-key': always(outcome(/does not accept the key/, { fatal: true })),
  quota: always(outcome(/nothing left to spend/, { fatal: true })),
  busy: always(busy),
  'busy-until': always(busy),
  broken: always(outcome(/is in trouble/)),
  refused: { connect: unreached, first: brokeOff, stream: brokeOff },
  hang: { connect: late, first: late, stream: outcome(/fell silent/) },
  slow: { connect: late, first: late, stream: outcome(/fell silent|took too long/) },
  // half a message is one that nobody understands
  cut: { connect: unreached, first: brokeOff, stream: outcome(/stopped in the middle|nobody understands/) },
  malformed: {
    connect: outcome(/nobody understands/),
    first: outcome(/nobody understands|stopped in the middle/),
    stream: outcome(/nobody understands|stopped in the middle/),
  },
  unknown: always('answers'),
  'session-limit': { connect: tooLong, first: tooLong, stream: outcome(/had more to say than it was allowed to/) },
  repeated: always('answers'),
  empty: { connect: outcome(/stopped in the middle/), first: outcome(/answered with nothing/), stream: 'answers' },
  endless: always(outcome(/took too long|fell silent|does not stop/)),
};

/** Those that only time can end. */
const silent: readonly FaultName[] = ['hang', 'slow', 'endless'];

const kinds: Record<string, Partial<ModelOptions>> = { Responses: { openAi: true }, 'chat.completions': { openAi: true, over: 'chat' } };
/** Those that refuse at the door, which costs nothing; where a line breaks nobody knows. */
const refusals: readonly FaultName[] = ['bad-key', 'quota', 'busy', 'busy-until', 'broken', 'session-limit'];
const broken: readonly FaultName[] = ['refused', 'cut', 'malformed'];

const cells = Object.entries(outcomes).flatMap(([name, byPhase]) => phases.map((phase) => [name as FaultName, phase, byPhase[phase]] as const));

const met = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await settled();
};

describe.each(Object.entries(kinds))('T15 a model over %s, when the vendor goes wrong', (_, options) => {
  let server: SimulatedOpenAi;
  beforeEach(async () => {
    server = await simulatedOpenAi({ answers: echoing });
  });
  afterEach(() => server.close());

  test.each(cells)('%s at %s', async (name, phase, expected) => {
    const clock = virtualClock();
    let bills = 0;
    const spent = () => void bills++;
    const model = openAiModel({ key: 'sk-test', url: server.url, model: 'gpt-6-luna', clock, patience: live, spent, ...options });
    server.faults.next(name, phase);
    const pieces: Piece[] = [];
    let failed: unknown;
    let over = false;
    const reading = (async () => {
      for await (const piece of model.reply(question(long), new AbortController().signal)) if ('type' in piece) pieces.push(piece);
    })()
      .catch((error) => {
        failed = error;
      })
      .finally(() => {
        over = true;
      });
    // time stands still for whoever needs none: he must end by himself
    if (silent.includes(name)) {
      await met(() => over || (phase === 'stream' ? pieces.length > 0 : server.calls.length > 0));
      while (!over && clock.now() <= live.total + 100) await clock.advance(50);
      expect(clock.now()).toBeLessThanOrEqual(live.total + 100);
    }
    await reading;

    if (expected === 'answers') {
      expect(failed).toBeUndefined();
      expect(textOf(pieces)).not.toBe('');
      if (name !== 'empty') expect(textOf(pieces)).toBe(long);
    } else {
      expect(failed).toBeInstanceOf(VendorProblem);
      const { code, message, fatal, after } = failed as VendorProblem;
      expect({ code, fatal, after }).toEqual({ code: 'brain_failed', fatal: expected.fatal ?? false, after: expected.after });
      expect(message).toMatch(expected.says);
      expect(long.startsWith(textOf(pieces)) || name === 'endless').toBe(true);
    }
    await met(() => server.waiting === 0);
    if (!broken.includes(name)) expect(bills).toBe(phase !== 'stream' && refusals.includes(name) ? 0 : 1);
    // and the next question is answered as if nothing had been
    expect(textOf(await said(model, question('Well done.')))).toBe('Well done.');
  });

  test('a model that does not want to answer has not answered', async () => {
    const unwilling = await simulatedOpenAi({ answers: () => ({ refusal: 'I would rather not say anything about this.' }) });
    const model = openAiModel({ key: 'sk-test', url: unwilling.url, model: 'gpt-6-luna', clock: virtualClock(), ...options });
    await expect(said(model, question('x', { shape }))).rejects.toThrow('did not want to answer');
    await unwilling.close();
  });

  test.each(phases)('T16 stopped while the vendor hangs at %s, it lets go of the line at once', async (phase) => {
    const model = openAiModel({ key: 'sk-test', url: server.url, model: 'gpt-6-luna', clock: virtualClock(), ...options });
    server.faults.next('hang', phase);
    const control = new AbortController();
    const pieces: Piece[] = [];
    const reading = (async () => {
      for await (const piece of model.reply(question(long), control.signal)) if ('type' in piece) pieces.push(piece);
    })();
    await met(() => (phase === 'stream' ? pieces.length > 0 : server.waiting > 0));
    const since = performance.now();
    control.abort();
    await reading;
    await met(() => server.waiting === 0);
    figure('T16', `model upstream gone after stop at ${phase}, ms`, Math.round(performance.now() - since), { most: 500, soft: true });
  });
});

describe('servers of nobody in particular', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => void server?.close(resolve));
  });
  const chunk = (choice: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }] })}\n\n`;
  const serving = async (answer: RequestListener) => {
    const made = createServer(answer);
    server = made;
    await new Promise<void>((resolve) => void made.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}/v1`;
  };

  test('one that keeps the line open after its answer holds nobody up', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ delta: { content: 'Well done.' } }) + chunk({ finish_reason: 'stop' }));
    });
    const clock = virtualClock();
    let over = false;
    const reading = said(openAiModel({ url, model: 'llama', clock, patience: live }), question('x')).finally(() => {
      over = true;
    });
    await met(() => clock.sleepers > 1);
    while (!over && clock.now() < 1_000) await clock.advance(50);
    const pieces = await reading;
    expect(textOf(pieces)).toBe('Well done.');
    expect(pieces.at(-1)).toMatchObject({ type: 'spent', guessed: true });
    expect(clock.now()).toBeLessThan(1_000);
  });

  test('what one thinks aloud in fields of its own is not said', async () => {
    const url = await serving((_, response) => {
      const thoughts = chunk({ delta: { reasoning_content: 'Hmm.', content: null } }) + chunk({ delta: { reasoning: 'Well.' } });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${thoughts}${chunk({ delta: { content: 'Yes.' } })}${chunk({ finish_reason: 'stop' })}data: [DONE]\n\n`);
    });
    expect(textOf(await said(openAiModel({ url, model: 'llama', clock: virtualClock() }), question('x')))).toBe('Yes.');
  });

  test('one that refuses schemas is asked in words, then and from then on', async () => {
    const asked: string[] = [];
    const url = await serving(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      asked.push(body.includes('response_format') ? 'with a schema' : 'in words');
      if (body.includes('response_format'))
        return response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"response_format is not supported"}}');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(
        `${chunk({ delta: { content: '```json\n{"speak": false, "ear": null}\n```' } })}${chunk({ finish_reason: 'stop' })}data: [DONE]\n\n`,
      );
    });
    const abilities = { schema: true };
    const model = openAiModel({ url, model: 'llama', clock: virtualClock(), abilities });
    for (const _ of [1, 2]) expect(textOf(await said(model, question('x', { shape })))).toBe('{"speak": false, "ear": null}');
    expect(asked).toEqual(['with a schema', 'in words', 'in words']);
    expect(abilities).toEqual({ schema: false });
  });

  test('one whose filter holds the answer back has not answered', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${chunk({ delta: { content: 'Well' } })}${chunk({ finish_reason: 'content_filter' })}data: [DONE]\n\n`);
    });
    await expect(said(openAiModel({ url, model: 'llama', clock: virtualClock() }), question('x'))).rejects.toThrow('held its answer back');
  });

  test('one that points elsewhere is not followed with what people said', async () => {
    const asked: string[] = [];
    const url = await serving((request, response) => {
      asked.push(request.url!);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await expect(said(openAiModel({ url, model: 'llama', clock: virtualClock() }), question('x'))).rejects.toThrow('cannot be reached');
    expect(asked).toEqual(['/v1/chat/completions']);
  });

  test('one that writes more than anybody can read is cut off', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = () => {
        while (response.write(`: ${'x'.repeat(65_536)}\n`));
        response.once('drain', more);
      };
      more();
    });
    await expect(said(openAiModel({ url, model: 'llama', clock: virtualClock() }), question('x'))).rejects.toThrow('broke off');
  });
});
