/** A message as it goes over the wire: one whole text frame, which no socket has to frame again. */
export type Letter = Buffer;

/** Frames a text as a server does (RFC 6455 §5.2: in one piece, not masked). */
export function framed(text: string): Letter {
  const size = Buffer.byteLength(text);
  const head = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const letter = Buffer.allocUnsafe(head + size);
  letter[0] = 0x81;
  letter[1] = head === 2 ? size : head === 4 ? 126 : 127;
  if (head === 4) letter.writeUInt16BE(size, 2);
  if (head === 10) letter.writeBigUInt64BE(BigInt(size), 2);
  letter.write(text, head);
  return letter;
}

/** The text in a frame. */
export const textIn = (letter: Letter): Buffer => letter.subarray(letter[1] === 127 ? 10 : letter[1] === 126 ? 4 : 2);

/** Writes what many are told once: those who have not taken it yet share it, and nobody keeps it longer. */
export function letters<About extends object, Where>(message: (about: About, where: Where) => object | undefined) {
  const written = new WeakMap<About, WeakRef<Letter>>();
  return (about: About, where: Where): Letter | undefined => {
    const known = written.get(about)?.deref();
    if (known) return known;
    const told = message(about, where);
    if (!told) return undefined;
    const letter = framed(JSON.stringify(told));
    written.set(about, new WeakRef(letter));
    return letter;
  };
}
