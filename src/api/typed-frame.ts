import type { z } from 'zod';
import { read } from './read.ts';

/** The command in a text frame: an object with a type is one, anything else is a message as it stands. */
export function commandIn<T extends z.ZodType>(schema: T, text: string): z.output<T> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof json === 'object' && json !== null && 'type' in json ? read(schema, json) : undefined;
}

/** The client's own id of a message, whatever else is wrong with it. */
export function idIn(text: string): string | undefined {
  try {
    const { id } = JSON.parse(text) as { id?: unknown };
    return typeof id === 'string' ? id.slice(0, 64) : undefined;
  } catch {
    return undefined;
  }
}
