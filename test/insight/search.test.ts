import { describe, expect, test } from 'vitest';
import { matcher, snippetOf } from '../../src/insight/search.ts';

const found = (query: string, text: string) => matcher(query)(text) !== undefined;

describe('search', () => {
  test.each([
    ['bridge', 'A Bridge of rope', true],
    ['brid', 'A bridge of rope', true],
    ['ridge', 'A bridge of rope', false],
    ['rope bridge', 'A bridge of rope', true],
    ['rope tunnel', 'A bridge of rope', false],
    ['“of rope”', 'A bridge of rope', true],
    ['"rope of"', 'A bridge of rope', false],
    ['cafe', 'Im CAFÉ Zoë', true],
    ['zoe', 'Im CAFÉ Zoë', true],
    ['Zoë', 'zoe was here', true],
    ['你好', '他说你好', true],
    ['istanbul', 'İstanbul', true],
    ['300', 'for 300 euros', true],
    ["don't", 'I don’t', false],
    ['a.b@c.de', 'mail a.b@c.de now', true],
    ['', 'anything', false],
    ['?!', 'anything ?!', false],
    ['.*', 'anything', false],
  ])('%s in “%s”: %s', (query, text, is) => expect(found(query, text)).toBe(is));

  test('whole words and repetition count for more', () => {
    const score = (text: string) => matcher('bridge')(text)!.score;
    expect(score('bridge')).toBeGreaterThan(score('bridges'));
    expect(score('bridge and bridge')).toBeGreaterThan(score('bridge and tunnel'));
  });

  test('the snippet is cut between words around the first place, and its marks are what was asked for', () => {
    const text = `${'before it all '.repeat(30)}the Bridge of rope ${'after it all '.repeat(30)}bridge`;
    const { snippet, marks } = snippetOf(text, matcher('rope bridge')(text)!);
    expect(snippet.length).toBeLessThan(220);
    expect(snippet).toMatch(/^… (?:before|it|all) .* …$/);
    expect(marks.map(([from, to]) => snippet.slice(from, to))).toEqual(['Bridge', 'rope']);
    const short = snippetOf('a bridge', matcher('bridge')('a bridge')!);
    expect(short).toEqual({ snippet: 'a bridge', marks: [[2, 8]] });
    const long = 'x'.repeat(5_000);
    expect(snippetOf(long, matcher('xxx')(long)!).snippet.length).toBeLessThan(210);
  });
});
