import type { Transcriber, Words } from '../../src/core/ports.ts';
import { served } from './served.ts';
import { toneEars } from './tone-words.ts';
import { vapid } from './vapid.ts';
import type { Answers } from './vendors/openai-answers.ts';
import { simulatedOpenAi } from './vendors/openai-simulator.ts';

/** Ears for counted tones that write along while somebody speaks. */
const writesAlong: Transcriber = {
  async *transcribe(sound, hints, stop): AsyncGenerator<Words> {
    for await (const words of toneEars.transcriber.transcribe(sound, hints, stop)) {
      if (!('serving' in words) && words.final) yield { ...words, final: false };
      yield words as Words;
    }
  },
};
const ears = { detector: toneEars.detector, transcriber: { ...writesAlong, close: async () => undefined } };

/** Thinks of one whisper about the last line that it was told. */
const whisper: Answers = ({ messages }) => {
  const lines = [
    ...messages
      .map(({ content }) => content)
      .join()
      .matchAll(/"seq":(\d+)/g),
  ].map(([, seq]) => Number(seq));
  return JSON.stringify({ speak: true, ear: 'Name one real example first.', lines: lines.slice(-1), kind: 'answer', screen: 'Say what came of it.' });
};
const arithmetic: Answers = ({ messages }) =>
  messages.at(-1)!.role === 'tool' ? 'It is forty-two, as always.' : { tool: 'arithmetic', args: { expression: '6 * 7' } };

const patient = { agentsWait: 1, answerFirst: 20_000, answerTotal: 20_000, modelFirst: 20_000, modelTotal: 20_000 };

/** The service with a language model that answers so. */
async function withModel(answers: Answers, settings: Record<string, string> = {}) {
  const vendor = await simulatedOpenAi({ answers });
  const house = await served(
    { OPENAI_API_KEY: 'two', OPENAI_BASE_URL: vendor.url, OPENAI_DIALECT: 'openai', VOICE: 'none', ...settings },
    { budgets: patient },
  );
  return {
    base: house.base,
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]();
      await vendor.close();
    },
  };
}

/** Dialogues with a service that is not as it comes: by a model, with ears for tones, or with keys to push by. */
const special: Record<string, () => Promise<{ readonly base: string } & AsyncDisposable>> = {
  'rooms/agents': () => withModel(() => 'What if it were a swing?', { BRAIN: 'openai' }),
  'talk/typed': () => withModel(arithmetic),
  'coach/thought': () => withModel(whisper),
  'coach/heard': () => served({ VOICE: 'none' }, ears),
  'coach/numbered': () => served({ VOICE: 'none' }, ears),
  'rooms/microphone': () => served({}, ears),
  'share/more': () => served(vapid()),
};

/** The service that a dialogue is held with. */
export const houseOf = (path: string) => (special[path] ?? served)();
