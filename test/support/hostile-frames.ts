import { closeFrame, closing, op, type RawFrame, rawFrame, textFrame } from './raw-socket.ts';

/** What somebody sends, with which code the socket has to end, and what comes back before: pongs, and the codes of errors. Without a code it lives on. */
export type HostileCase = {
  readonly name: string;
  readonly send: readonly Uint8Array[];
  readonly ends?: number;
  readonly pongs?: readonly string[];
  readonly errors?: readonly string[];
  /** Byte by byte. */
  readonly slowly?: true;
};

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (payload: Uint8Array, more: Partial<RawFrame> = {}) => rawFrame({ opcode: op.text, payload, ...more });
const more = (payload: Uint8Array | string, fin = true) => rawFrame({ opcode: op.more, payload: Buffer.from(payload as string), fin });
const ping = (payload: Uint8Array | string = '', given: Partial<RawFrame> = {}) =>
  rawFrame({ opcode: op.ping, payload: Buffer.from(payload as string), ...given });
const command = '{"type":"ping"}';
const begun = textFrame('{"type"', { fin: false });

const controls: HostileCase[] = [
  { name: 'an empty ping', send: [ping()], pongs: [''] },
  { name: 'a ping with a payload', send: [ping('hello')], pongs: ['hello'] },
  { name: 'a ping with the largest payload, byte by byte', send: [ping('x'.repeat(125))], pongs: ['x'.repeat(125)], slowly: true },
  { name: 'a ping that is too large', send: [ping('x'.repeat(126))], ends: 1002 },
  { name: 'a ping of 64 KiB', send: [ping('x'.repeat(65_536))], ends: 1002 },
  { name: 'a pong that nobody asked for', send: [rawFrame({ opcode: op.pong, payload: bytes(1, 2, 3) })] },
  { name: 'a ping in two pieces', send: [ping('a', { fin: false }), more('b')], ends: 1002 },
  { name: 'a pong in two pieces', send: [rawFrame({ opcode: op.pong, fin: false }), more('b')], ends: 1002 },
  { name: 'a ping that is not masked', send: [ping('a', { masked: false })], ends: 1002 },
];

const bits: HostileCase[] = [1, 2, 3, 4, 5, 6, 7].flatMap((reserved) => [
  { name: `a text with the reserved bits ${reserved}`, send: [textFrame(command, { reserved })], ends: 1002 },
  { name: `a ping with the reserved bits ${reserved}`, send: [ping('', { reserved })], ends: 1002 },
]);

const opcodes: HostileCase[] = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
  { name: `opcode ${opcode}`, send: [rawFrame({ opcode, payload: Buffer.from(command) })], ends: 1002 },
  { name: `opcode ${opcode} after a good text`, send: [textFrame(command), rawFrame({ opcode })], ends: 1002 },
]);

const fragments: HostileCase[] = [
  { name: 'a text in two pieces', send: [begun, more(':"ping"}')] },
  { name: 'a text in pieces of one byte', send: [...inBytes(command)] },
  { name: 'a text in 64 pieces', send: [...inBytes(command.padEnd(64))] },
  { name: 'a text in 65 pieces', send: [...inBytes(command.padEnd(65))], ends: 1008 },
  { name: 'a thousand empty pieces', send: [begun, ...Array.from({ length: 1_000 }, () => more('', false))], ends: 1008 },
  { name: 'a ping between two pieces', send: [begun, ping('between'), more(':"ping"}')], pongs: ['between'] },
  { name: 'more of nothing', send: [more('x')], ends: 1002 },
  { name: 'more of nothing, to be continued', send: [more('x', false)], ends: 1002 },
  { name: 'more of what is over', send: [begun, more(':"ping"}'), more('x')], ends: 1002 },
  { name: 'a new text within another', send: [begun, textFrame(command)], ends: 1002 },
  { name: 'sound within a text', send: [begun, rawFrame({ opcode: op.bytes, payload: bytes(1) })], ends: 1002 },
  { name: 'a text that is not masked', send: [textFrame(command, { masked: false })], ends: 1002 },
  { name: 'many small texts byte by byte', send: [textFrame(command), textFrame(command)], slowly: true },
];

function* inBytes(whole: string): Generator<Buffer> {
  for (const [index, letter] of [...whole].entries())
    yield rawFrame({ opcode: index === 0 ? op.text : op.more, payload: Buffer.from(letter), fin: index === whole.length - 1 });
}

