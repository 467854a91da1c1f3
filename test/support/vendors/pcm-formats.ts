/** Sound at another rate, point by point on the straight line between its neighbours. */
export function resampled(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples;
  return Int16Array.from({ length: Math.floor((samples.length * to) / from) }, (_, index) => {
    const at = (index * from) / to;
    const [before, part] = [Math.floor(at), at % 1];
    return samples[before]! * (1 - part) + (samples[before + 1] ?? samples[before]!) * part;
  });
}

/** Bytes as 16-bit samples, the low byte first. */
export const samplesOf = (bytes: Uint8Array): Int16Array => new Int16Array(new Uint8Array(bytes.subarray(0, bytes.length & ~1)).buffer);

/** Samples as bytes, the low byte first. */
export const bytesOf = (samples: Int16Array): Buffer => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

const bias = 0x84;

/** A sample as telephones in America carry it. */
export function toMulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const size = Math.min(32_635, Math.abs(sample)) + bias;
  const exponent = 31 - Math.clz32(size) - 7;
  return ~(sign | (exponent << 4) | ((size >> (exponent + 3)) & 15)) & 0xff;
}

export function fromMulaw(byte: number): number {
  const value = ~byte & 0xff;
  const size = ((((value & 15) << 3) + bias) << ((value >> 4) & 7)) - bias;
  return value & 0x80 ? -size : size;
}

/** A sample as telephones in Europe carry it. */
export function toAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const size = Math.min(32_635, Math.abs(sample)) >> 3;
  const exponent = size < 32 ? 0 : 31 - Math.clz32(size) - 4;
  const low = exponent === 0 ? size >> 1 : size >> exponent;
  return (sign | (exponent << 4) | (low & 15)) ^ 0x55;
}
