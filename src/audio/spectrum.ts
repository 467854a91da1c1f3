/** Power of the frequencies 0 … size/2 in a real signal of a power-of-two length; the work space is reused between calls. */
export function powerSpectrum(size: number): (signal: Float64Array) => Float64Array {
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const power = new Float64Array(size / 2 + 1);
  const bits = Math.log2(size);
  const reversed = Uint32Array.from({ length: size }, (_, index) => {
    let turned = 0;
    for (let bit = 0; bit < bits; bit++) turned |= ((index >> bit) & 1) << (bits - 1 - bit);
    return turned;
  });
  const cosines = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, index) => -Math.sin((2 * Math.PI * index) / size));

  return (signal) => {
    for (let index = 0; index < size; index++) {
      real[index] = signal[reversed[index]!] ?? 0;
      imaginary[index] = 0;
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half)
        for (let k = 0; k < half; k++) {
          const cosine = cosines[k * stride]!;
          const sine = sines[k * stride]!;
          const upper = start + k;
          const lower = upper + half;
          const re = real[lower]! * cosine - imaginary[lower]! * sine;
          const im = real[lower]! * sine + imaginary[lower]! * cosine;
          real[lower] = real[upper]! - re;
          imaginary[lower] = imaginary[upper]! - im;
          real[upper] = real[upper]! + re;
          imaginary[upper] = imaginary[upper]! + im;
        }
    }
    for (let index = 0; index <= size / 2; index++) power[index] = real[index]! ** 2 + imaginary[index]! ** 2;
    return power;
  };
}