const sizes: HostileCase[] = [
  { name: 'sound of 64 KiB', send: [rawFrame({ opcode: op.bytes, payload: new Uint8Array(65_536) })] },
  { name: 'sound of a byte more', send: [rawFrame({ opcode: op.bytes, payload: new Uint8Array(65_537) })], ends: 1009 },
  {
    name: 'sound that grows too large in pieces',
    send: [rawFrame({ opcode: op.bytes, payload: new Uint8Array(65_000), fin: false }), more('x'.repeat(600))],
    ends: 1009,
  },
  ...[65_537, 0x7fff_ffff, 0xffff_ffff, 2 ** 53, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n].map((claims) => ({
    name: `a text that claims ${claims} bytes`,
    send: [textFrame('x', { claims })],
    ends: 1009,
  })),
  { name: 'a hundred thousand brackets', send: [textFrame('['.repeat(100_000))], ends: 1009 },
  {
    name: 'a text that says its length the long way',
    send: [Buffer.concat([bytes(0x81, 0xfe, 0, 2, 0, 0, 0, 0), Buffer.from('{}')])],
    errors: ['invalid'],
  },
];

const wellFormed = ['κόσμε', '\u{10ffff}', '\uffff', '\ud7ff', '\ue000', '\u0000', '', '\ufeff'];
const malformed: Record<string, Uint8Array> = {
  'a lone continuation': bytes(0x80),
  'a long slash': bytes(0xc0, 0xaf),
  'a longer slash': bytes(0xe0, 0x80, 0xaf),
  'the longest slash': bytes(0xf0, 0x80, 0x80, 0xaf),
  'a long nothing': bytes(0xc0, 0x80),
  'half a pair': bytes(0xed, 0xa0, 0x80),
  'a pair in two': bytes(0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80),
  'beyond the last letter': bytes(0xf4, 0x90, 0x80, 0x80),
  'five bytes': bytes(0xf8, 0x88, 0x80, 0x80, 0x80),
  'a byte that never is': bytes(0xfe),
  'another byte that never is': bytes(0xff),
  'a cut letter': bytes(0xe2, 0x82),
  'a cut letter before more': bytes(0xce, 0x41),
};
const utf8: HostileCase[] = [
  ...wellFormed.map((word, index) => ({ name: `letters that are some (${index})`, send: [textFrame(word)], errors: ['unreadable'] })),
  {
    name: 'a letter in two pieces',
    send: [text(Buffer.from('κ').subarray(0, 1), { fin: false }), more(Buffer.from('κ').subarray(1))],
    errors: ['unreadable'],
  },
  ...Object.entries(malformed).flatMap(([name, wrong]) => [
    {
      name: `letters that are none: ${name}`,
      send: [text(Buffer.concat([Buffer.from('{"type":"ping","a":"'), wrong, Buffer.from('"}')]))],
      ends: 1007,
    },
    {
      name: `in pieces, letters that are none: ${name}`,
      send: [text(wrong.subarray(0, 1), { fin: false }), more(Buffer.concat([wrong.subarray(1), bytes(0x21)]))],
      ends: 1007,
    },
    { name: `a reason with letters that are none: ${name}`, send: [closeFrame(1000, wrong)], ends: 1007 },
  ]),
];

const goodCodes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
const badCodes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];
const endings: HostileCase[] = [
  ...goodCodes.map((code) => ({ name: `goodbye with ${code}`, send: [closeFrame(code)], ends: code })),
  ...badCodes.map((code) => ({ name: `goodbye with ${code}`, send: [closeFrame(code)], ends: 1002 })),
  { name: 'goodbye without a code', send: [rawFrame({ opcode: op.close })], ends: 1005 },
  { name: 'goodbye with half a code', send: [rawFrame({ opcode: op.close, payload: bytes(3) })], ends: 1002 },
  { name: 'goodbye with the longest reason', send: [closeFrame(1000, 'x'.repeat(123))], ends: 1000 },
  { name: 'goodbye with too long a reason', send: [closeFrame(1000, 'x'.repeat(124))], ends: 1002 },
  { name: 'goodbye in pieces', send: [rawFrame({ opcode: op.close, payload: closing(1000), fin: false })], ends: 1002 },
  { name: 'goodbye twice', send: [closeFrame(1000), closeFrame(1001)], ends: 1000 },
  { name: 'goodbye and a ping', send: [closeFrame(1000), ping('late')], ends: 1000, pongs: [] },
  { name: 'goodbye and a text', send: [closeFrame(1000), textFrame('{"type":1}')], ends: 1000, errors: [] },
  { name: 'goodbye within a text', send: [begun, closeFrame(1001)], ends: 1001 },
];

