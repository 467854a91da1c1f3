import { describe, expect, test } from 'vitest';
import { houseOf } from '../support/dialogue-houses.ts';
import { served } from '../support/served.ts';
import { dialogue, dialogues, playDialogue } from '../support/wire-dialogue.ts';
import { heldIn, isRequest, socketMessages } from '../support/wire-messages.ts';

test.each(dialogues)('WIRE.md as it is spoken: %s', async (path) => {
  await using house = await houseOf(path);
  await playDialogue(house.base, dialogue(path));
});

test('a dialogue that is not as it says is told by its line', async () => {
  await using house = await served();
  const lines = dialogue('rooms/two-people').map((line) => line.replace('"A bridge of rope?"', '"A bridge of steel?"'));
  lines[lines.findIndex((line) => line.startsWith('ben <') && line.includes('steel'))] = 'ben < {"type":"message"}';
  await expect(playDialogue(house.base, lines)).rejects.toThrow('The dialogue says\n  ben < {"type":"message"}\nbut it was');
});

describe('no message is left out of the dialogues', () => {
  const held = dialogues.map((path) => heldIn(path));
  const missing = (lines: readonly { messages: string[] }[]) => {
    const known = new Set(lines.flatMap(({ messages }) => messages));
    return socketMessages.filter((message) => !known.has(message));
  };

  test('each kind that the schemas of the sockets know stands in one', () => {
    expect(missing(held)).toEqual([]);
    expect(socketMessages.length).toBeGreaterThan(90);
  });

  test('what stands in none is named', () => {
    const without = dialogues.map((path) =>
      heldIn(
        path,
        dialogue(path).filter((line) => !line.includes('"/unmute') && !line.includes('user_voice')),
      ),
    );
    expect(missing(without)).toEqual(['rooms > /unmute', 'share < user_voice']);
  });

  test('each request that the documentation of the service knows is asked in one and answered well', async () => {
    await using house = await served();
    type Tagged = Record<string, Record<string, { tags?: readonly string[] }>>;
    const { paths } = (await (await fetch(`${house.base}/openapi.json`)).json()) as { paths: Tagged };
    const pages = ['/openapi.json', '/docs', '/redoc', '/conversations', '/conversation/{room_id}'].map((path) => `GET ${path}`);
    const described = Object.entries(paths).flatMap(([path, ways]) => Object.keys(ways).map((way) => `${way.toUpperCase()} ${path}`));
    const kinds = [...described, ...pages];
    const asked = held.flatMap(({ requests }) => requests);
    expect(kinds.filter((kind) => !asked.some((one) => isRequest(kind, one)))).toEqual([]);
    expect(kinds.length).toBeGreaterThan(40);
  });
});
