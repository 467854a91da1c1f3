/** The way to the ear. Browsers open it at the first gesture, and telephones close it while somebody calls: it is opened again as soon as it may be. */
export function loudspeaker(changed: (open: boolean) => void, stop: AbortSignal): AudioContext {
  const context = new AudioContext();
  const open = () => {
    if (context.state !== 'running' && context.state !== 'closed') void context.resume().catch(() => undefined);
  };
  const options = { signal: stop, capture: true };
  for (const gesture of ['pointerdown', 'keydown']) globalThis.addEventListener(gesture, open, options);
  document.addEventListener('visibilitychange', open, options);
  context.addEventListener(
    'statechange',
    () => {
      if (context.state === 'closed') return;
      changed(context.state === 'running');
      // after a call, Safari says `interrupted` until it is asked
      if (context.state !== 'suspended') open();
    },
    { signal: stop },
  );
  stop.addEventListener('abort', () => void context.close(), { once: true });
  open();
  return context;
}
