import type { compose } from '../../src/compose.ts';
import { loudDetector } from './listening.ts';
import { numberedClient } from './numbered-client.ts';
import { served } from './served.ts';
import { counting, wordsIn } from './tone-words.ts';
import { simulatedElevenLabs } from './vendors/elevenlabs-service.ts';
import type { Answers } from './vendors/openai-answers.ts';
import { simulatedOpenAi } from './vendors/openai-simulator.ts';
import { webmOf } from './webm-writer.ts';

/** Every place into which people put words, and a number, a mail address and a card that stand nowhere else. */
export const told = ['user', 'goal', 'context', 'participants', 'tone', 'typed', 'spoken', 'ahead', 'name', 'room', 'desk', 'talk'] as const;
type Place = (typeof told)[number];

const withCheckDigit = (digits: string): string => {
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
};
const numberOf = (place: Place) => `${770_013 + 1_001 * told.indexOf(place)}`;
const mailOf = (place: Place) => `zebra.${place}@mail.example`;
const cardOf = (place: Place) => withCheckDigit(`45397${numberOf(place)}2468`).replace(/(\d{4})(?=\d)/g, '$1 ');
const secretsOf = (place: Place) => `${numberOf(place)}, ${mailOf(place)} or ${cardOf(place)}`;

/** A mail address that stands where a long text is cut off. */
const atTheCut = `${'We spoke of it before. '.repeat(30).slice(0, 587)} zebra.edge@mail.example is mine.`;

/** What of these secrets stands in a text, by place and kind; of what was cut off its beginning counts. */
function found(text: string): string[] {
  const digits = text.replace(/[\s-]/g, '');
  const places = told.flatMap((place) => [
    ...(text.includes(numberOf(place)) ? [`${place}: number`] : []),
    ...(text.includes(`zebra.${place}`) ? [`${place}: mail`] : []),
    ...(digits.includes(cardOf(place).replaceAll(' ', '').slice(0, 12)) ? [`${place}: card`] : []),
  ]);
  return [...places, ...(text.includes('zebra.edge') ? ['edge: mail'] : [])];
}

/** All that can be found where nothing is blanked out. */
export const everything = [...told.flatMap((place) => ['number', 'mail', 'card'].map((kind) => `${place}: ${kind}`)), 'edge: mail'];

/** A model that looks things up, advises on nothing and writes feedback that is of no use, so that it is asked once more. */
const curious: Answers = ({ messages, schema, tools }) => {
  if (schema !== undefined)
    return JSON.stringify(schema).includes('"ear"') ? '{"speak":false,"ear":"","lines":[],"kind":"answer","screen":null}' : '{}';
  const last = messages.at(-1)!;
  if (last.role === 'user' && tools.some(({ name }) => name === 'recall')) return { tool: 'recall', args: { words: 'remember' } };
  return 'I hear you.';
};

const spokenWords = ['My', 'number', 'is', `${numberOf('spoken')},`, 'or', mailOf('spoken'), 'and', 'card', ...cardOf('spoken').split(' ')];

