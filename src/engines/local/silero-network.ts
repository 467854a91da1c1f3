import type { Tensor } from './onnx-tensors.ts';

/** Samples a window looks at: the new ones and a little of what came before. */
export const WINDOW = 512;
const CONTEXT = 64;
const BINS = 129;
const CELLS = 128;

type Layer = { weights: Float32Array; bias: Float32Array; inputs: number; outputs: number };

/** The weights of Silero VAD, arranged for running; one copy serves every stream. */
export type SileroWeights = { window: Float32Array; convolutions: Layer[]; input: Layer; memory: Layer; output: Layer };

/** Arranges the tables of the model file; throws when it is not the model we know. */
export function sileroWeights(tensors: Map<string, Tensor>): SileroWeights {
  const table = (name: string, size: number): Float32Array => {
    const values = tensors.get(name)?.values;
    if (values?.length !== size) throw new RangeError(`the model file has no table ${name} of ${size} numbers`);
    return values;
  };
  const layer = (weights: string, bias: string, inputs: number, outputs: number): Layer => ({
    weights: table(weights, inputs * outputs),
    bias: table(bias, outputs),
    inputs,
    outputs,
  });
  const convolution = (index: number, inputs: number, outputs: number) =>
    layer(`encoder.${index}.reparam_conv.weight`, `encoder.${index}.reparam_conv.bias`, inputs * 3, outputs);
  return {
    // the first row of the Fourier basis is cos(0) times the window
    window: table('stft.forward_basis_buffer', 2 * BINS * 256).slice(0, 256),
    convolutions: [convolution(0, BINS, 128), convolution(1, 128, 64), convolution(2, 64, 64), convolution(3, 64, 128)],
    input: layer('decoder.rnn.weight_ih', 'decoder.rnn.bias_ih', 128, 4 * CELLS),
    memory: layer('decoder.rnn.weight_hh', 'decoder.rnn.bias_hh', CELLS, 4 * CELLS),
    output: layer('decoder.decoder.2.weight', 'decoder.decoder.2.bias', CELLS, 1),
  };
}

/** out[o] = bias[o] + weights[o] · input, four rows at a time so that each input is read once for four sums. */
function apply({ weights, bias, inputs, outputs }: Layer, input: Float32Array, out: Float32Array, from = 0): void {
  let row = 0;
  for (; row + 4 <= outputs; row += 4) {
    let a = bias[row]!;
    let b = bias[row + 1]!;
    let c = bias[row + 2]!;
    let d = bias[row + 3]!;
    let at = row * inputs;
    for (let i = 0; i < inputs; i++, at++) {
      const x = input[i]!;
      a += weights[at]! * x;
      b += weights[at + inputs]! * x;
      c += weights[at + 2 * inputs]! * x;
      d += weights[at + 3 * inputs]! * x;
    }
    out[from + row] = a;
    out[from + row + 1] = b;
    out[from + row + 2] = c;
    out[from + row + 3] = d;
  }
  for (; row < outputs; row++) {
    let sum = bias[row]!;
    for (let i = 0; i < inputs; i++) sum += weights[row * inputs + i]! * input[i]!;
    out[from + row] = sum;
  }
}

const cosine = Float64Array.from({ length: 128 }, (_, i) => Math.cos((2 * Math.PI * i) / 256));
const sine = Float64Array.from({ length: 128 }, (_, i) => -Math.sin((2 * Math.PI * i) / 256));
const mirrored = Uint8Array.from({ length: 256 }, (_, i) => {
  let bits = 0;
  for (let bit = 0; bit < 8; bit++) bits |= ((i >> bit) & 1) << (7 - bit);
  return bits;
});

