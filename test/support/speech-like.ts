/** Random numbers that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

/** Sound that an encoder takes for speech: a gliding voice with formants, in syllables; 16 kHz mono. */
export function speechLike(ms: number, seed = 1): Int16Array {
  const random = seeded(seed);
  const samples = new Int16Array(ms * 16);
  let phase = 0;
  let pitch = 120;
  let formants = [500, 1500, 2500];
  for (let at = 0; at < samples.length; at += 1) {
    if (at % 3200 === 0) {
      pitch = 100 + random() * 80;
      formants = [300 + random() * 500, 900 + random() * 1200, 2200 + random() * 800];
    }
    phase += pitch / 16_000;
    const syllable = Math.sin((Math.PI * (at % 3200)) / 3200) ** 0.5;
    let value = 0;
    for (let harmonic = 1; harmonic * pitch < 4000; harmonic += 1) {
      const hertz = harmonic * pitch;
      const loud = formants.reduce((sum, formant) => sum + Math.exp(-(((hertz - formant) / 150) ** 2)), 0.02);
      value += (loud / Math.sqrt(harmonic)) * Math.sin(2 * Math.PI * harmonic * phase);
    }
    samples[at] = Math.round(Math.max(-1, Math.min(1, value * 0.25 * syllable)) * 12_000 + (random() - 0.5) * 30);
  }
  return samples;
}

/** A room in which nobody speaks: a little noise. */
export function quietRoom(ms: number, seed = 2): Int16Array {
  const random = seeded(seed);
  return Int16Array.from({ length: ms * 16 }, () => Math.round((random() - 0.5) * 16));
}

/** Talk and silence in turns, beginning with talk; lengths in ms. */
export function talkAndSilence(lengths: readonly number[], seed = 3): Int16Array {
  const parts = lengths.map((ms, index) => (index % 2 === 0 ? speechLike(ms, seed + index) : quietRoom(ms, seed + index)));
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
