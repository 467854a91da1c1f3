import { Problem } from '../core/problem.ts';
import { type ClientMessage, clientMessage } from '../wire/coach.ts';
import { read } from './read.ts';

/** Reads one text frame as a command, or says in one sentence why it cannot. */
export function commandOf(text: string, longest: number): ClientMessage {
  if (text.length > longest) throw new Problem('too_big', `A message may have ${longest} characters; this one has ${text.length}.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Problem('unreadable', 'That text frame is not JSON, so nothing was done. Send sound as binary frames and commands as JSON objects.', {
      cause,
    });
  }
  return read(clientMessage, json);
}

/** The command in a text frame, if it is one. */
export function commandIn(text: string, longest: number): ClientMessage | undefined {
  try {
    return commandOf(text, longest);
  } catch {
    return undefined;
  }
}
