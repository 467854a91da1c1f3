import type { Clock } from '../../core/ports.ts';
import type { Spent, Waits } from '../vendor-voice.ts';

/** How a voice shall sound; what is not said stays as its owner set it at ElevenLabs. */
export type VoiceSettings = {
  readonly stability?: number;
  readonly similarity_boost?: number;
  readonly style?: number;
  readonly use_speaker_boost?: boolean;
  /** 0.7 to 1.2. */
  readonly speed?: number;
};

export type ElevenLabsVoiceOptions = {
  readonly key: string;
  /** https://api.elevenlabs.io, or where its data stays in one part of the world. */
  readonly url: string;
  /** The id of the voice. */
  readonly voice: string;
  readonly model: string;
  /** Two letters, for models that have to be told. */
  readonly language?: string;
  readonly settings?: VoiceSettings;
  /** Samples a second. */
  readonly rate?: 16_000 | 24_000;
  readonly clock: Clock;
  readonly waits?: Waits;
  readonly spent?: Spent;
};

/** The rate of a voice that was not asked for another, in samples a second. */
export const usualRate = 16_000;
