import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { compose } from '../../src/compose.ts';
import { type Door, everyDoor, intoEveryField, LIMITLESS } from '../support/every-field.ts';
import { type Fault, planted } from '../support/planted.ts';
import { served } from '../support/served.ts';
import { figure } from '../support/tier.ts';
import { trap, waysTo } from '../support/trap.ts';

describe('T23 addresses at every door', { timeout: 480_000 }, () => {
  let lure: Awaited<ReturnType<typeof trap>>;
  beforeAll(async () => {
    lure = await trap();
  });
  afterAll(() => lure.server.close());

  test('60 ways to write an address into every field of words at every door: nobody goes there, and nothing fails over one', async () => {
    const forms = waysTo(lure.port);
    let handed: Awaited<ReturnType<typeof intoEveryField>>;
    {
      await using house = await served({ BUDGETS: LIMITLESS, VOICE: 'none' });
      handed = await intoEveryField(house.base, forms);
    }
    expect(handed.wrong.slice(0, 6)).toEqual([]);
    figure('T23', 'forms of addresses, in every field', forms.length, { least: 60 });
    figure('T23', 'addresses handed in at every door, field by field', handed.fields, { least: 60 * 60 });
    figure('T23', 'of them taken as words', handed.taken);
    figure('T23', 'visits to the trap from fields', lure.visits(), { most: 0 });
  });

  const follow = (words: string) => `void fetch(String(${words})).catch(() => undefined); `;
  const said = "return { draft: { by, type: 'said', text: command.content,";
  const followed: Record<Door, Fault> = {
    coach: {
      file: 'src/api/coach-routes.ts',
      was: 'const name = request.body.user_name;',
      is: `const name = request.body.user_name; ${follow('name')}`,
    },
    rooms: {
      file: 'src/api/rooms.ts',
      was: "return { draft: { by, type: 'said', text,",
      is: `${follow('text')}return { draft: { by, type: 'said', text,`,
    },
    desk: { file: 'src/api/desk-routes.ts', was: "title = '' } = request.body;", is: `title = '' } = request.body; ${follow('title')}` },
    talk: { file: 'src/api/talk.ts', was: said, is: `${follow('command.content')}${said}` },
    share: { file: 'src/api/share-routes.ts', was: 'stillOpen(talk);', is: `stillOpen(talk); ${follow('request.body.username')}` },
  };

  test('planted: a door that goes where a name, a title or a message leads is caught, each of the five by itself', async () => {
    const copy = (await import(new URL('src/compose.ts', planted(...Object.values(followed))).href)) as { compose: typeof compose };
    await using house = await served({ BUDGETS: LIMITLESS, VOICE: 'none' }, {}, copy.compose);
    for (const door of everyDoor) {
      const lured = await trap();
      await intoEveryField(house.base, waysTo(lured.port).slice(0, 1), [door]);
      await expect.poll(() => lured.visits(), { timeout: 20_000, message: door }).toBeGreaterThan(0);
      lured.server.close();
    }
  });
});
