import { isUtf8 } from 'node:buffer';
import { closing, op, type RawFrame, rawFrame } from './raw-socket.ts';

const most = { frame: 65_536, pieces: 64, control: 125, strikes: 3 };
const good = '{"type":"ping"}';
const bad = [
  '{"type":1}',
  '[]',
  'null',
  'hello',
  '{"type":"said"}',
  '{"type":"__proto__"}',
  '{'.repeat(500),
  '{"type":"feedback","reply":9999999,"useful":true}',
];
const codes = [1000, 1001, 1003, 1007, 1009, 1011, 3000, 4999, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000];
const mayClose = (code: number) => (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);

/** Frames in a row, and the codes with which the connection may end after them; none where it lives on. */
export type Program = { readonly frames: readonly Uint8Array[]; readonly ends: readonly number[] };

/** What the rules of sockets and of the service say about these frames. */
function fateOf(frames: readonly RawFrame[]): number[] {
  let open: { opcode: number; pieces: Uint8Array[]; size: number } | undefined;
  let strikes = 0;
  let struck = false;
  // a command is judged a little later than a frame: what comes right behind may end the connection before
  const end = (code: number) => (struck ? [1008, code] : [code]);
  for (const { opcode, payload = new Uint8Array(), fin = true, reserved = 0, masked = true, claims = payload.length } of frames) {
    if (reserved !== 0 || !masked || ![0, 1, 2, 8, 9, 10].includes(opcode)) return end(1002);
    if (opcode >= op.close) {
      if (!fin || claims > most.control) return end(1002);
      if (opcode !== op.close) continue;
      if (payload.length === 0) return end(1005);
      if (payload.length === 1) return end(1002);
      const code = (payload[0]! << 8) | payload[1]!;
      if (!mayClose(code)) return end(1002);
      return end(isUtf8(payload.subarray(2)) ? code : 1007);
    }
    if ((opcode === op.more) !== (open !== undefined)) return end(1002);
    open ??= { opcode, pieces: [], size: 0 };
    open.size += Number(claims);
    if (open.size > most.frame) return end(1009);
    open.pieces.push(payload);
    if (open.pieces.length > most.pieces) return end(1008);
    if (!fin) continue;
    const whole = Buffer.concat(open.pieces);
    const isText = open.opcode === op.text;
    open = undefined;
    if (!isText) continue;
    if (!isUtf8(whole)) return end(1007);
    strikes = whole.toString() === good ? 0 : strikes + 1;
    struck ||= strikes >= most.strikes;
  }
  return struck ? [1008] : [];
}

/** Makes up frames: most of them right, some wrong in one way, a few in all. */
export function madeUp(random: () => number): Program {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const below = (limit: number) => Math.floor(random() * limit);
  const noise = (size: number) => Uint8Array.from({ length: size }, () => below(256));
  const words = () => Buffer.from(random() < 0.8 ? good : pick(bad));
  const frames: RawFrame[] = [];
  const kinds: (() => void)[] = [
    () => frames.push({ opcode: op.text, payload: words() }),
    () => frames.push({ opcode: op.text, payload: words() }),
    () => frames.push({ opcode: op.ping, payload: noise(below(126)) }),
    () => frames.push({ opcode: op.pong, payload: noise(below(126)) }),
    () => frames.push({ opcode: op.bytes, payload: noise(below(random() < 0.02 ? 66_000 : 64)) }),
    () => {
      const whole = words();
      const pieces = 1 + below(random() < 0.05 ? 70 : 6);
      const at = (index: number) => Math.floor((index * whole.length) / pieces);
      for (let index = 0; index < pieces; index += 1) {
        if (random() < 0.2) frames.push({ opcode: op.ping, payload: noise(3) });
        frames.push({ opcode: index === 0 ? op.text : op.more, payload: whole.subarray(at(index), at(index + 1)), fin: index === pieces - 1 });
      }
    },
  ];
  const faults: (() => void)[] = [
    () => frames.push({ opcode: op.close, payload: random() < 0.2 ? noise(below(4)) : closing(pick(codes), random() < 0.3 ? noise(below(10)) : '') }),
    () => frames.push({ opcode: op.text, payload: noise(1 + below(40)) }),
    () => frames.push({ opcode: below(16), payload: noise(below(200)), fin: random() < 0.5 }),
    () => frames.push({ opcode: op.text, payload: words(), reserved: 1 + below(7) }),
    () => frames.push({ opcode: pick([op.text, op.ping, op.close]), payload: words(), masked: false }),
    () => frames.push({ opcode: op.more, payload: noise(below(8)) }),
    () => frames.push({ opcode: pick([op.text, op.bytes]), payload: words(), claims: pick([65_537, 2 ** 31, 2 ** 52, 2n ** 63n]) }),
    () => frames.push({ opcode: below(16), payload: noise(below(130)), fin: random() < 0.7, reserved: below(8), masked: random() < 0.5 }),
  ];
  const count = 2 + below(12);
  for (let index = 0; index < count; index += 1) (random() < 0.12 ? pick(faults) : pick(kinds))();
  // whatever is still in pieces ends here
  frames.push({ opcode: op.text, payload: Buffer.from(good) });
  return { frames: frames.map(rawFrame), ends: fateOf(frames) };
}
