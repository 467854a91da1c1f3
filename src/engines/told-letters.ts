/** Whoever has spoken less of a text than this broke off, however regular the end is. */
const nearlyAll = 0.8;

/** Counts how much of a text somebody says to have spoken, as long as they say so with every piece of sound. */
export function toldLetters(text: string) {
  let told: number | undefined = 0;
  let given = false;
  return {
    /** A piece came, of which they say that these letters sound in it. */
    piece(letters: readonly string[] | null | undefined): void {
      given = true;
      told = letters && told !== undefined ? told + letters.join('').length : undefined;
    },
    /** Whether that was by their own account not all, now that nothing more comes. */
    get brokeOff(): boolean {
      return given && told !== undefined && told < text.length * nearlyAll;
    },
  };
}
