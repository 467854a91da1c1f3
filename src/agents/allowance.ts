/** What a question asked ahead is about: words that have ended, words whose last one may still be on its way, or words of somebody who still speaks. */
export type Foreseen = 'ended' | 'lagging' | 'going on';

/** Each turn that the model is asked about allows for so many wasted questions; so many may be saved up, and are there at first. */
const perTurn = 0.7;
const most = 3;

/** Where asking about words whose end is missing was in vain so many times, it is done at every other turn only. */
const tries = 3;
const anew = 0.5;

/** How many questions may be asked ahead in one conversation, so that few are wasted. */
export function allowance() {
  let spare = most;
  let hope = tries;
  return {
    // while somebody still speaks, one is left for when they are done
    allows: (how: Foreseen): boolean => spare >= (how === 'going on' ? 2 : 1) && (how === 'ended' || hope >= 1),
    ask(how: Foreseen): void {
      spare -= 1;
      if (how !== 'ended') hope -= 1;
    },
    /** The answer was of use. */
    use(how: Foreseen): void {
      spare = Math.min(most, spare + 1);
      if (how !== 'ended') hope = tries;
    },
    /** The model is asked about another turn. */
    turn(): void {
      spare = Math.min(most, spare + perTurn);
      hope = Math.min(tries, hope + anew);
    },
  };
}
