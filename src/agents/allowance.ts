/** Each turn that the model is asked about allows for so many wasted questions; so many are there at first, and so many may be saved up. */
const perTurn = 0.7;
const start = 2;
const most = 3;

/** Where asking about half a sentence was in vain so many times, it is done at every fourth turn only. */
const tries = 2;
const anew = 0.25;

/** How many questions may be asked ahead in one conversation, so that few are wasted; `early` ones are asked while somebody still speaks. */
export function allowance() {
  let spare = start;
  let hope = tries;
  return {
    // one is left for when they are done
    allows: (early: boolean): boolean => spare >= (early ? 2 : 1) && (!early || hope >= 1),
    ask(early: boolean): void {
      spare -= 1;
      if (early) hope -= 1;
    },
    /** The answer was of use. */
    use(early: boolean): void {
      spare = Math.min(most, spare + 1);
      if (early) hope = tries;
    },
    /** The model is asked about another turn. */
    turn(): void {
      spare = Math.min(most, spare + perTurn);
      hope = Math.min(tries, hope + anew);
    },
  };
}
