import { Problem } from '../../core/problem.ts';

const functions: Readonly<Record<string, (...given: number[]) => number>> = {
  sqrt: Math.sqrt,
  abs: Math.abs,
  round: Math.round,
  floor: Math.floor,
  ceil: Math.ceil,
  min: Math.min,
  max: Math.max,
  log: Math.log10,
  ln: Math.log,
  exp: Math.exp,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
};
const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

/** No sum that people ask for is longer, in characters, or deeper, in brackets. */
const longest = 200;
const deepest = 40;

const sign = /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)|([a-z]+)|(\*\*|[-+*/^%(),!]))/iy;

type Sign = { readonly number?: number; readonly name?: string; readonly mark?: string };

const wrong = (what: string) => new Problem('invalid', `That cannot be calculated: ${what}.`);

function signsOf(text: string): Sign[] {
  // between the arguments of a function a comma is no sign of thousands
  const plain = (/[a-z]\s*\(/i.test(text) ? text : text.replace(/(?<=\d),(?=\d{3}(?!\d))/g, ''))
    .replace(/[×·]/g, '*')
    .replace(/[÷:]/g, '/')
    .replace(/[−–]/g, '-')
    .trim();
  if (plain.length > longest) throw wrong(`it is longer than ${longest} characters`);
  const signs: Sign[] = [];
  for (let at = 0; at < plain.length; at = sign.lastIndex) {
    sign.lastIndex = at;
    const [, number, name, mark] = sign.exec(plain) ?? [];
    if (number !== undefined) signs.push({ number: Number(number) });
    else if (name !== undefined) signs.push({ name: name.toLowerCase() });
    else if (mark !== undefined) signs.push({ mark: mark === '**' ? '^' : mark });
    else throw wrong(`“${plain.slice(at, at + 12).trim()}” is no part of a sum`);
  }
  return signs;
}

/** What a sum comes to: + - * / ^ % ! brackets, a few functions, pi and e. `15% of 80` is understood. */
export function calculated(text: string): number {
  const signs = signsOf(text);
  let at = 0;
  let depth = 0;
  const isNext = (mark: string): boolean => signs[at]?.mark === mark;
  const takes = (mark: string): boolean => {
    if (!isNext(mark)) return false;
    at += 1;
    return true;
  };

  function sum(): number {
    depth += 1;
    if (depth > deepest) throw wrong('it has too many brackets');
    let value = product();
    for (;;) {
      if (takes('+')) value += product();
      else if (takes('-')) value -= product();
      else break;
    }
    depth -= 1;
    return value;
  }

  function product(): number {
    let value = signed();
    for (;;) {
      if (takes('*')) value *= signed();
      else if (takes('/')) {
        const divisor = signed();
        if (divisor === 0) throw wrong('nothing can be divided by 0');
        value /= divisor;
      } else if (signs[at]?.name === 'of') {
        at += 1;
        value *= signed();
      } else if (isNext('(') || signs[at]?.name !== undefined) value *= signed();
      else return value;
    }
  }

  function signed(): number {
    depth += 1;
    if (depth > deepest) throw wrong('it has too many signs in a row');
    const value = takes('-') ? -signed() : takes('+') ? signed() : power();
    depth -= 1;
    return value;
  }

  function power(): number {
    const base = after(single());
    return takes('^') ? base ** signed() : base;
  }

  /** A percent sign or an exclamation mark behind a number. */
  function after(value: number): number {
    if (isNext('%') && signs[at + 1]?.number === undefined && signs[at + 1]?.mark !== '(') {
      at += 1;
      return after(value / 100);
    }
    if (takes('%')) return value % single();
    return takes('!') ? after(factorial(value)) : value;
  }

  function single(): number {
    const { number, name, mark } = signs[at] ?? {};
    at += 1;
    if (number !== undefined) return number;
    if (name !== undefined) return named(name);
    if (mark === '(') {
      const value = sum();
      if (!takes(')')) throw wrong('a bracket is not closed');
      return value;
    }
    throw wrong(mark === undefined ? 'it ends too early' : `“${mark}” stands where a number should`);
  }

  function named(name: string): number {
    if (Object.hasOwn(constants, name)) return constants[name]!;
    if (!Object.hasOwn(functions, name)) throw wrong(`nobody here knows what “${name.slice(0, 20)}” is`);
    if (!takes('(')) throw wrong(`${name} needs brackets`);
    const given = [sum()];
    while (takes(',')) given.push(sum());
    if (!takes(')')) throw wrong('a bracket is not closed');
    return functions[name]!(...given);
  }

  const value = sum();
  if (at < signs.length) throw wrong('it goes on after its end');
  if (!Number.isFinite(value)) throw wrong('it comes to no number');
  // halves of halves of bits are nobody's business: 0.1 + 0.2 is 0.3
  return Number(value.toPrecision(12));
}

function factorial(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 170) throw wrong('only whole numbers from 0 to 170 have a factorial');
  let product = 1;
  for (let factor = 2; factor <= value; factor += 1) product *= factor;
  return product;
}
