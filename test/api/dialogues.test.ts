import { expect, test } from 'vitest';
import { served } from '../support/served.ts';
import { simulatedOpenAi } from '../support/vendors/openai-simulator.ts';
import { dialogue, playDialogue } from '../support/wire-dialogue.ts';

test.each(['rooms/two-people', 'rooms/turned-away', 'desk/messages', 'desk/listed', 'desk/refused', 'talk/plain', 'share/by-link', 'coach/friend'])(
  'WIRE.md as it is spoken: %s',
  async (path) => {
    await using house = await served();
    await playDialogue(house.base, dialogue(path));
  },
);

test('WIRE.md as it is spoken: rooms/agents', async () => {
  const vendor = await simulatedOpenAi({ answers: () => 'What if it were a swing?' });
  {
    const brain = { OPENAI_API_KEY: 'two', OPENAI_BASE_URL: vendor.url, OPENAI_DIALECT: 'openai', BRAIN: 'openai', VOICE: 'none' };
    await using house = await served(brain, { budgets: { agentsWait: 1, answerFirst: 20_000, answerTotal: 20_000 } });
    await playDialogue(house.base, dialogue('rooms/agents'));
  }
  await vendor.close();
});

test('WIRE.md as it is spoken: talk/typed', async () => {
  const vendor = await simulatedOpenAi({
    answers: ({ messages }) =>
      messages.at(-1)!.role === 'tool' ? 'It is forty-two, as always.' : { tool: 'arithmetic', args: { expression: '6 * 7' } },
  });
  {
    await using house = await served({ OPENAI_API_KEY: 'two', OPENAI_BASE_URL: vendor.url, OPENAI_DIALECT: 'openai', VOICE: 'none' });
    await playDialogue(house.base, dialogue('talk/typed'));
  }
  await vendor.close();
});

test('a dialogue that is not as it says is told by its line', async () => {
  await using house = await served();
  const lines = dialogue('rooms/two-people').map((line) => line.replace('"A bridge of rope?"', '"A bridge of steel?"'));
  lines[lines.findIndex((line) => line.startsWith('ben <') && line.includes('steel'))] = 'ben < {"type":"message"}';
  await expect(playDialogue(house.base, lines)).rejects.toThrow('The dialogue says\n  ben < {"type":"message"}\nbut it was');
});
