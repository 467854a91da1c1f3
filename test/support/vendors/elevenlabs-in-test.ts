import { onTestFinished } from 'vitest';
import { type ElevenLabsOptions, type SimulatedElevenLabs, simulatedElevenLabs } from './elevenlabs-service.ts';

/** A simulated ElevenLabs for the test that runs, with the key `right`; it goes when the test is over. */
export async function elevenLabsInTest(options: ElevenLabsOptions = {}): Promise<SimulatedElevenLabs> {
  const vendor = await simulatedElevenLabs({ key: 'right', ...options });
  onTestFinished(() => vendor.close());
  return vendor;
}
