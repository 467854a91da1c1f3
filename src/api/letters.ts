/** A message as it goes over the wire. */
export type Letter = Buffer;

/** Writes what many are told once: those who have not taken it yet share it, and nobody keeps it longer. */
export function letters<About extends object>() {
  const written = new WeakMap<About, WeakRef<Letter>>();
  return (about: About, message: () => object | undefined): Letter | undefined => {
    const known = written.get(about)?.deref();
    if (known) return known;
    const told = message();
    if (!told) return undefined;
    const letter = Buffer.from(JSON.stringify(told));
    written.set(about, new WeakRef(letter));
    return letter;
  };
}
