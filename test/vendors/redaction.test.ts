import { describe, expect, test } from 'vitest';
import type { compose } from '../../src/compose.ts';
import { planted } from '../support/planted.ts';
import { everything, untold } from '../support/untold.ts';

const kinds = 'numbers,mails,cards';

describe('with REDACT, over live coach, thinking ahead, feedback, rooms, desk and talks', { timeout: 300_000 }, () => {
  test('no number, mail address or card that was typed or spoken reaches the model', async () => {
    expect(await untold(kinds)).toEqual([]);
  });

  test('without it all of them do: every place is really asked about', async () => {
    const model = await untold('off');
    expect(model.toSorted()).toEqual(everything.toSorted());
  });

  test('planted: what is blanked out too late, or not at all in feedback, rooms and for assistants, is caught', async () => {
    const copy = planted(
      { file: 'src/agents/prompt.ts', was: 'cutOff(redact(text), letters)', is: 'redact(cutOff(text, letters))' },
      { file: 'src/agents/review-prompt.ts', was: '({ ...line, text: redact(line.text, what) })', is: '({ ...line })' },
      { file: 'src/agents/team.ts', was: 'redact: (text) => redact(text, what)', is: 'redact: (text) => text' },
      { file: 'src/agents/answering.ts', was: 'redacted(model!, redact).reply', is: 'model!.reply' },
    );
    const mutant = (await import(new URL('src/compose.ts', copy).href)) as { compose: typeof compose };
    const model = await untold(kinds, mutant.compose);
    const leaks = ['edge: mail', 'typed: card', 'name: mail', 'room: number', 'desk: mail', 'talk: card'];
    expect(model).toEqual(expect.arrayContaining(leaks));
    expect(model.filter((what) => what.startsWith('ahead'))).toEqual([]);
  });
});
