/** A Blob whose bytes are at hand at once: reading a real one takes turns of the event loop that no clock of ours controls. */
export class HeldSound {
  readonly bytes: Buffer;

  constructor(parts: readonly (ArrayBufferView | HeldSound)[]) {
    const [first, second] = parts;
    this.bytes = second === undefined ? bytesOf(first!) : Buffer.concat([bytesOf(first!), bytesOf(second)]);
  }
}

const bytesOf = (part: ArrayBufferView | HeldSound): Buffer =>
  part instanceof HeldSound ? part.bytes : Buffer.from(part.buffer, part.byteOffset, part.byteLength);
