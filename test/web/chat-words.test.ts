import { describe, expect, test } from 'vitest';
import { completionAt, withOffer } from '../../src/web/chat/completion.ts';
import { idInLink } from '../../src/web/chat/link-id.ts';
import { labelOf, type Visit, withVisit } from '../../src/web/chat/visited.ts';
import { marked } from '../../src/web/desk/search-box.ts';
import { plainly } from '../../src/web/talk/tool-item.ts';

const offers = (...words: string[]) => words.map((insert) => ({ insert, about: '' }));
const words = { names: offers('@spark', '@thorn', '@Ben'), orders: offers('/mute', '/unmute', '/stop') };
const offered = (text: string, caret = text.length) => completionAt(text, caret, words)?.offers.map(({ insert }) => insert);

describe('what may be meant', () => {
  test('names anywhere by their beginning, whatever the letters; orders only first', () => {
    expect(offered('@')).toEqual(['@spark', '@thorn', '@Ben']);
    expect(offered('what if, @TH')).toEqual(['@thorn']);
    expect(offered('  /')).toEqual(['/mute', '/unmute', '/stop']);
    expect(offered('/mute @s')).toEqual(['@spark']);
    expect(offered('either /')).toBeUndefined();
  });

  test('nothing where nobody is meant: an address of mail, a whole name, a finished word', () => {
    expect(offered('ann@sp')).toBeUndefined();
    expect(offered('@spark')).toBeUndefined();
    expect(offered('@spark ')).toBeUndefined();
    expect(offered('@zz')).toBeUndefined();
  });

  test('an offer is taken where the caret is, and what follows stays', () => {
    const text = 'ask @th whether';
    const caret = 'ask @th'.length;
    const { from } = completionAt(text, caret, words)!;
    expect(withOffer(text, caret, from, words.names[1]!)).toEqual({ text: 'ask @thorn whether', caret: 'ask @thorn '.length });
  });
});

describe('links and lists', () => {
  test('an id is found in all that somebody may be sent', () => {
    const id = '2345-abcde-fghj';
    for (const sent of [
      id,
      ` ${id} `,
      `http://x/rooms#${id}`,
      `ws://x/ws/${id}`,
      `https://x/conversation/${id}`,
      `https://x/conversation/${id}#token=abcdefgh`,
    ])
      expect(idInLink(sent)).toBe(id);
    expect(idInLink('what?')).toBeUndefined();
  });

  test('a visit comes first, keeps its label and its right, and only fifty are kept', () => {
    const once: Visit[] = [{ id: 'a', label: 'A', at: 1, token: 't' }];
    expect(withVisit(once, { id: 'a', label: '', at: 5 })).toEqual([{ id: 'a', label: 'A', at: 5, token: 't' }]);
    const many = Array.from({ length: 60 }, (_, at) => ({ id: `v${at}`, label: '', at })).reduce(withVisit, [] as readonly Visit[]);
    expect([many.length, many[0]!.id, many.at(-1)!.id]).toEqual([50, 'v59', 'v10']);
  });

  test('a label is a line, cut at a word', () => {
    expect(labelOf(' one\n two ')).toBe('one two');
    expect(labelOf(`${'word '.repeat(20)}end`)).toBe(`${'word '.repeat(11)}word …`);
  });

  test('what was found is marked once, however the marks lie', () => {
    const text = 'a bridge of rope';
    expect(
      marked(text, [
        [12, 16],
        [2, 8],
        [4, 8],
      ]),
    ).toEqual([
      { text: 'a ', hit: false },
      { text: 'bridge', hit: true },
      { text: ' of ', hit: false },
      { text: 'rope', hit: true },
    ]);
    expect(marked(text, [])).toEqual([{ text, hit: false }]);
  });

  test('what a tool takes and gives is read line by line', () => {
    expect(plainly({ time_zone: 'Asia/Tokyo', at: { h: 4 } })).toBe('time zone: Asia/Tokyo\nat: {"h":4}');
    expect([plainly('x'), plainly(null), plainly(5)]).toEqual(['x', '', '5']);
  });
});
