import type { Voiceprint } from './voiceprint.ts';

/** What voices are like, measured once on recordings of a dozen people: how far people differ, and how far one person differs from utterance to utterance. */
type Trait = { readonly middle: number; readonly between: number; readonly within: number };

const trait = (middle: number, between: number, within: number): Trait => ({ middle, between, within });

const TRAITS: readonly Trait[] = [
  trait(2, 2, 1.6),
  trait(0, 2, 1.25),
  trait(2, 1.5, 1.25),
  trait(-1, 1.3, 0.65),
  trait(-0.8, 0.7, 0.55),
  trait(-0.6, 0.6, 0.46),
  trait(-0.9, 0.7, 0.46),
  trait(-0.2, 0.55, 0.42),
  trait(0, 0.6, 0.38),
  trait(0.1, 0.5, 0.33),
  trait(0, 0.33, 0.3),
  trait(0, 0.4, 0.32),
  trait(0.1, 0.4, 0.29),
  trait(-0.1, 0.3, 0.28),
  trait(-0.1, 0.4, 0.27),
  trait(-0.1, 0.25, 0.27),
  trait(4.95, 0.3, 0.12),
  trait(0, 4, 3),
];
const LEVEL = TRAITS.length - 1;
/** The user is nearer to the microphone: others are expected this much (dB) fainter. */
const NEARER = 2;
/** Traits go together, so their evidence counts for less than their sum. */
const TEMPER = 0.5;
/** No single trait may decide: a pitch one octave off is a slip, not another person. */
const LOUDEST = 3;
/** Even clean speech looks covered to this extent; beyond it every further tenth makes an utterance much vaguer. */
const CLEAN = 0.3;
const REMEMBERED = 120;
const ROUNDS = 4;

/** How sure one is of one voice: the weight of what was heard of it, and the weighted sum of each trait. */
type Heard = { weight: number; readonly sums: Float64Array };

type Utterance = { readonly traits: Float64Array; readonly vague: number; user: number };

/** Two voices in one room, the user's known from an example. Probabilities are that of being the user. */
export type TwoVoices = {
  learn(print: Voiceprint): void;
  judge(print: Voiceprint): number | undefined;
  /** The same of somebody who still speaks: nothing is learnt of it. */
  glimpse(print: Voiceprint): number | undefined;
  reconsidered(): number[];
  known(): number[];
};

const SIZE = TRAITS.length + 1;
/** No trait of anybody is further from nothing than this. */
const FURTHEST = 200;

/** Whether these numbers can be what `known()` told: two voices, the first of which was heard. */
export function areVoices(numbers: readonly number[]): boolean {
  const isVoice = ([weight = 0, ...sums]: readonly number[]) =>
    weight > -0.01 && weight < 1e5 && sums.every((sum) => Math.abs(sum) <= FURTHEST * Math.max(0, weight) + 0.01);
  return numbers.length === 2 * SIZE && numbers[0]! > 0.01 && isVoice(numbers.slice(0, SIZE)) && isVoice(numbers.slice(SIZE));
}

/** Makes the model, or goes on with one that `known()` was asked of. */
export function twoVoices(known: readonly number[] = []): TwoVoices {
  const taken = (from: number): Heard => ({
    weight: known[from] ?? 0,
    sums: Float64Array.from(TRAITS, (_, index) => known[from + 1 + index] ?? 0),
  });
  const user = taken(0);
  const other = taken(SIZE);
  const examples: Utterance[] = [];
  const utterances: Utterance[] = [];

  const count = (into: Heard, { traits, vague }: Utterance, share: number): void => {
    into.weight += share / vague;
    for (let index = 0; index < traits.length; index++) into.sums[index]! += (share * traits[index]!) / vague;
  };
  const shift = (utterance: Utterance, probability: number): void => {
    // what is unsure teaches neither voice
    count(user, utterance, sure(probability) - sure(utterance.user));
    count(other, utterance, sure(1 - probability) - sure(1 - utterance.user));
    utterance.user = probability;
  };

  const probability = (utterance: Utterance): number => {
    const own = sure(utterance.user);
    const others = sure(1 - utterance.user);
    count(user, utterance, -own);
    count(other, utterance, -others);
    const evidence = difference(utterance, user, other);
    count(user, utterance, own);
    count(other, utterance, others);
    return 1 / (1 + Math.exp(-evidence));
  };

  // two voices may be told apart perfectly and bear each other's names: does the example really belong to the one called user?
  const named = (): number => {
    let evidence = 0;
    for (const example of examples) {
      count(user, example, -1);
      if (user.weight > 0.01 && other.weight > 0.01) evidence += TEMPER * likeness(example, user, other);
      else evidence += Number.POSITIVE_INFINITY;
      count(user, example, 1);
    }
    return examples.length > 0 ? 1 / (1 + Math.exp(-evidence)) : 1;
  };

  return {
    learn(print) {
      const example = asUtterance(print);
      examples.push(example);
      count(user, example, 1);
    },
    judge(print) {
      if (user.weight <= 0) return undefined;
      const utterance = asUtterance(print);
      utterances.push(utterance);
      if (utterances.length > REMEMBERED) utterances.shift();
      // a late utterance may tell two earlier ones apart, and these in turn this one
      for (let round = 0; round < ROUNDS; round++) for (const one of utterances.toReversed()) shift(one, probability(one));
      return doubted(utterance.user, named());
    },
    glimpse(print) {
      return user.weight <= 0 ? undefined : doubted(probability(asUtterance(print)), named());
    },
    reconsidered() {
      const trust = named();
      return utterances.map((utterance) => doubted(utterance.user, trust));
    },
    known: () => [user.weight, ...user.sums, other.weight, ...other.sums],
  };
}