/** Speaks and types secrets into every conversation that a model takes part in; which of them reached the model. */
export async function untold(REDACT: string, composes?: typeof compose) {
  const elevenLabs = await simulatedElevenLabs({
    hears: (samples) => wordsIn(samples, 0).map(({ text, from, to }) => ({ text: spokenWords[Number(text.slice(1))] ?? 'and', from, to })),
  });
  const openAi = await simulatedOpenAi({ answers: curious });
  const service = await served(
    {
      ...{ EARS: 'elevenlabs', ELEVENLABS_API_KEY: 'one', ELEVENLABS_URL: elevenLabs.url, VOICE: 'none', REDACT },
      ...{ BRAIN: 'openai', OPENAI_API_KEY: 'two', OPENAI_BASE_URL: openAi.url, OPENAI_DIALECT: 'openai' },
    },
    { detector: loudDetector, budgets: { agentsWait: 10, talkGrace: 10 } },
    composes,
  );
  const bodies = () => openAi.calls.map(({ got }) => JSON.stringify(got));
  const json = async (answer: Response) => (await answer.json()) as { session_id: string; room_id: string; id: string };
  /** Waits until some request has all of these words. */
  async function until(does: () => unknown, ...words: string[]): Promise<void> {
    for (const end = performance.now() + 60_000; !bodies().some((body) => words.every((word) => body.includes(word))); ) {
      if (performance.now() > end) throw new Error(`the model was never asked about ${words.join(' and ')}`);
      does();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const nothing = () => undefined;
  try {
    const briefing = {
      user_name: `Alex ${mailOf('user')} ${numberOf('user')} ${cardOf('user')}`,
      goal: `a goal ${secretsOf('goal')}`,
      context: `a context ${secretsOf('context')}`,
      participants: `others ${secretsOf('participants')}`,
      tone: `kind ${mailOf('tone')} ${numberOf('tone')} ${cardOf('tone')}`,
    };
    const { id } = await service.session(briefing);
    const client = await numberedClient(`${service.base.replace('http', 'ws')}/ws/${id}`);
    client.send({ type: 'said', text: 'Hi, I am Alex, and I am glad that we can talk about the work today.', speaker: 'user' });
    client.send({ type: 'said', text: `Shall I write to ${secretsOf('typed')}?`, speaker: 'other' });
    client.send({ type: 'said', text: atTheCut, speaker: 'user' });
    client.send({ type: 'hint' });
    await until(nothing, 'Shall I write to', 'We spoke of it before', 'Help me now');
    const words = webmOf(counting(0, [spokenWords.length]), { chunkMs: 100, bitrate: 32_000 });
    for (const [index, piece] of words.entries()) client.piece(index + 1, index * 100, piece);
    client.send({ type: 'stop' });
    await client.next('stopped');
    client.send({ type: 'hint' });
    await until(nothing, 'Hi, I am Alex', 'and card');

    // what is still being said is thought about before it has ended
    const early = await service.session();
    const listener = await service.connect(early.id);
    const talk = (await service.house.hub.find(early.id))!;
    const text = `Can I reach you there at ${secretsOf('ahead')}, or what salary do you expect?`;
    await until(
      () => talk.signal({ type: 'partial', text, from: 0, speaker: { who: 'other', probability: 0.9 } }),
      'is just being said',
      'Can I reach',
    );
    listener.close();

    await service.post(`/session/${id}/finish`);
    await until(nothing, 'could not be used', 'Shall I write to');

    const { room_id } = await json(await service.post('/room/create', { participant_id: 'ann' }));
    const name = `Ann ${numberOf('name')} ${mailOf('name')} ${cardOf('name')}`;
    const ann = service.dial(`/ws/${room_id}?${new URLSearchParams({ participant_id: 'ann', name })}`);
    await ann.next('room_state');
    ann.send({ type: 'message', content: `How about a bridge for ${secretsOf('room')}?` });
    await until(nothing, 'How about a bridge');

    const desk = await json(await service.post('/api/sessions', {}));
    const sitting = service.dial(`/ws/${desk.id}`);
    await sitting.opened;
    sitting.send({ content: `Please remember ${secretsOf('desk')}.` });
    await until(nothing, 'Please remember', 'places');
    sitting.send({ content: 'What did I ask?' });
    await until(nothing, 'What did I ask?', 'places');

    const call = service.dial(`/ws/session/${crypto.randomUUID()}`, {}, ['aside.json']);
    await call.opened;
    call.send({ type: 'message', content: `Keep in mind ${secretsOf('talk')}.` });
    await until(nothing, 'Keep in mind');
    call.close();
    await until(nothing, 'You sum up a finished conversation');

    return found(bodies().join('\n'));
  } finally {
    await service[Symbol.asyncDispose]();
    await elevenLabs.close();
    await openAi.close();
  }
}
