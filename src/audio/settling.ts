/** Silence is believed when it is so old, in ms: an onset is found a little after it was. */
const DOUBT = 1_000;

/** Watches how far the sound is settled: everything before that became words, or had none. */
export function settling(report: (at: number) => void) {
  const open = new Set<number>();
  let reached = 0;
  let told = 0;
  const tell = () => {
    const at = Math.min(reached, ...open);
    if (at > told) report(at);
    told = Math.max(told, at);
  };
  return {
    /** Nobody has spoken up to here since the last utterance. */
    quiet(at: number): void {
      reached = Math.max(reached, at - DOUBT);
      tell();
    },
    /** An utterance has begun; call what is returned when its words are kept. */
    begin(from: number): (to: number) => void {
      open.add(from);
      return (to) => {
        open.delete(from);
        reached = Math.max(reached, to);
        tell();
      };
    },
  };
}
