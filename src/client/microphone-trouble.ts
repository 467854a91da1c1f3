import { Trouble } from './trouble.ts';

const sentences: Record<string, string> = {
  insecure:
    'The browser gives a microphone only to pages that come over https or from localhost. Open Aside as http://localhost, or put https in front of it.',
  unsupported: 'This browser cannot record sound. Use a current Chrome, Edge, Firefox or Safari.',
  NotAllowedError:
    'The browser was not allowed to use the microphone. Allow it for this page (the icon beside the address), then press Start again — or go on by typing.',
  NotFoundError: 'No microphone was found. Plug one in or pair your headset, then press Start again — or go on by typing.',
  NotReadableError: 'The microphone is in use by another program, or the system keeps it back. Close the other program, then press Start again.',
  AbortError: 'The microphone stopped before it began. Press Start again.',
  lost: 'The microphone is gone: unplugged, or out of reach. What was said is kept. Plug it in and reload the page to go on — or go on by typing.',
};

/** Why there is no microphone, by the name that the browser gives the fault. */
export function microphoneTrouble(name: string, cause?: unknown): Trouble {
  const sentence = sentences[name === 'SecurityError' || name === 'PermissionDeniedError' ? 'NotAllowedError' : name];
  return new Trouble('no_microphone', sentence ?? 'The microphone could not be opened. Check it in the system settings, then press Start again.', {
    cause,
  });
}
