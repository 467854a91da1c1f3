/** Tells from the levels of a microphone when its wearer clearly begins to speak. */
export interface Onset {
  /** Takes the level of the last moment; true in the moment at which speech has clearly begun. */
  hear(decibels: number, now: number): boolean;
  /** What was loud in the last seconds was the wearer: somebody much softer is not. */
  learn(): void;
}

/** Louder than the room by so much, and than any whisper of electronics. */
const margin = 12;
const least = -50;
/** Somebody across the table is softer than the wearer by more than this. */
const nearness = 10;
/** Loud for so long begins speech, soft for so long ends it, in ms. */
const begins = 60;
const ends = 300;
const remembered = 8_000;

/** Follows the room's own noise and watches for what rises above it. */
export function onset(): Onset {
  let floor = Number.POSITIVE_INFINITY;
  let before: number | undefined;
  let loudSince: number | undefined;
  let softSince = 0;
  let speaking = false;
  let own: number | undefined;
  let recent: { decibels: number; now: number }[] = [];

  return {
    hear(decibels, now) {
      const passed = Math.min(1_000, now - (before ?? now));
      before = now;
      // down at once, up by 2 dB a second: speech has pauses, a fan has none
      floor = decibels < floor ? Math.max(-90, decibels) : Math.min(decibels, floor + passed / 500);
      const loud = decibels > Math.max(least, floor + margin, own === undefined ? least : own - nearness);
      if (decibels > Math.max(least, floor + margin)) recent.push({ decibels, now });
      while (recent.length > 0 && recent[0]!.now < now - remembered) recent.shift();
      if (!loud) {
        loudSince = undefined;
        softSince ||= now;
        if (now - softSince >= ends) speaking = false;
        return false;
      }
      softSince = 0;
      loudSince ??= now;
      if (speaking || now - loudSince < begins) return false;
      speaking = true;
      return true;
    },
    learn() {
      if (recent.length < 8) return;
      const levels = recent.map((one) => one.decibels).sort((a, b) => a - b);
      own = levels[Math.floor(levels.length / 2)];
      recent = [];
    },
  };
}
