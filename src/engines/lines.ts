/** A line that is longer than this, in characters, is none. */
const longest = 4_000_000;

/** The lines of a body as they come, however the network cuts them, without empty ones; throws where one does not end. */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const letters = new TextDecoder();
  let begun: string[] = [];
  let held = 0;
  for await (const bytes of body) {
    const [first, ...more] = letters.decode(bytes, { stream: true }).split('\n');
    begun.push(first!);
    held += first!.length;
    if (held > longest) throw new TypeError('terminated: a line does not end');
    for (const next of more) {
      const line = begun.join('').trimEnd();
      if (line !== '') yield line;
      begun = [next];
      held = next.length;
    }
  }
  const last = begun.join('').trimEnd();
  if (last !== '') yield last;
}