const json = (value: unknown) => JSON.stringify(value);
/** Commands that nobody should send, and what they are told. */
const wrongCommands: Record<string, readonly [string, string]> = {
  'a number as type': ['{"type":1}', 'invalid'],
  'no object: null': ['null', 'invalid'],
  'no object: a number': ['1e999', 'invalid'],
  'no object: a string': ['"ping"', 'invalid'],
  'a list': ['[]', 'invalid'],
  'a list of commands': [`[${command},${command}]`, 'invalid'],
  'four thousand lists': [`${'['.repeat(4_000)}${']'.repeat(4_000)}`, 'invalid'],
  'four thousand objects': [`${'{"a":'.repeat(1_300)}1${'}'.repeat(1_300)}`, 'invalid'],
  'brackets that never close': ['['.repeat(8_000), 'unreadable'],
  'a type that nobody knows': ['{"type":"constructor"}', 'invalid'],
  'a type from the prototype': ['{"type":"__proto__"}', 'invalid'],
  'a type in the prototype': ['{"__proto__":{"type":"ping"}}', 'invalid'],
  'words in the prototype': ['{"type":"said","__proto__":{"text":"polluted","speaker":"user"}}', 'invalid'],
  'words in the constructor': ['{"type":"said","constructor":{"prototype":{"text":"polluted"}}}', 'invalid'],
  'the same key twice, the last wrong': ['{"type":"ping","type":1}', 'invalid'],
  'a text that is too long': [json({ type: 'ping', more: 'x'.repeat(8_192) }), 'too_big'],
  'words that are too long': [json({ type: 'said', text: 'x'.repeat(4_097) }), 'invalid'],
  'words that are a number': [json({ type: 'said', text: 1 }), 'invalid'],
  'words that are a list': [json({ type: 'said', text: ['a'] }), 'invalid'],
  'words by nobody': [json({ type: 'said', text: 'a', speaker: 'coach' }), 'invalid'],
  'a suggestion that is none': [json({ type: 'feedback', reply: 9_999_999, useful: true }), 'invalid'],
  'a suggestion that is negative': [json({ type: 'playback', reply: -1, state: 'started' }), 'invalid'],
  'a suggestion that is a fraction': [json({ type: 'playback', reply: 0.5, state: 'started' }), 'invalid'],
  'a suggestion that is too many': ['{"type":"playback","reply":1e308,"state":"started"}', 'invalid'],
  'an id that is too long': [json({ type: 'hint', id: 'x'.repeat(65) }), 'invalid'],
  'lost sound without a place': [json({ type: 'lost' }), 'invalid'],
  'not JSON': ['type=ping', 'unreadable'],
  'almost JSON': ["{'type':'ping'}", 'unreadable'],
  'two commands in one': [`${command}${command}`, 'unreadable'],
  'a number of many digits': [`{"type":"lost","before":${'9'.repeat(8_000)},"at":0}`, 'invalid'],
};
const commands: HostileCase[] = [
  ...Object.entries(wrongCommands).map(([name, [sent, code]]) => ({ name: `a command: ${name}`, send: [textFrame(sent)], errors: [code] })),
  { name: 'a command with the same key twice, the last right', send: [textFrame('{"type":1,"type":"ping"}')], errors: [] },
  { name: 'a command as sound', send: [rawFrame({ opcode: op.bytes, payload: Buffer.from('{"type":1}') })] },
  { name: 'sound as a command', send: [textFrame('\u001aE\u07df\u0000\u0001')], errors: ['unreadable'] },
  {
    name: 'three wrong commands',
    send: Array.from({ length: 3 }, () => textFrame('{"type":1}')),
    ends: 1008,
    errors: ['invalid', 'invalid', 'invalid'],
  },
  {
    name: 'wrong commands with good ones between',
    send: Array.from({ length: 4 }, () => [textFrame('x'), textFrame('[]'), textFrame(command)]).flat(),
    errors: Array.from({ length: 4 }, () => ['unreadable', 'invalid']).flat(),
  },
];

/** Everything that a socket can be sent against the rules of sockets and of the service, and the rules' own borders. */
export const hostileCases: readonly HostileCase[] = [...controls, ...bits, ...opcodes, ...fragments, ...sizes, ...utf8, ...endings, ...commands];