/** Fourier transform of 256 complex numbers, in place, already in mirrored order. */
function transform(re: Float64Array, im: Float64Array): void {
  for (let size = 1; size < 256; size *= 2) {
    const stride = 128 / size;
    for (let start = 0; start < 256; start += 2 * size) {
      for (let i = 0; i < size; i++) {
        const low = start + i;
        const high = low + size;
        const c = cosine[i * stride]!;
        const s = sine[i * stride]!;
        const x = re[high]! * c - im[high]! * s;
        const y = re[high]! * s + im[high]! * c;
        re[high] = re[low]! - x;
        im[high] = im[low]! - y;
        re[low] = re[low]! + x;
        im[low] = im[low]! + y;
      }
    }
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** One stream through the network: feed windows of 512 samples (−1…1), get the probability of speech; remembers what it heard. */
export function sileroStream(weights: SileroWeights): (window: Float32Array) => number {
  const sound = new Float32Array(CONTEXT + WINDOW + CONTEXT);
  const re = new Float64Array(256);
  const im = new Float64Array(256);
  const column = new Float32Array(3 * BINS);
  const gates = new Float32Array(4 * CELLS);
  const recalled = new Float32Array(4 * CELLS);
  const cell = new Float32Array(CELLS);
  const hidden = new Float32Array(CELLS);
  const positive = new Float32Array(CELLS);
  const answer = new Float32Array(1);
  // frame-major: activations[layer] holds its frames one after the other
  const activations = [new Float32Array(4 * BINS), new Float32Array(4 * 128), new Float32Array(2 * 64), new Float32Array(64), new Float32Array(128)];

  /** Magnitudes of four overlapping frames; two real frames share one complex transform. */
  function spectrum(out: Float32Array): void {
    for (let pair = 0; pair < 2; pair++) {
      const start = pair * 256;
      for (let i = 0; i < 256; i++) {
        const to = mirrored[i]!;
        re[to] = sound[start + i]! * weights.window[i]!;
        im[to] = sound[start + 128 + i]! * weights.window[i]!;
      }
      transform(re, im);
      for (let bin = 0; bin < BINS; bin++) {
        const other = (256 - bin) & 255;
        const [a, b, c, d] = [re[bin]!, im[bin]!, re[other]!, im[other]!];
        out[2 * pair * BINS + bin] = Math.sqrt((a + c) * (a + c) + (b - d) * (b - d)) / 2;
        out[(2 * pair + 1) * BINS + bin] = Math.sqrt((b + d) * (b + d) + (c - a) * (c - a)) / 2;
      }
    }
  }

  function convolve(layer: Layer, input: Float32Array, out: Float32Array, stride: number): void {
    const channels = layer.inputs / 3;
    const frames = input.length / channels;
    for (let frame = 0; frame * layer.outputs < out.length; frame++) {
      for (let tap = 0; tap < 3; tap++) {
        const source = frame * stride + tap - 1;
        const outside = source < 0 || source >= frames;
        for (let channel = 0; channel < channels; channel++) column[channel * 3 + tap] = outside ? 0 : input[source * channels + channel]!;
      }
      apply(layer, column, out, frame * layer.outputs);
    }
    for (let i = 0; i < out.length; i++) if (out[i]! < 0) out[i] = 0;
  }

  return (window) => {
    sound.copyWithin(0, WINDOW, WINDOW + CONTEXT);
    sound.set(window, CONTEXT);
    for (let i = 0; i < CONTEXT; i++) sound[CONTEXT + WINDOW + i] = sound[CONTEXT + WINDOW - 2 - i]!;
    spectrum(activations[0]!);
    for (const [index, layer] of weights.convolutions.entries())
      convolve(layer, activations[index]!, activations[index + 1]!, index === 1 || index === 2 ? 2 : 1);
    apply(weights.input, activations[4]!, gates);
    apply(weights.memory, hidden, recalled);
    for (let i = 0; i < CELLS; i++) {
      const keep = sigmoid(gates[CELLS + i]! + recalled[CELLS + i]!) * cell[i]!;
      const learn = sigmoid(gates[i]! + recalled[i]!) * Math.tanh(gates[2 * CELLS + i]! + recalled[2 * CELLS + i]!);
      cell[i] = keep + learn;
      hidden[i] = sigmoid(gates[3 * CELLS + i]! + recalled[3 * CELLS + i]!) * Math.tanh(keep + learn);
      positive[i] = Math.max(0, hidden[i]!);
    }
    apply(weights.output, positive, answer);
    return sigmoid(answer[0]!);
  };
}
