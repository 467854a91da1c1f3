/** A part that was chosen: what it is, why it and no other, and the one setting that would make it better. */
export type Chosen = { name: string; about: string; better?: string };

/** What the service says about itself when it starts. */
export function greeting(parts: { ears: Chosen; voice: Chosen; brain: Chosen; log: Chosen; door: Chosen }, address: string, kept: boolean): string {
  const line = (label: string, { about, better }: Chosen) => [`  ${label.padEnd(6)} ${about}`, ...(better ? [`         → ${better}`] : [])];
  return [
    '',
    `Aside is listening on ${address}`,
    '',
    ...line('Ears', parts.ears),
    ...line('Voice', parts.voice),
    ...line('Brain', parts.brain),
    ...line('Log', parts.log),
    ...line('Door', parts.door),
    '',
    `Open ${address} in a browser and start with “Hi, I’m …”. Stop with Ctrl+C${kept ? '; sessions go on after the next start' : ''}.`,
    '',
  ].join('\n');
}
