import { expect, test } from 'vitest';
import type { Prompt } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';
import { scriptedModel } from '../../src/engines/scripted/model.ts';
import { settled, virtualClock } from '../support/virtual-clock.ts';

const prompt: Prompt = { instructions: 'Be brief.', messages: [{ role: 'user', text: 'Hello' }], most: 50 };

/** Reads an answer and notes at which ms each piece came. */
function reading(model: ReturnType<typeof scriptedModel>, clock: ReturnType<typeof virtualClock>, stop = new AbortController()) {
  const came: [number, string][] = [];
  const done = (async () => {
    for await (const piece of model.reply(prompt, stop.signal))
      came.push([clock.now(), 'text' in piece ? piece.text : 'type' in piece ? piece.type : piece.serving]);
  })();
  done.catch(() => undefined);
  return { came, done, stop };
}

test('an answer comes token by token, after the delay of its first', async () => {
  const clock = virtualClock();
  const model = scriptedModel({ clock, answers: () => 'Hello you', firstToken: 450, tokensPerSecond: 50 });
  const { came, done } = reading(model, clock);
  await clock.advance(2000);
  await done;
  expect(came).toEqual([
    [450, 'Hell'],
    [470, 'o yo'],
    [490, 'u'],
    [490, 'spent'],
  ]);
  expect(model.open).toBe(0);
});

test('it can fail, be cut off in the middle and recover', async () => {
  const clock = virtualClock();
  const model = scriptedModel({ clock, answers: () => 'Hello you' });
  model.fail(new Problem('busy', 'Too many ask.'));
  await expect(reading(model, clock).done).rejects.toThrow('Too many ask.');
  model.fault({ type: 'cut', after: 1 });
  const cut = reading(model, clock);
  await expect(cut.done).rejects.toThrow('cut off');
  expect(cut.came.map(([, text]) => text)).toEqual(['Hell']);
  model.recover();
  await reading(model, clock).done;
  expect(model.asked).toHaveLength(3);
});

test('it can hang until it is stopped, and being stopped is no failure', async () => {
  const clock = virtualClock();
  const model = scriptedModel({ clock, answers: () => 'Hello you' });
  model.fault({ type: 'hangs', after: 1 });
  const { came, done, stop } = reading(model, clock);
  await clock.advance(60_000);
  expect(came).toHaveLength(1);
  expect(model.open).toBe(1);
  stop.abort();
  await done;
  await settled();
  expect([model.open, model.stopped]).toEqual([0, 1]);
});
