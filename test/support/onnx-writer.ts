/** Fields of a protobuf message. */
export type Bytes = number[];

const varint = (value: number): Bytes => {
  const out: Bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return [...out, Number(rest)];
};
const number = (field: number, value: number): Bytes => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, value: Iterable<number>): Bytes => {
  const all = [...value];
  return [...varint((field << 3) | 2), ...varint(all.length), ...all];
};
const text = (field: number, value: string): Bytes => bytes(field, new TextEncoder().encode(value));

export type Kind = 'float' | 'int64';
const code = { float: 1, int64: 7 };

/** A constant of the graph. */
export const tensor = (name: string, kind: Kind, shape: number[], values: number[]): Bytes => {
  const raw = kind === 'float' ? Float32Array.from(values) : BigInt64Array.from(values.map(BigInt));
  return [...shape.flatMap((size) => number(1, size)), ...number(2, code[kind]), ...text(8, name), ...bytes(9, new Uint8Array(raw.buffer))];
};

/** An input or output; a name instead of a size means any size. */
export const value = (name: string, kind: Kind, shape: (number | string)[]): Bytes => {
  const sizes = shape.flatMap((size) => bytes(1, typeof size === 'number' ? number(1, size) : text(2, size)));
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, code[kind]), ...bytes(2, sizes)]))];
};

/** One step of the graph; attributes are whole numbers or lists of them. */
export const node = (type: string, inputs: string[], outputs: string[], attributes: Record<string, number | number[]> = {}): Bytes => [
  ...inputs.flatMap((name) => text(1, name)),
  ...outputs.flatMap((name) => text(2, name)),
  ...text(4, type),
  ...Object.entries(attributes).flatMap(([name, given]) =>
    bytes(5, [
      ...text(1, name),
      ...(typeof given === 'number' ? number(3, given) : given.flatMap((item) => number(8, item))),
      ...number(20, typeof given === 'number' ? 2 : 7),
    ]),
  ),
];

/** A whole ONNX file. */
export function onnxFile(graph: {
  inputs: Bytes[];
  outputs: Bytes[];
  constants: Bytes[];
  nodes: Bytes[];
  metadata: Record<string, string | number>;
}): Uint8Array {
  const body = [
    ...graph.nodes.flatMap((item) => bytes(1, item)),
    ...text(2, 'tones'),
    ...graph.constants.flatMap((item) => bytes(5, item)),
    ...graph.inputs.flatMap((item) => bytes(11, item)),
    ...graph.outputs.flatMap((item) => bytes(12, item)),
  ];
  const metadata = Object.entries(graph.metadata).flatMap(([key, given]) => bytes(14, [...text(1, key), ...text(2, String(given))]));
  return Uint8Array.from([...number(1, 8), ...bytes(7, body), ...bytes(8, [...text(1, ''), ...number(2, 13)]), ...metadata]);
}
