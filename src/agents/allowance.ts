/** Each turn that the model is asked about allows for so many wasted questions; so many are there at first, and so many may be saved up. */
const perTurn = 0.7;
const start = 2;
const most = 3;

/** Where asking about half a sentence was in vain so many times, it is done at every fourth turn only. */
const tries = 2;
const anew = 0.25;

/** How many questions may be asked ahead in one conversation, so that few are wasted; `open` ones are about words whose end is missing. */
export function allowance() {
  let spare = start;
  let hope = tries;
  return {
    // where the end is missing, one is left for when it has come
    allows: (open: boolean): boolean => spare >= (open ? 2 : 1) && (!open || hope >= 1),
    ask(open: boolean): void {
      spare -= 1;
      if (open) hope -= 1;
    },
    /** The answer was of use. */
    use(open: boolean): void {
      spare = Math.min(most, spare + 1);
      if (open) hope = tries;
    },
    /** The model is asked about another turn. */
    turn(): void {
      spare = Math.min(most, spare + perTurn);
      hope = Math.min(tries, hope + anew);
    },
  };
}
