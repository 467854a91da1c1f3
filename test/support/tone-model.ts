import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RATE } from '../../src/core/ports.ts';
import { sealModel } from '../../src/engines/local/sherpa-model.ts';
import { node, onnxFile, tensor, value } from './onnx-writer.ts';

/** The letters of the tone language, each one pitch; «_» is the gap between words. */
const letters = [...'_abcdefghijk'];

/** The mel band of a letter, wide enough apart that no tone leaks into its neighbour. */
const band = (index: number) => 14 + index * 5;
const size = letters.length + 1;

/** The pitch in the middle of a mel band (80 bands from 20 Hz to 7600 Hz, as sherpa makes them). */
function pitch(index: number): number {
  const mel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
  const [low, high] = [mel(20), mel(RATE / 2 - 400)];
  const middle = low + ((band(index) + 1) * (high - low)) / 81;
  return 700 * (Math.exp(middle / 1127) - 1);
}

/** The sound of some words of the tone language: 200 ms a letter, silence around. No letter twice in a row. */
export function toneSpeech(words: string, padding = 300): Int16Array {
  const spoken = [...words.replaceAll(' ', '_')];
  const length = 0.2 * RATE;
  const silence = (padding * RATE) / 1000;
  const sound = new Int16Array(silence * 2 + spoken.length * length);
  spoken.forEach((letter, index) => {
    const hertz = pitch(letters.indexOf(letter));
    for (let at = 0; at < length; at++) {
      // soft edges, so that no click sounds like another letter
      const edge = Math.min(1, at / 320, (length - at) / 320);
      sound[silence + index * length + at] = Math.round(12_000 * edge * Math.sin((2 * Math.PI * hertz * at) / RATE));
    }
  });
  return sound;
}

/** Writes a speech model that understands the tone language and runs in the real sherpa-onnx engine; gives its folder. */
export async function toneModel(dataDir: string, name = 'tones'): Promise<string> {
  const folder = join(dataDir, 'models', name);
  mkdirSync(folder, { recursive: true });
  const files = {
    encoder: join(folder, 'encoder.onnx'),
    decoder: join(folder, 'decoder.onnx'),
    joiner: join(folder, 'joiner.onnx'),
    tokens: join(folder, 'tokens.txt'),
  };
  writeFileSync(files.encoder, encoder());
  writeFileSync(files.decoder, decoder());
  writeFileSync(files.joiner, joiner());
  writeFileSync(files.tokens, ['<blk>', ...letters.map((letter) => (letter === '_' ? '▁' : letter))].map((token, id) => `${token} ${id}\n`).join(''));
  await sealModel(folder, name, files);
  return folder;
}

/** Four frames of 80 mel bands in, one vector of letters out: how loud the band of each letter is. */
function encoder(): Uint8Array {
  const pick = Array.from({ length: 80 * size }, (_, at) =>
    letters.findIndex((_, index) => band(index) === Math.floor(at / size)) + 1 === at % size && at % size > 0 ? 1 : 0,
  );
  const threshold = Array.from({ length: size }, (_, index) => (index === 0 ? 0 : -2));
  const state = (kind: string) => value(kind, 'float', [1, 'N', 4]);
  return onnxFile({
    inputs: [value('x', 'float', ['N', 4, 80]), state('h'), state('c')],
    outputs: [value('encoder_out', 'float', ['N', 1, size]), state('next_h'), state('next_c')],
    constants: [tensor('pick', 'float', [80, size], pick), tensor('threshold', 'float', [size], threshold)],
    nodes: [
      node('ReduceMean', ['x'], ['mean'], { axes: [1], keepdims: 1 }),
      node('MatMul', ['mean', 'pick'], ['loud']),
      node('Add', ['loud', 'threshold'], ['encoder_out']),
      node('Identity', ['h'], ['next_h']),
      node('Identity', ['c'], ['next_c']),
    ],
    metadata: { model_type: 'lstm', num_encoder_layers: 1, T: 4, decode_chunk_len: 4, rnn_hidden_size: 4, d_model: 4 },
  });
}

/** Forbids the letter that was just heard, so that a long tone is one letter. */
function decoder(): Uint8Array {
  const table = Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 && at > 0 ? -1000 : 0));
  return onnxFile({
    inputs: [value('y', 'int64', ['N', 1])],
    outputs: [value('decoder_out', 'float', ['N', size])],
    constants: [tensor('table', 'float', [size, size], table), tensor('shape', 'int64', [2], [-1, size])],
    nodes: [node('Gather', ['table', 'y'], ['row'], { axis: 0 }), node('Reshape', ['row', 'shape'], ['decoder_out'])],
    metadata: { vocab_size: size, context_size: 1 },
  });
}

function joiner(): Uint8Array {
  return onnxFile({
    inputs: [value('encoder_out', 'float', ['N', size]), value('decoder_out', 'float', ['N', size])],
    outputs: [value('logit', 'float', ['N', size])],
    constants: [],
    nodes: [node('Add', ['encoder_out', 'decoder_out'], ['logit'])],
    metadata: { joiner_dim: size },
  });
}