const doubted = (probability: number, trust: number): number => probability * trust + (1 - probability) * (1 - trust);

const sure = (probability: number): number => Math.max(0, 2 * probability - 1);

const asUtterance = (print: Voiceprint): Utterance => ({
  traits: Float64Array.from([...print.colour, print.pitch, print.level]),
  vague: (0.4 + 100 / print.frames) * (1 + (Math.max(0, print.masked - CLEAN) / 0.1) ** 2),
  user: 0.5,
});

/** How much more (natural logarithm) this utterance is the user's than anybody else's. */
function difference({ traits, vague }: Utterance, user: Heard, other: Heard): number {
  let stranger = 0;
  let second = 0;
  TRAITS.forEach(({ middle, between, within }, index) => {
    const wobble = within ** 2;
    const spread = between ** 2;
    // where the same microphone puts everybody is known only from the user: others are looked for around half the way
    const own = expected(user, index, index === LEVEL ? user.sums[index]! / user.weight : middle, spread, wobble);
    const centre = index === LEVEL ? own.mean - NEARER : (middle + own.mean) / 2;
    const theirs = expected(other, index, centre, spread * 1.25, wobble);
    const value = traits[index]!;
    const mine = likelihood(value, own.mean, own.variance + vague * wobble);
    const bound = (evidence: number) => Math.max(-LOUDEST, Math.min(LOUDEST, evidence));
    stranger += bound(mine - likelihood(value, centre, spread * 1.25 + vague * wobble));
    second += bound(mine - likelihood(value, theirs.mean, theirs.variance + vague * wobble));
  });
  // whoever it is if not the user: the other voice we know, more likely than one more stranger
  const weight = other.weight > 0 ? 0.8 : 0;
  return -Math.log(weight * Math.exp(-TEMPER * second) + (1 - weight) * Math.exp(-TEMPER * stranger));
}

/** How much more an utterance resembles the one voice than the other, both being known from elsewhere. */
function likeness({ traits, vague }: Utterance, one: Heard, another: Heard): number {
  let sum = 0;
  TRAITS.forEach(({ middle, between, within }, index) => {
    if (index === LEVEL) return;
    const here = expected(one, index, middle, between ** 2, within ** 2);
    const there = expected(another, index, middle, between ** 2, within ** 2);
    const wobble = vague * within ** 2;
    const evidence = likelihood(traits[index]!, here.mean, here.variance + wobble) - likelihood(traits[index]!, there.mean, there.variance + wobble);
    sum += Math.max(-LOUDEST, Math.min(LOUDEST, evidence));
  });
  return sum;
}

/** What a voice is expected to be like after what was heard of it. */
function expected(heard: Heard, index: number, middle: number, spread: number, wobble: number): { mean: number; variance: number } {
  const precision = 1 / spread + Math.max(0, heard.weight) / wobble;
  return { mean: (middle / spread + heard.sums[index]! / wobble) / precision, variance: 1 / precision };
}

const likelihood = (value: number, mean: number, variance: number): number => -0.5 * ((value - mean) ** 2 / variance + Math.log(variance));
