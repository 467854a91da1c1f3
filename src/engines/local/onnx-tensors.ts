/** A table of numbers as it lies in an ONNX file. */
export type Tensor = { readonly shape: readonly number[]; readonly values: Float32Array };

type Field = { number: number; bytes: Uint8Array; value: number };

const none = new Uint8Array(0);
const text = new TextDecoder();

/** The fields of one protobuf message, in file order. */
function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('the model file is cut off');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    if (at + length > message.length) throw new RangeError('the model file is cut off');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const [number, kind] = [Math.floor(key / 8), key % 8];
    if (kind === 0) yield { number, bytes: none, value: varint() };
    else if (kind === 1) yield { number, bytes: take(8), value: 0 };
    else if (kind === 2) yield { number, bytes: take(varint()), value: 0 };
    else if (kind === 5) yield { number, bytes: take(4), value: 0 };
    else throw new RangeError('the model file is not ONNX');
  }
}

const children = (message: Uint8Array, number: number): Uint8Array[] =>
  [...fields(message)].filter((field) => field.number === number).map((field) => field.bytes);
const name = (message: Uint8Array, number: number): string => text.decode(children(message, number)[0] ?? none);

/** A TensorProto: 1 shape, 2 type (1 = float32), 8 name, 9 raw little-endian numbers. */
function tensor(message: Uint8Array): Tensor | undefined {
  const all = [...fields(message)];
  const raw = all.find((field) => field.number === 9)?.bytes;
  if (!raw || all.find((field) => field.number === 2)?.value !== 1) return undefined;
  return { shape: all.filter((field) => field.number === 1).map((field) => field.value), values: new Float32Array(new Uint8Array(raw).buffer) };
}

/** Reads the float tables by name out of one branch (`then_branch`, `else_branch`) of an ONNX model; knows nothing else of the format. */
export function onnxTensors(file: Uint8Array, branch: string): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  const attributes = (graph: Uint8Array) => children(graph, 1).flatMap((node) => children(node, 5));
  for (const model of children(file, 7)) {
    for (const fork of attributes(model).filter((attribute) => name(attribute, 1) === branch)) {
      for (const attribute of children(fork, 6).flatMap(attributes)) {
        for (const message of children(attribute, 5)) {
          const table = tensor(message);
          if (table) found.set(name(message, 8), table);
        }
      }
    }
  }
  return found;
}
