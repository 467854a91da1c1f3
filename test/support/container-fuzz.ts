import type { Reader, Subject } from './container-readers.ts';
import { seeded } from './speech-like.ts';
import { mutant } from './webm-mutator.ts';

/** What came of a lot of mutants. */
export type FuzzResult = { runs: number; refused: number; throws: string[]; differences: string[]; kept: number; packets: number };

type Ending = { readonly made: Uint8Array[]; readonly refusal: string | undefined; readonly kept: number };

/** Whether something thrown is the one refusal that a reader may make; copies of the house have a class of their own. */
const isRefusal = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && thrown.name === 'Problem' && (thrown as { code?: string }).code === 'microphone_unreadable';

/** Reads pieces to their end or to the refusal; anything else that is thrown is thrown on. */
export function readPieces({ make }: Subject, pieces: Iterable<Uint8Array>): Ending {
  let kept = 0;
  let reader: Reader | undefined;
  try {
    reader = make();
    for (const piece of pieces) {
      reader.push(piece);
      kept = Math.max(kept, reader.kept);
    }
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return { made: reader?.made() ?? [], refusal: thrown.message, kept };
  }
  return { made: reader.made(), refusal: undefined, kept };
}

/** Bytes cut at random borders; now and then a piece is empty. */
export function* cutAtRandom(bytes: Uint8Array, random: () => number, most: number): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + Math.floor(random() * (most + 1));
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** What differs between two ways of reading the same bytes; nothing when they agree. */
export function difference(one: Ending, other: Ending): string | undefined {
  if (one.refusal !== other.refusal) return `«${one.refusal}» or «${other.refusal}»`;
  if (one.made.length !== other.made.length) return `${one.made.length} or ${other.made.length} pieces`;
  for (let index = 0; index < one.made.length; index += 1)
    if (Buffer.compare(one.made[index]!, other.made[index]!) !== 0) return `piece ${index} is not the same`;
  return undefined;
}

/** Gives `count` mutants to the readers, each whole and cut at random, from seed `first` on. */
export function fuzzContainers(subjects: readonly Subject[], first: number, count: number): FuzzResult {
  const result: FuzzResult = { runs: 0, refused: 0, throws: [], differences: [], kept: 0, packets: 0 };
  const drawn = subjects.flatMap((subject) => new Array<Subject>(subject.share).fill(subject));
  for (let seed = first; seed < first + count; seed += 1) {
    const random = seeded(seed);
    const subject = drawn[Math.floor(random() * drawn.length)]!;
    const name = `seed ${seed}, ${subject.name}`;
    const bytes = mutant(subject.format, random);
    result.runs += 1;
    try {
      const whole = readPieces(subject, [bytes]);
      const cut = readPieces(subject, cutAtRandom(bytes, random, random() < 0.1 ? 1 : random() < 0.4 ? 9 : 120));
      const unlike = difference(whole, cut);
      if (unlike) result.differences.push(`${name}: ${unlike}`);
      if (whole.refusal) result.refused += 1;
      result.packets += whole.made.length;
      result.kept = Math.max(result.kept, whole.kept, cut.kept);
    } catch (thrown) {
      result.throws.push(`${name}: ${thrown}`);
    }
    if (result.throws.length + result.differences.length >= 20) break;
  }
  return result;
}
