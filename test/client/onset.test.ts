import { describe, expect, test } from 'vitest';
import { onset } from '../../src/client/onset.ts';

/** Levels in dB, one each 20 ms; answers at which ms speech was said to begin. */
function onsets(listener: ReturnType<typeof onset>, from: number, levels: number[]): number[] {
  return levels.flatMap((level, index) => (listener.hear(level, from + index * 20) ? [from + index * 20] : []));
}
const lasting = (ms: number, level: number): number[] => Array.from({ length: ms / 20 }, () => level);

describe('the wearer begins to speak', () => {
  test('it is known 60 ms after the voice rises from the room', () => {
    expect(onsets(onset(), 0, [...lasting(2_000, -62), ...lasting(1_000, -25)])).toEqual([2_060]);
  });

  test('a knock is too short, and a fan that starts is no second onset', () => {
    expect(onsets(onset(), 0, [...lasting(1_000, -62), ...lasting(40, -20), ...lasting(1_000, -62)])).toEqual([]);
    expect(onsets(onset(), 0, [...lasting(1_000, -62), ...lasting(20_000, -40)])).toHaveLength(1);
  });

  test('a pause between words is no new beginning; one between sentences is', () => {
    const words = [...lasting(500, -62), ...lasting(400, -25), ...lasting(200, -62), ...lasting(400, -25)];
    const sentences = [...lasting(500, -62), ...lasting(400, -25), ...lasting(600, -62), ...lasting(400, -25)];
    expect(onsets(onset(), 0, words)).toHaveLength(1);
    expect(onsets(onset(), 0, sentences)).toHaveLength(2);
  });

  test('in a loud room only what rises clearly counts', () => {
    expect(onsets(onset(), 0, [...lasting(30_000, -38), ...lasting(500, -32)])).toEqual([]);
  });

  test('once it knows how loud its wearer is, the softer partner across the table no longer counts', () => {
    const listener = onset();
    expect(onsets(listener, 0, [...lasting(1_000, -65), ...lasting(1_500, -22), ...lasting(500, -65)])).toHaveLength(1);
    listener.learn();
    expect(onsets(listener, 3_000, [...lasting(1_000, -38), ...lasting(500, -65)])).toEqual([]);
    expect(onsets(listener, 4_500, lasting(500, -24))).toHaveLength(1);
  });
});
