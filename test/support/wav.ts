/** What is inside a WAV file of one channel and 16 bits. */
export type Wav = { readonly rate: number; readonly samples: Int16Array };

/** Reads a WAV file strictly: whatever is not exactly right throws. */
export function readWav(file: Uint8Array): Wav {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const word = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  if (word(0) !== 'RIFF' || word(8) !== 'WAVE') throw new Error('not a WAV file');
  if (view.getUint32(4, true) !== file.byteLength - 8) throw new Error('the length in the RIFF header is wrong');
  let rate = 0;
  for (let at = 12; at + 8 <= file.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    if (at + 8 + size > file.byteLength) throw new Error(`the chunk ${word(at)} is longer than the file`);
    if (word(at) === 'fmt ') {
      if (view.getUint16(at + 8, true) !== 1 || view.getUint16(at + 10, true) !== 1 || view.getUint16(at + 22, true) !== 16)
        throw new Error('not 16-bit mono');
      rate = view.getUint32(at + 12, true);
    }
    if (word(at) === 'data') {
      if (rate === 0) throw new Error('data before its format');
      return { rate, samples: new Int16Array(new Uint8Array(file.subarray(at + 8, at + 8 + size)).buffer) };
    }
    at += 8 + size + (size & 1);
  }
  throw new Error('no data in the file');
}

/** Puts sounds behind each other. */
export function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
