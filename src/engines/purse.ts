import type { Budgets } from '../core/budgets.ts';
import type { Clock } from '../core/ports.ts';
import { Problem, type ProblemCode } from '../core/problem.ts';

/** What is paid for: sound that is heard in ms, tokens of models, characters that are spoken. */
export type Expense = 'heard' | 'tokens' | 'spoken';

/** One kind of expense. */
export type Account = {
  /** Why nothing more may be spent for this conversation, or for anybody today. */
  refuses(talk: string): Problem | undefined;
  spend(talk: string, amount: number): void;
};

const caps = {
  heard: { code: 'ears_failed', session: 'heardPerSession', day: 'heardPerDay', what: 'hearing' },
  tokens: { code: 'brain_failed', session: 'tokensPerSession', day: 'tokensPerDay', what: 'thinking' },
  spoken: { code: 'voice_failed', session: 'spokenPerSession', day: 'spokenPerDay', what: 'speaking' },
} as const satisfies Record<Expense, { code: ProblemCode; session: keyof Budgets; day: keyof Budgets; what: string }>;

/** So many conversations are remembered; the oldest is forgotten first. */
const remembered = 10_000;

/** Where it is noted what a day costs, and what was noted there before. */
export type Book = {
  readonly before: { readonly date: string; readonly spent: Readonly<Record<string, number>> } | undefined;
  note(day: { readonly date: string; readonly spent: Readonly<Record<Expense, number>> }): void;
};

/** Keeps account of what costs money, for each conversation and each day (UTC): what is over its cap is not spent. */
export function purse(budgets: Budgets, clock: Clock) {
  const today = { date: '', heard: 0, tokens: 0, spoken: 0 };
  let book: Book | undefined;
  const talks = new Map<string, Record<Expense, number>>();

  const turnPage = () => {
    const date = new Date(clock.now()).toISOString().slice(0, 10);
    if (date !== today.date) Object.assign(today, { date, heard: 0, tokens: 0, spoken: 0 });
  };

  return {
    /** Goes on with the day that was noted here before, and notes it from now on. */
    keepIn(from: Book): void {
      book = from;
      if (from.before) Object.assign(today, { date: from.before.date, ...from.before.spent });
    },
    /** What was spent today so far. */
    get today(): Readonly<Record<Expense, number>> {
      turnPage();
      return today;
    },
    account(expense: Expense): Account {
      const { code, session, day, what } = caps[expense];
      return {
        refuses(talk) {
          turnPage();
          if (today[expense] >= budgets[day]) return new Problem(code, `What ${what} may cost in a day is spent.`);
          if ((talks.get(talk)?.[expense] ?? 0) >= budgets[session]) return new Problem(code, `What ${what} may cost in a session is spent.`);
          return undefined;
        },
        spend(talk, amount) {
          turnPage();
          today[expense] += amount;
          const { date, ...spent } = today;
          book?.note({ date, spent });
          const all = talks.get(talk) ?? { heard: 0, tokens: 0, spoken: 0 };
          all[expense] += amount;
          talks.delete(talk);
          talks.set(talk, all);
          if (talks.size > remembered) talks.delete(talks.keys().next().value!);
        },
      };
    },
  };
}
export type Purse = ReturnType<typeof purse>;
