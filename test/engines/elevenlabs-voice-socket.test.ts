import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sound, Voice } from '../../src/core/ports.ts';
import { elevenLabsVoice } from '../../src/engines/elevenlabs/voice.ts';
import type { ElevenLabsVoiceOptions } from '../../src/engines/elevenlabs/voice-options.ts';
import { heard } from '../contracts/voice.ts';
import { type SimulatedElevenLabs, simulatedElevenLabs } from '../support/vendors/elevenlabs-service.ts';
import { settled, type VirtualClock, virtualClock } from '../support/virtual-clock.ts';

const text = 'Ask her what she would change first.';
const met = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await settled();
};

/** Reads the first piece of a text and leaves the rest waiting. */
async function begun(voice: Voice, what: string, stop: AbortSignal) {
  const pieces = voice.speak(what, stop)[Symbol.asyncIterator]() as AsyncIterator<Sound>;
  return { first: await pieces.next(), rest: () => pieces.next() };
}

describe('the voice of ElevenLabs over its socket', { timeout: 30_000 }, () => {
  let clock: VirtualClock;
  let vendorClock: VirtualClock;
  let vendor: SimulatedElevenLabs;
  let voice: ReturnType<typeof elevenLabsVoice>;
  const made = (more: Partial<ElevenLabsVoiceOptions> = {}) =>
    elevenLabsVoice({ key: 'the right key', url: vendor.url, voice: 'Rachel', model: 'eleven_flash_v2_5', clock, ...more });
  const sentOn = (socket: number) => vendor.calls[socket]!.got as Record<string, unknown>[];

  beforeEach(async () => {
    clock = virtualClock();
    vendorClock = virtualClock();
    vendor = await simulatedElevenLabs({ key: 'the right key', clock: vendorClock, voices: ['Rachel'] });
    voice = made();
  });
  afterEach(async () => {
    const closing = voice.close();
    while (vendor.openSockets > 0) {
      await settled();
      await clock.advance(100);
    }
    await closing;
    await vendor.close();
  });

  it('is warm before anybody waits, and says one text after the other on one socket, each in a context that it closes', async () => {
    await voice.warm();
    await voice.warm();
    await heard(voice, text);
    await heard(voice, 'Then wait.');
    expect(vendor.calls).toHaveLength(1);
    expect(Object.fromEntries(vendor.calls[0]!.query)).toEqual({
      model_id: 'eleven_flash_v2_5',
      output_format: 'pcm_16000',
      auto_mode: 'true',
      inactivity_timeout: '60',
    });
    expect(sentOn(0)).toEqual([
      { text: ' ', context_id: 'c1' },
      { text: `${text} `, context_id: 'c1', flush: true },
      { context_id: 'c1', close_context: true },
      { text: ' ', context_id: 'c2' },
      { text: 'Then wait. ', context_id: 'c2', flush: true },
      { context_id: 'c2', close_context: true },
    ]);
  });

  it('sounds as it was told to, from the first message on, in the rate and the language that were asked for', async () => {
    const slow = made({ settings: { stability: 0.4, speed: 0.8 }, rate: 24_000, language: 'de' });
    await heard(slow, text);
    expect(sentOn(0)[0]).toEqual({ text: ' ', context_id: 'c1', voice_settings: { stability: 0.4, speed: 0.8 } });
    expect(vendor.calls[0]!.query.get('output_format')).toBe('pcm_24000');
    expect(vendor.calls[0]!.query.get('language_code')).toBe('de');
    await slow.close();
  });

  it('speaks five texts at once on a socket, and the sixth on another', async () => {
    await voice.warm();
    expect((await Promise.all(Array.from({ length: 6 }, () => heard(voice, text)))).map(({ length }) => length)).toEqual(
      [7, 7, 7, 7, 7, 7].map(() => expect.any(Number)),
    );
    expect(vendor.calls.map(({ got }) => got.length)).toEqual([15, 3]);
    expect(vendor.calls.every(({ closed }) => closed === undefined)).toBe(true);
  });

  it('keeps a slot taken until the vendor has told its end', async () => {
    vendor = await restaged({ delays: { closing: 100 } });
    const control = new AbortController();
    const texts = await Promise.all(Array.from({ length: 5 }, () => begun(voice, text, control.signal)));
    expect(texts.every(({ first }) => !first.done)).toBe(true);
    const sixth = heard(voice, text);
    await met(() => vendor.calls.length === 2 && vendor.calls[1]!.sent.length > 0);
    await vendorClock.advance(100);
    expect((await sixth).length).toBeGreaterThan(0);
    expect(vendor.calls[0]!.closed).toBeUndefined();
    control.abort();
  });

  it('stopped while it speaks, the line stays warm, and nothing of the old text comes with the new one', async () => {
    const control = new AbortController();
    const { rest } = await begun(voice, text, control.signal);
    control.abort();
    expect(await rest()).toMatchObject({ done: true });
    const after = await heard(voice, 'Then wait.');
    expect(vendor.calls[0]!.closed).toBeUndefined();
    expect(after).toEqual(await heard(voice, 'Then wait.'));
  });

  it('does not wait on a line that has not let go: the next text takes another, and the old one is cut', async () => {
    vendor = await restaged({ delays: { closing: 10_000 } });
    const control = new AbortController();
    const { rest } = await begun(voice, text, control.signal);
    control.abort();
    await rest();
    const next = begun(voice, 'Then wait.', new AbortController().signal);
    await met(() => vendor.calls.length === 2);
    expect((await next).first.done).toBe(false);
    await clock.advance(400);
    await met(() => vendor.openSockets === 1);
    expect(vendor.calls[0]!.closed).toMatchObject({ code: 1006, by: 'client' });
  });

  it('leaves before the vendor hangs up on it, says goodbye, and comes back when there is something to say', async () => {
    await heard(voice, text);
    await clock.advance(44_999);
    expect(vendor.openSockets).toBe(1);
    await clock.advance(1);
    await met(() => vendor.openSockets === 0);
    expect(sentOn(0).at(-1)).toEqual({ close_socket: true });
    expect(vendor.calls[0]!.closed).toMatchObject({ code: 1000, by: 'vendor' });
    expect((await heard(voice, text)).length).toBeGreaterThan(0);
    expect(vendor.calls).toHaveLength(2);
  });

  it.each(['cut', 'refused', 'empty'] as const)(
    'asks once over HTTP for what a line does not speak that is %s before its first sound',
    async (fault) => {
      vendor.faults.next(fault, 'first');
      await voice.warm();
      expect((await heard(voice, text)).length).toBeGreaterThan(0);
      await heard(voice, text);
      expect(vendor.calls.map(({ method, status }) => [method, status])).toEqual([
        ['GET', 101],
        ['POST', 200],
        ['GET', 101],
      ]);
    },
  );

  it('gets through over HTTP where sockets do not', async () => {
    vendor.faults.next('refused', 'connect');
    await expect(voice.warm()).rejects.toMatchObject({ message: expect.stringContaining('cannot be reached') });
    vendor.faults.next('malformed', 'connect');
    expect((await heard(voice, text)).length).toBeGreaterThan(0);
  });

  it('speaks also where a context that is closed says no more', async () => {
    vendor = await restaged({ delays: { spoken: 100 }, quirks: { closeDropsAudio: true } });
    const speaking = heard(voice, text);
    await met(() => vendor.calls[0]?.got.length === 3);
    await vendorClock.advance(100);
    await met(() => vendor.calls.length === 2 && vendorClock.sleepers === 2);
    await vendorClock.advance(100);
    expect((await speaking).length).toBeGreaterThan(0);
    expect(vendor.calls.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  it('does not begin anew once it was heard', async () => {
    vendor.faults.next('cut', 'stream');
    await expect(heard(voice, text)).rejects.toMatchObject({ fatal: false, message: expect.stringContaining('broke') });
    expect(vendor.calls).toHaveLength(1);
  });

  it('is not believed where it ends like any other, but has said of itself that it spoke only half of the text', async () => {
    vendor.faults.next('empty', 'stream');
    await expect(heard(voice, text)).rejects.toThrow('ElevenLabs broke off in the middle of a suggestion.');
  });

  it('pays for a text when it has gone out, not when it was stopped before', async () => {
    const spent: number[] = [];
    const control = new AbortController();
    const paid = voice.paidBy(({ characters }) => spent.push(characters));
    const stopped = heard(paid, text, control.signal);
    control.abort();
    expect(await stopped).toEqual([]);
    expect(spent).toEqual([]);
    await heard(paid, text);
    expect(spent).toEqual([text.length + 1]);
    expect(vendor.billed.characters).toBe(text.length + 1);
  });

  it.each([
    ['a wrong key', { key: 'another key' }, 'does not accept the key'],
    ['a voice that nobody knows', { voice: 'Nobody' }, 'does not know this voice'],
    ['a model that nobody knows', { model: 'eleven_flash_v9' }, 'does not know this model'],
  ])('%s is for its owner to mend', async (_, more, says) => {
    for (const wrong of [made(more), made({ ...more, url: `${vendor.url}/` })]) {
      await expect(heard(wrong, text)).rejects.toMatchObject({ code: 'voice_failed', fatal: true, message: expect.stringContaining(says) });
      await wrong.close();
    }
  });

  it('whoever cannot be reached is no reason for its owner to mend anything', async () => {
    const nowhere = made({ url: 'http://127.0.0.1:9' });
    await expect(heard(nowhere, text)).rejects.toMatchObject({ fatal: false, message: expect.stringContaining('cannot be reached') });
    await expect(nowhere.warm()).rejects.toMatchObject({ fatal: false });
    await nowhere.close();
  });

  it('closed, it speaks no more, and says why', async () => {
    await voice.warm();
    await voice.close();
    await expect(heard(voice, text)).rejects.toMatchObject({ code: 'restarting' });
  });

  it('with a model that has no socket it speaks over HTTP; with one that nobody can speak to yet it says so at once', async () => {
    expect((await heard(made({ model: 'eleven_v3' }), text)).length).toBeGreaterThan(0);
    expect(vendor.calls[0]).toMatchObject({ method: 'POST', status: 200 });
    expect(() => made({ model: 'eleven_v4_turbo' })).toThrow('eleven_flash_v2_5');
  });

  async function restaged(options: Parameters<typeof simulatedElevenLabs>[0]): Promise<SimulatedElevenLabs> {
    await vendor.close();
    const next = await simulatedElevenLabs({ clock: vendorClock, ...options });
    voice = elevenLabsVoice({ key: 'the right key', url: next.url, voice: 'Rachel', model: 'eleven_flash_v2_5', clock });
    return next;
  }
});
