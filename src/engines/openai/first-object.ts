/** Finds the first JSON object in an answer that comes in pieces: what a model thinks aloud before it, fences, and all after it are left out. */
export type FirstObject = {
  /** What of this piece belongs to the object. */
  push(piece: string): string;
  /** Whether there was an object at all. */
  readonly found: boolean;
};

const thinks = '<think>';
const thought = '</think>';

/** Makes a reader for one answer. */
export function firstObject(): FirstObject {
  let before = '';
  let depth = 0;
  let found = false;
  let inText = false;
  let escaped = false;

  /** The answer from its first brace; nothing while none is in sight. */
  function opening(piece: string): string | undefined {
    before += piece;
    const begun = before.trimStart();
    if (begun.length < thinks.length && thinks.startsWith(begun)) return undefined;
    if (begun.startsWith(thinks)) {
      const end = begun.indexOf(thought);
      if (end < 0) return undefined;
      before = begun.slice(end + thought.length);
    }
    const brace = before.indexOf('{');
    return brace < 0 ? undefined : before.slice(brace);
  }

  /** Where in a text the object ends; its length when it does not. */
  function endIn(text: string): number {
    for (let at = 0; at < text.length; at++) {
      const sign = text[at];
      if (escaped) escaped = false;
      else if (inText && sign === '\\') escaped = true;
      else if (sign === '"') inText = !inText;
      else if (!inText && sign === '{') depth += 1;
      else if (!inText && sign === '}') depth -= 1;
      if (depth === 0) return at + 1;
    }
    return text.length;
  }

  return {
    get found() {
      return found;
    },
    push(piece) {
      if (found && depth === 0) return '';
      const text = found ? piece : opening(piece);
      if (text === undefined) return '';
      found = true;
      return text.slice(0, endIn(text));
    },
  };
}
