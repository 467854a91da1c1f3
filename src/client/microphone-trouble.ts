import { Trouble } from './trouble.ts';

const sentences = {
  microphone_insecure: 'The browser gives a microphone only to pages that come over https or from localhost.',
  microphone_unsupported: 'This browser cannot record sound.',
  microphone_denied: 'The browser was not allowed to use the microphone.',
  microphone_missing: 'No microphone was found.',
  microphone_busy: 'The microphone is in use by another program, or the system keeps it back.',
  microphone_stopped: 'The microphone stopped before it began.',
  microphone_unopened: 'The microphone could not be opened.',
  microphone_lost: 'The microphone is gone: unplugged, or out of reach.',
  microphone_failed: 'The browser stopped recording.',
};

type Code = keyof typeof sentences;

const codes: Record<string, Code> = {
  NotAllowedError: 'microphone_denied',
  SecurityError: 'microphone_denied',
  PermissionDeniedError: 'microphone_denied',
  NotFoundError: 'microphone_missing',
  NotReadableError: 'microphone_busy',
  AbortError: 'microphone_stopped',
};

/** What is wrong with the microphone. */
export const microphoneTrouble = (code: Code, cause?: unknown): Trouble => new Trouble(code, sentences[code], { cause });

/** Why there is no microphone, by what the browser threw. */
export const microphoneRefused = (thrown: unknown): Trouble =>
  microphoneTrouble((thrown instanceof DOMException && codes[thrown.name]) || 'microphone_unopened', thrown);
