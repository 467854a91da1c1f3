/** How alike two sounds are (1: the same but for loudness), with the second moved by up to `most` samples. */
export function likeness(left: Int16Array, right: Int16Array, most = 0): number {
  let best = -1;
  const length = Math.min(left.length, right.length) - most;
  for (let shift = -most; shift <= most; shift += 1) {
    let both = 0;
    let ours = 0;
    let theirs = 0;
    for (let at = most; at < length; at += 1) {
      const a = left[at]!;
      const b = right[at + shift]!;
      both += a * b;
      ours += a * a;
      theirs += b * b;
    }
    best = Math.max(best, both / Math.sqrt(ours * theirs));
  }
  return best;
}
