/** So many sounds a voice is known by, and so many are remembered; less of its usual length than this share, and it broke off. */
const enough = 5;
const most = 20;
const share = 0.7;
/** Shorter texts stand between two pauses, which say nothing about the pace. */
const telling = 16;

/** How long a voice takes for a letter, learned from what it has said: a sound that ends early may end like any other. */
export function ownPace() {
  const paces: number[] = [];
  return {
    /** How long this sounds at least, in ms; 0 as long as nobody knows. */
    least(said: string): number {
      if (paces.length < enough || said.length < telling) return 0;
      return share * said.length * paces.toSorted((a, b) => a - b)[paces.length >> 1]!;
    },
    /** It took so long, in ms. What broke off counts as well: a voice that speaks quicker from now on is believed after a while. */
    took(said: string, ms: number): void {
      if (said.length < telling) return;
      paces.push(ms / said.length);
      if (paces.length > most) paces.shift();
    },
  };
}
